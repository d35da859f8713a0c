package threats

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/assembly"
)

// Target is the input of checks: a synthesized stage and its configuration.
type Target struct {
	assembly.Synthesized
	// Config gives the stage's purpose, account, Region and front end. Checks take everything else from the templates: a
	// configuration can be wrong, too.
	Config config.Stage

	byType map[string][]Resource
	// mutated says that one resource differs from those of the stage as it was read. It is edited, and stands for the
	// resource of its id in byType and in the stack's template; or it is added; or else it is gone.
	mutated       bool
	edited, added *Resource
	roles         func() ([]role, []problem)
	// kept is nil where a resource is gone, to which others may refer.
	kept func() *kept
	// patternsBefore and permissionsBefore are what the check of U53 reads of the stage without its edit.
	patternsBefore    func() map[string]object
	permissionsBefore func() map[call]Resource
}

// NewTarget prepares a stage for checks and mutations. It does not change the stage, and neither do they.
func NewTarget(s assembly.Synthesized, cfg config.Stage) *Target {
	stage := &Target{Synthesized: s, Config: cfg, byType: map[string][]Resource{}}
	for i := range s.Stacks {
		stack := &s.Stacks[i]
		for _, id := range stack.Template.IDs() {
			r := stack.Template.Resources[id]
			stage.byType[r.Type] = append(stage.byType[r.Type], resourceOf(stack, id, r))
		}
	}
	stage.roles, stage.kept = sync.OnceValues(stage.readRoles), sync.OnceValue(stage.keep)
	unedited := &Inspection{Target: stage, asked: map[string]bool{}}
	stage.patternsBefore = sync.OnceValue(unedited.patterns)
	stage.permissionsBefore = sync.OnceValue(unedited.permissions)
	return stage
}

// with is the stage after an edit of one resource, which keeps its id and type. What stands in others need not be read
// again, and roles only if the edit is of a role or policy.
func (s *Target) with(edited Resource) *Target {
	stage := *s
	stage.mutated, stage.edited = true, &edited
	if edited.Type == iamRole || edited.Type == iamPolicy {
		stage.roles = sync.OnceValues(stage.readRoles)
	}
	return &stage
}

// mayDiffer reports whether resources of the type may differ from those of the stage without its edit. Without an edit
// all may.
func (s *Target) mayDiffer(typ string) bool { return s.edited == nil || s.edited.Type == typ }

// plus is the stage with one more resource. Roles are read again if it is a role or policy.
func (s *Target) plus(after assembly.Synthesized, added Resource) *Target {
	stage := *s
	stage.Synthesized, stage.byType, stage.mutated, stage.added = after, maps.Clone(s.byType), true, &added
	list := append(slices.Clone(s.byType[added.Type]), added)
	slices.SortFunc(list, func(a, b Resource) int {
		return cmp.Or(cmp.Compare(s.order(a), s.order(b)), strings.Compare(a.id, b.id))
	})
	stage.byType[added.Type] = list
	if added.Type == iamRole || added.Type == iamPolicy {
		stage.roles = sync.OnceValues(stage.readRoles)
	}
	return &stage
}

// without is the stage without one of its resources. Roles are read again: some may name it.
func (s *Target) without(after assembly.Synthesized, removed Resource) *Target {
	stage := &Target{Synthesized: after, Config: s.Config, byType: maps.Clone(s.byType), mutated: true}
	stage.byType[removed.Type] = slices.DeleteFunc(slices.Clone(s.byType[removed.Type]), removed.is)
	stage.roles = sync.OnceValues(stage.readRoles)
	return stage
}

// order is the position of the resource's stack.
func (s *Target) order(r Resource) int {
	return slices.IndexFunc(s.Stacks, func(stack assembly.Stack) bool { return stack.ID == r.stack.ID })
}

// alone visits each resource that is judged without a look at any other. After a mutation that is the one edited or
// added: what is wrong with the others was found before it.
func (s *Target) alone(visit func(stack *assembly.Stack, id string, r assembly.Resource)) {
	if s.mutated {
		for _, r := range []*Resource{s.edited, s.added} {
			if r != nil {
				visit(r.stack, r.id, r.Resource)
			}
		}
		return
	}
	for i := range s.Stacks {
		for id, r := range s.Stacks[i].Template.Resources {
			visit(&s.Stacks[i], id, r)
		}
	}
}

