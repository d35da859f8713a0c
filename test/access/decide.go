package access

import (
	"maps"
	"slices"
	"strings"

	"github.com/securecart/identity/internal/iam"
)

// Verdict is whether an attempt succeeds.
type Verdict struct {
	Allowed bool
	// By are the statements that allow it, or the scope or setting that decides. It may be empty for a refusal: nothing allows it.
	By []string
}

// who makes a request: sessions of a role, or nobody that AWS knows.
type who struct {
	principal iam.Principal
	session   map[string][]string
	policies  []iam.Policy
}

func (s *Stage) as(role Role) who {
	return who{principal: s.principal(role), session: role.session, policies: role.policies}
}

var nobody = who{principal: iam.Principal{Type: iam.Anonymous}}

// May says whether IAM lets sessions of the role make the attempt. It is allowed only if what it needs besides is, too.
func (s *Stage) May(role Role, a Attempt) (Verdict, error) { return s.may(s.as(role), a) }

func (s *Stage) may(w who, a Attempt) (Verdict, error) {
	verdict := Verdict{Allowed: true}
	for _, part := range append([]Attempt{a}, a.needs...) {
		one, err := s.decide(w, part)
		if err != nil || !one.Allowed {
			return one, wrap(part.Action+" on "+part.Resource, err)
		}
		verdict.By = append(verdict.By, one.By...)
	}
	return verdict, nil
}

// decide asks the policies of whoever asks and that of the bucket or key. Each may deny. Within one account either may allow:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html.
// A key is different: its own policy must allow, or leave it to the account: https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html.
func (s *Stage) decide(w who, a Attempt) (Verdict, error) {
	request := iam.Request{Action: a.Action, Resource: a.Resource, Context: s.everyRequest()}
	maps.Copy(request.Context, w.session)
	maps.Copy(request.Context, a.Context)
	identity, err := iam.Evaluate(w.policies, request)
	if err != nil {
		return Verdict{}, err
	}
	request.Principal = w.principal
	resource, err := iam.Evaluate(s.resources[holder(a.Resource)], request)
	if err != nil {
		return Verdict{}, err
	}
	isKey := strings.HasPrefix(a.Resource, "arn:aws:kms:")
	switch {
	case identity.Outcome == iam.ExplicitDeny:
		return Verdict{By: []string{identity.Statement}}, nil
	case resource.Outcome == iam.ExplicitDeny:
		return Verdict{By: []string{"resource policy " + resource.Statement}}, nil
	case resource.Outcome == iam.Allowed:
		return Verdict{Allowed: true, By: []string{"resource policy " + resource.Statement}}, nil
	case isKey && resource.Outcome != iam.Delegated:
		return Verdict{}, nil
	case identity.Outcome == iam.Allowed:
		return Verdict{Allowed: true, By: []string{identity.Statement}}, nil
	}
	return Verdict{}, nil
}

// holder is the ARN of the resource whose policy counts: an object's is its bucket's.
func holder(arn string) string {
	if strings.HasPrefix(arn, "arn:aws:s3:::") {
		arn, _, _ = strings.Cut(arn, "/")
	}
	return arn
}

// everyRequest are the condition keys that AWS gives to every request. It serves nothing of this without TLS but S3.
func (s *Stage) everyRequest() map[string][]string {
	return map[string][]string{
		"aws:CurrentTime":     {"2026-01-01T00:00:00Z"},
		"aws:RequestedRegion": {s.Region},
		"aws:SecureTransport": {"true"},
	}
}

// Role returns the role called name, and whether there is one.
func (s *Stage) Role(name string) (Role, bool) {
	i := slices.IndexFunc(s.Roles, func(r Role) bool { return r.Name == name })
	if i < 0 {
		return Role{}, false
	}
	return s.Roles[i], true
}
