package threats

import (
	"fmt"
	"slices"
	"strings"

	"github.com/securecart/identity/internal/assembly"
)

// Finding is something that a check found wrong.
type Finding struct {
	// Threat is the id of the threat that the finding leaves open.
	Threat string
	// Where is the stack and logical id of the resource, such as "UserPool/StepUpClientBB387F6B", or the stage's id.
	Where string
	// Text says what is wrong.
	Text string
}

func (f Finding) String() string { return f.Threat + " " + f.Where + ": " + f.Text }

// inspection is one run of one check over a stage.
type inspection struct {
	*Stage
	threat   string
	findings []Finding
	// asked are the types of resources that the check has looked at.
	asked map[string]bool
}

// everyType stands for a check that looks at all resources.
const everyType = "*"

func (in *inspection) fail(where, format string, args ...any) {
	in.findings = append(in.findings, Finding{Threat: in.threat, Where: where, Text: fmt.Sprintf(format, args...)})
}

// any returns all resources of a type, which may be none.
func (in *inspection) any(typ string) []resource {
	in.asked[typ] = true
	list := slices.Clone(in.byType[typ])
	for i := range list {
		list[i].in = in
		at := slices.IndexFunc(in.Stacks, func(s assembly.Stack) bool { return s.ID == list[i].stack.ID })
		list[i].stack = &in.Stacks[at] // an edit of another resource leaves list[i] with the stack as it was before
	}
	return list
}

// every returns all resources of a type. None is a finding: a check of nothing proves nothing.
func (in *inspection) every(typ string) []resource {
	list := in.any(typ)
	if len(list) == 0 {
		in.fail(in.ID, "has no %s: there is nothing to check", typ)
	}
	return list
}

// only returns the one resource of a type. Another number is a finding; what is returned then has no properties.
func (in *inspection) only(typ string) resource {
	list := in.every(typ)
	if len(list) == 1 {
		return list[0]
	}
	if len(list) > 1 {
		in.fail(in.ID, "has %d %s, want one: %v", len(list), typ, list)
	}
	return in.missing(typ)
}

// the returns the resource called name, such as "UserPool.StepUpClient". None is a finding; what is returned then has no
// properties.
func (in *inspection) the(typ, name string) resource {
	for _, r := range in.any(typ) {
		if r.name() == name {
			return r
		}
	}
	in.fail(in.ID, "has no %s called %s", typ, name)
	return in.missing(typ)
}

// missing is what a check goes on with when a resource is not there, and it has said so: one without properties, about which
// there is nothing more to say.
func (in *inspection) missing(typ string) resource {
	return resource{Resource: assembly.Resource{Type: typ}, stack: &assembly.Stack{ID: in.ID}, in: in}
}

// named expects exactly the resources with these names to have the type.
func (in *inspection) named(typ string, names ...string) {
	var got []string
	for _, r := range in.every(typ) {
		got = append(got, r.name())
	}
	for _, name := range difference(got, names) {
		in.fail(name, "nobody listed this %s", typ)
	}
	for _, name := range difference(names, got) {
		in.fail(name, "this %s is gone", typ)
	}
}

// none expects that no resource has one of the types.
func (in *inspection) none(types ...string) {
	for _, typ := range types {
		for _, r := range in.any(typ) {
			r.fail("%s must not exist", typ)
		}
	}
}

// difference is what is in a and not in b, sorted.
func difference(a, b []string) []string {
	var missing []string
	for _, text := range a {
		if !slices.Contains(b, text) {
			missing = append(missing, text)
		}
	}
	slices.Sort(missing)
	return slices.Compact(missing)
}

// sorted writes texts in one order, whatever theirs was.
func sorted(texts []string) string {
	return "[" + strings.Join(slices.Sorted(slices.Values(texts)), " ") + "]"
}