// resource is the resource of a stack with this id, edited or not.
func (s *Target) resource(stack *assembly.Stack, id string) assembly.Resource {
	if r := s.edited; r != nil && r.stack.ID == stack.ID && r.id == id {
		return r.Resource
	}
	return stack.Template.Resources[id]
}

// ofType are the resources of a type. The caller may change the list.
func (s *Target) ofType(typ string) []Resource {
	list := slices.Clone(s.byType[typ])
	for i := range list {
		list[i] = s.current(list[i])
	}
	return list
}

// current is a resource of byType, edited or not. Where one came or went, the others were kept with their stack as it
// was before.
func (s *Target) current(r Resource) Resource {
	switch {
	case s.edited != nil && r.is(*s.edited):
		return *s.edited
	case s.edited == nil && s.mutated:
		r.stack = &s.Stacks[s.order(r)]
	}
	return r
}

// production reports whether the stage holds customers.
func (s *Target) production() bool { return s.Config.Purpose == config.Production }

// Account is the account as it stands in ARNs of the templates.
func (s *Target) Account() string {
	if s.Config.Account == "" {
		return "${AWS::AccountId}"
	}
	return s.Config.Account
}

// arn is an ARN of the stage's Region and account.
func (s *Target) arn(service, rest string) string {
	return "arn:aws:" + service + ":" + s.Config.Region + ":" + s.Account() + ":" + rest
}

// Resource is a resource of a template. A check reads its values and records findings about it.
type Resource struct {
	assembly.Resource
	id    string
	stack *assembly.Stack
	name  string
	in    *Inspection
}

// resourceOf is the resource of a stack with this id.
func resourceOf(stack *assembly.Stack, id string, r assembly.Resource) Resource {
	return Resource{Resource: r, id: id, stack: stack, name: stack.ID + "." + assembly.Unhashed(id)}
}

// is reports whether both are the same resource, edited or not.
func (r Resource) is(other Resource) bool { return r.stack.ID == other.stack.ID && r.id == other.id }

// judgedBefore reports whether the resource is as it was before the edit of another: what is wrong with it alone was
// found then.
func (r Resource) judgedBefore() bool { return r.in.edited != nil && !r.is(*r.in.edited) }

// Name is the resource without the hash in its id, such as "UserPool.StepUpClient".
func (r Resource) Name() string { return r.name }

// Ref is the text of a reference to the resource, or to one of its attributes, in the form of Stage.Text.
func (r Resource) Ref(attribute ...string) string {
	return "${" + strings.Join(append([]string{r.Name()}, attribute...), ".") + "}"
}

// String is the resource's stack and logical id, such as "UserPool/StepUpClientBB387F6B".
func (r Resource) String() string { return r.stack.ID + "/" + r.id }

// Fail records a finding about the resource, unless it is missing.
func (r Resource) Fail(format string, args ...any) {
	r.stopUnread()
	if r.id != "" {
		r.in.Fail(r.String(), format, args...)
	}
}

// stopUnread ends a check as Fail would, before a text is made for Fail.
func (r Resource) stopUnread() {
	if r.id != "" {
		r.in.stopUnread()
	}
}

// dig follows path into a decoded JSON value and returns nil where it ends early. Steps are keys and indexes.
func dig(root any, path ...any) any {
	for _, step := range path {
		switch v := root.(type) {
		case map[string]any:
			key, _ := step.(string)
			root = v[key]
		case []any:
			i, isIndex := step.(int)
			if !isIndex || i < 0 || i >= len(v) {
				return nil
			}
			root = v[i]
		default:
			return nil
		}
	}
	return root
}

// written writes a path as a reviewer would: "Policies.PasswordPolicy" or "Schema[2].Name".
func written(path []any) string {
	return spelled(path, func(i int) string { return "[" + strconv.Itoa(i) + "]" })
}

// inAnyList writes a path without the numbers of elements: "Schema[].Name".
func inAnyList(path []any) string { return spelled(path, func(int) string { return "[]" }) }

func spelled(path []any, element func(int) string) string {
	var b strings.Builder
	for _, step := range path {
		if i, isIndex := step.(int); isIndex {
			b.WriteString(element(i))
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		fmt.Fprint(&b, step)
	}
	return b.String()
}
