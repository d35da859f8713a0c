package threats

import (
	"slices"
	"strings"
)

// role is an IAM role with all that its templates grant it.
type role struct {
	Resource
	// trust says who may take the role, granted what it may do: its inline policies, and every policy that names it.
	trust, granted []statement
}

// problem is the reason why a role cannot be checked.
type problem struct{ where, text string }

// everyRole returns every role of the stage. No role is a finding, and so is anything that could grant more than the
// read policies.
func (in *Inspection) everyRole() []role {
	in.asked[iamRole], in.asked[iamPolicy] = true, true
	roles, problems := in.roles()
	for _, p := range problems {
		in.Fail(p.where, "%s", p.text)
	}
	if len(roles) == 0 {
		in.Fail(in.ID, "has no AWS::IAM::Role: there is nothing to check")
	}
	roles = slices.Clone(roles)
	for i := range roles {
		roles[i].in = in
	}
	return roles
}

// Grants are all permissions of roles, by their names, each statement in a line: "Allow <actions> on <resources> [if
// <conditions>]".
func (in *Inspection) Grants() map[string][]string {
	granted := map[string][]string{}
	for _, r := range in.everyRole() {
		granted[r.Name()] = lines(r.granted)
	}
	return granted
}

// roleOf returns the role called name, such as "UserPool.TokensRole". None is a finding.
func (in *Inspection) roleOf(name string) role {
	for _, r := range in.everyRole() {
		if r.Name() == name {
			return r
		}
	}
	in.Fail(in.ID, "has no role called %s", name)
	return role{Resource: in.Missing(iamRole)}
}

// customer and guest are the roles that the identity pool gives to those who have signed in and to everybody else.
func (in *Inspection) customer() role { return in.attached("authenticated") }
func (in *Inspection) guest() role    { return in.attached("unauthenticated") }

func (in *Inspection) attached(kind string) role {
	arn := in.Only(roleAttachment).At("Roles", kind).Text()
	return in.roleOf(strings.TrimSuffix(strings.TrimPrefix(arn, "${"), ".Arn}"))
}

// readRoles reads the roles of all stacks, once per stage.
func (s *Target) readRoles() ([]role, []problem) {
	var roles []role
	var problems []problem
	at := map[string]int{}
	for _, r := range s.ofType(iamRole) {
		reader := &policyReader{stage: s, stack: r.stack}
		one := role{Resource: r, trust: reader.document(r.Properties["AssumeRolePolicyDocument"])}
		inline, _ := r.Properties["Policies"].([]any)
		for _, policy := range inline {
			one.granted = append(one.granted, reader.document(dig(policy, "PolicyDocument"))...)
		}
		if managed := r.Properties["ManagedPolicyArns"]; managed != nil {
			reader.problem("has managed policies %s: what they grant stands in no template", shown{managed})
		}
		problems = append(problems, located(r, reader.problems)...)
		at[r.stack.ID+"/"+r.id] = len(roles)
		roles = append(roles, one)
	}
	for _, r := range s.ofType(iamPolicy) {
		reader := &policyReader{stage: s, stack: r.stack}
		statements := reader.document(r.Properties["PolicyDocument"])
		if r.Properties["Users"] != nil || r.Properties["Groups"] != nil {
			reader.problem("grants to users or groups")
		}
		holders, _ := r.Properties["Roles"].([]any)
		for _, holder := range holders {
			id, _ := dig(holder, "Ref").(string)
			i, known := at[r.stack.ID+"/"+id]
			if !known {
				reader.problem("grants to %s, which is no role of its stack", shown{holder})
				continue
			}
			roles[i].granted = append(roles[i].granted, statements...)
		}
		problems = append(problems, located(r, reader.problems)...)
	}
	return roles, problems
}

func located(r Resource, texts []string) []problem {
	var problems []problem
	for _, text := range texts {
		problems = append(problems, problem{r.String(), text})
	}
	return problems
}

// trusts expects the role's trust policy to be exactly this statement.
func (r role) trusts(want string) {
	if got := lines(r.trust); !slices.Equal(got, []string{want}) {
		r.Fail("may be taken: %s; want %q", sorted(got), want)
	}
}

// does expects the role to have exactly these actions, each on its resource.
func (r role) does(actions ...string) {
	for _, s := range r.granted {
		r.names(s)
		if others := difference(s.actions, actions); len(others) > 0 {
			r.Fail("may do %s: %s", sorted(others), s)
		}
	}
}

// demands expects a statement to have these conditions, whatever others it has.
func (r role) demands(s statement, conditions ...string) {
	if missing := difference(conditions, s.conditions); len(missing) > 0 {
		r.Fail("is granted without %s: %s", sorted(missing), s)
	}
}

// grants reports whether any Allow of the role may cover one of the actions, wildcards on either side included.
func (r role) grants(actions ...string) (statement, string, bool) {
	for _, s := range r.granted {
		if s.effect == "Deny" {
			continue
		}
		for _, granted := range s.actions {
			for _, action := range actions {
				if overlap(granted, action, fold) {
					return s, action, true
				}
			}
		}
	}
	return statement{}, "", false
}

// invokes reports whether any Allow of the role covers the method of an API with this ARN.
func (r role) invokes(arn string) bool {
	return slices.ContainsFunc(r.granted, func(s statement) bool {
		return s.effect != "Deny" &&
			slices.ContainsFunc(s.actions, func(action string) bool { return overlap(action, "execute-api:Invoke", fold) }) &&
			slices.ContainsFunc(s.resources, func(pattern string) bool { return overlap(pattern, arn, exact) })
	})
}

// mayNot expects that none of the actions is granted, on whatever resource and under whatever condition.
func (r role) mayNot(actions ...string) {
	if s, action, granted := r.grants(actions...); granted {
		r.Fail("may do %s: %s", action, s)
	}
}

// mayNotBut expects that none of the actions is granted, except those permitted by their full names.
func (r role) mayNotBut(permitted []string, actions ...string) {
	others := r
	others.granted = nil
	for _, s := range r.granted {
		s.actions = difference(s.actions, permitted)
		others.granted = append(others.granted, s)
	}
	others.mayNot(actions...)
}

// overlap reports whether some text matches both patterns, in which * stands for any text and ? for one character. same
// says which characters are equal.
func overlap(a, b string, same func(x, y byte) bool) bool {
	switch {
	case a == "" && b == "":
		return true
	case a != "" && a[0] == '*':
		return overlap(a[1:], b, same) || (b != "" && overlap(a, b[1:], same))
	case b != "" && b[0] == '*':
		return overlap(b, a, same)
	case a == "" || b == "":
		return false
	default:
		return (a[0] == '?' || b[0] == '?' || same(a[0], b[0])) && overlap(a[1:], b[1:], same)
	}
}

// exact and fold compare characters of ARNs, where case matters, and of actions, where it does not.
func exact(x, y byte) bool { return x == y }
func fold(x, y byte) bool  { return lower(x) == lower(y) }

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}
