package threats

import (
	"fmt"
	"slices"
	"strings"

	"github.com/securecart/identity/internal/assembly"
)

// Finding is one result of a check.
type Finding struct {
	// Threat is the id of the threat that the finding leaves open.
	Threat string
	// Where is the stack and logical id of the resource, such as "UserPool/StepUpClientBB387F6B", or the stage's id.
	Where string
	// Text says what is wrong.
	Text string
}

func (f Finding) String() string { return strings.TrimSpace(f.Threat + " " + f.Where + ": " + f.Text) }

// Inspect runs a check that belongs to no threat, and returns its findings.
func Inspect(target *Target, check func(*Inspection)) []Finding {
	in := &Inspection{Target: target, asked: map[string]bool{}}
	check(in)
	return in.findings
}

// Inspection is one run of one check over a stage.
type Inspection struct {
	*Target
	threat   string
	findings []Finding
	// asked are the types of resources that the check has looked at.
	asked map[string]bool
	// stops says that the check ends at the first finding that is not among known.
	stops bool
	known []Finding
	// permitted are the permissions to call functions, read at the first question for one.
	permitted map[call]Resource
}

// everyType stands for a check that looks at all resources.
const everyType = "*"

// Fail records a finding about what stands at a place.
func (in *Inspection) Fail(where, format string, args ...any) {
	in.stopUnread()
	finding := Finding{Threat: in.threat, Where: where, Text: fmt.Sprintf(format, args...)}
	if in.stops && !slices.Contains(in.known, finding) {
		panic(unknown{})
	}
	in.findings = append(in.findings, finding)
}

// stopUnread ends a check whose first finding nobody reads: it stops at one that is unknown, and none is known.
func (in *Inspection) stopUnread() {
	if in.stops && len(in.known) == 0 {
		panic(unknown{})
	}
}

// unknown is the panic that ends a check at its first unknown finding.
type unknown struct{}

// Any returns all resources of a type, which may be none.
func (in *Inspection) Any(typ string) []Resource {
	in.asked[typ] = true
	list := in.ofType(typ)
	for i := range list {
		list[i].in = in
	}
	return list
}

// Every returns all resources of a type. None is a finding: a check of nothing proves nothing.
func (in *Inspection) Every(typ string) []Resource {
	list := in.Any(typ)
	if len(list) == 0 {
		in.Fail(in.ID, "has no %s: there is nothing to check", typ)
	}
	return list
}

// Only returns the one resource of a type. Any other number is a finding; the returned resource then has no properties.
func (in *Inspection) Only(typ string) Resource {
	list := in.Every(typ)
	if len(list) == 1 {
		return list[0]
	}
	if len(list) > 1 {
		in.Fail(in.ID, "has %d %s, want one: %v", len(list), typ, list)
	}
	return in.Missing(typ)
}

// The returns the resource called name, such as "UserPool.StepUpClient". None is a finding; the returned resource then
// has no properties.
func (in *Inspection) The(typ, name string) Resource {
	in.asked[typ] = true
	for i := range in.byType[typ] {
		if in.byType[typ][i].name == name {
			found := in.current(in.byType[typ][i])
			found.in = in
			return found
		}
	}
	in.Fail(in.ID, "has no %s called %s", typ, name)
	return in.Missing(typ)
}

// Missing is the empty resource with which a check continues after it has reported a missing one. It records no more
// findings.
func (in *Inspection) Missing(typ string) Resource {
	missing := resourceOf(&assembly.Stack{ID: in.ID}, "", assembly.Resource{Type: typ})
	missing.in = in
	return missing
}

// Named expects exactly the resources with these names to have the type.
func (in *Inspection) Named(typ string, names ...string) {
	var got []string
	for _, r := range in.Every(typ) {
		got = append(got, r.Name())
	}
	for _, name := range difference(got, names) {
		in.Fail(name, "nobody listed this %s", typ)
	}
	for _, name := range difference(names, got) {
		in.Fail(name, "this %s is gone", typ)
	}
}

// None expects that no resource has one of the types.
func (in *Inspection) None(types ...string) {
	for _, typ := range types {
		for _, r := range in.Any(typ) {
			r.Fail("%s must not exist", typ)
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
