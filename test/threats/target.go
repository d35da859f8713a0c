package threats

import (
	"fmt"
	"slices"
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
	// edited stands for the resource of its id in byType, if it is set.
	edited *Resource
	roles  func() ([]role, []problem)
}

// NewTarget prepares a stage for checks and mutations. It does not change the stage, and neither do they.
func NewTarget(s assembly.Synthesized, cfg config.Stage) *Target {
	stage := &Target{Synthesized: s, Config: cfg, byType: map[string][]Resource{}}
	for i := range s.Stacks {
		stack := &s.Stacks[i]
		for _, id := range stack.Template.IDs() {
			r := stack.Template.Resources[id]
			stage.byType[r.Type] = append(stage.byType[r.Type], Resource{Resource: r, id: id, stack: stack})
		}
	}
	stage.roles = sync.OnceValues(stage.readRoles)
	return stage
}

// with is the stage after an edit of one resource, which keeps its id and type. What stands in others need not be read
// again, and roles only if the edit is of a role or policy.
func (s *Target) with(after assembly.Synthesized, edited Resource) *Target {
	stage := &Target{Synthesized: after, Config: s.Config, byType: s.byType, edited: &edited, roles: s.roles}
	if edited.Type == iamRole || edited.Type == iamPolicy {
		stage.roles = sync.OnceValues(stage.readRoles)
	}
	return stage
}

// alone visits each resource that is judged without a look at any other. After an edit that is the edited one: what is
// wrong with the others was found before it.
func (s *Target) alone(visit func(stack *assembly.Stack, id string, r assembly.Resource)) {
	if s.edited != nil {
		visit(s.edited.stack, s.edited.id, s.edited.Resource)
		return
	}
	for i := range s.Stacks {
		for id, r := range s.Stacks[i].Template.Resources {
			visit(&s.Stacks[i], id, r)
		}
	}
}

// ofType are the resources of a type. The caller may change the list.
func (s *Target) ofType(typ string) []Resource {
	list := slices.Clone(s.byType[typ])
	if s.edited != nil && s.edited.Type == typ {
		i := slices.IndexFunc(list, func(r Resource) bool { return r.stack.ID == s.edited.stack.ID && r.id == s.edited.id })
		list[i] = *s.edited
	}
	return list
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
	in    *Inspection
}

// Name is the resource without the hash in its id, such as "UserPool.StepUpClient".
func (r Resource) Name() string { return r.stack.ID + "." + assembly.Unhashed(r.id) }

// Ref is the text of a reference to the resource, or to one of its attributes, in the form of Stage.Text.
func (r Resource) Ref(attribute ...string) string {
	return "${" + strings.Join(append([]string{r.Name()}, attribute...), ".") + "}"
}

// String is the resource's stack and logical id, such as "UserPool/StepUpClientBB387F6B".
func (r Resource) String() string { return r.stack.ID + "/" + r.id }

// Fail records a finding about the resource, unless it is missing.
func (r Resource) Fail(format string, args ...any) {
	if r.id != "" {
		r.in.Fail(r.String(), format, args...)
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
	var b strings.Builder
	for _, step := range path {
		switch s := step.(type) {
		case int:
			fmt.Fprintf(&b, "[%d]", s)
		default:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			fmt.Fprint(&b, s)
		}
	}
	return b.String()
}
