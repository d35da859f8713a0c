package iam

import (
	"errors"
	"fmt"
	"strings"
)

// Access is a request with every policy that applies to it, within one account. For requests between two accounts, AWS
// evaluates the policies of both.
type Access struct {
	// Request names the caller in Principal: a session of a role, a user, a service, or an anonymous caller.
	Request Request
	// Identity are the policies of the role or user.
	Identity []Policy
	// Session are the session policies. They grant nothing but limit the session. Empty means no limit.
	Session []Policy
	// Resources are the policies of resources by ARN. The policy of a bucket is also that of its objects.
	Resources map[string][]Policy
	// ResourceMustAllow requires the resource's own policy to allow the request, as for a role's trust policy. A KMS key's
	// policy must allow it in any case.
	ResourceMustAllow bool
}

// Kind is a kind of policy, in the words of AWS's messages:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html.
type Kind string

// The kinds of policies that are combined.
const (
	IdentityBased Kind = "identity-based"
	SessionPolicy Kind = "session"
	ResourceBased Kind = "resource-based"
)

// Verdict is the combined decision of all policies. The zero value refuses.
type Verdict struct {
	Allowed bool
	// By is the kind of policy that decides: it allows, denies, or lacks the statement that would allow.
	By Kind
	// Decision is the decision of the policies of that kind alone.
	Decision Decision
}

// Decide combines the decisions of all kinds of policies as
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html says
// of a single account. An explicit deny of any kind comes first. Then an identity's or a resource's policy must allow.
// A key's policy must consent in any case, by allowing or by delegating to the account:
// https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html. Session policies limit all grants, except
// those of a resource's policy to the session itself.
//
// The error names the policies whose decision is uncertain, by kind; the verdict then refuses.
func Decide(a Access) (Verdict, error) {
	if a.Request.Principal == (Principal{}) {
		return Verdict{}, errors.New("request: Principal: say who asks")
	}
	q, err := newQuery(a.Request)
	if err != nil {
		return Verdict{}, at("request", err)
	}
	own := *q // policies of identities and sessions name no principal
	own.principal = Principal{}
	identity, errIdentity := own.evaluate(a.Identity)
	session, errSession := own.evaluate(a.Session)
	policies := a.Resources[policyHolder(a.Request.Resource)]
	resource, errResource := q.evaluate(policies)
	err = errors.Join(uncertain(IdentityBased, errIdentity), uncertain(SessionPolicy, errSession),
		uncertain(ResourceBased, errResource))
	if err != nil {
		return Verdict{}, err
	}
	limited := len(a.Session) > 0 && session.Outcome != Allowed
	mustAllow := a.ResourceMustAllow || isKMSKey(a.Request.Resource)
	switch {
	case identity.Outcome == ExplicitDeny:
		return Verdict{By: IdentityBased, Decision: identity}, nil
	case session.Outcome == ExplicitDeny:
		return Verdict{By: SessionPolicy, Decision: session}, nil
	case resource.Outcome == ExplicitDeny:
		return Verdict{By: ResourceBased, Decision: resource}, nil
	case limited && resource.Outcome == Allowed:
		return q.pastSession(policies)
	case limited:
		return Verdict{By: SessionPolicy, Decision: session}, nil
	case resource.Outcome == Allowed:
		return Verdict{Allowed: true, By: ResourceBased, Decision: resource}, nil
	case mustAllow && resource.Outcome != Delegated:
		return Verdict{By: ResourceBased, Decision: resource}, nil
	}
	return Verdict{Allowed: identity.Outcome == Allowed, By: IdentityBased, Decision: identity}, nil
}

func uncertain(kind Kind, err error) error { return at(string(kind)+" policies", err) }

// pastSession returns the decision of a resource's policies on a request that session policies do not allow.
func (q *query) pastSession(policies []Policy) (Verdict, error) {
	var unknown error
	for _, p := range policies {
		for i := range p.Document.statements {
			s := &p.Document.statements[i]
			if outcome, _ := s.evaluate(q); outcome != Allowed {
				continue // Decide has returned the errors.
			}
			direct, err := s.grantsToSession(q)
			if direct {
				decision := Decision{Outcome: Allowed, Policy: p.Name, Statement: s.label}
				return Verdict{Allowed: true, By: ResourceBased, Decision: decision}, nil
			}
			unknown = errors.Join(unknown, at(fmt.Sprintf("policy %q: %s", p.Name, s.label), err))
		}
	}
	return Verdict{By: SessionPolicy}, uncertain(ResourceBased, unknown)
}

// grantsToSession reports whether the statement's grant is not limited by session policies. By the page that Decide
// follows, this is so if the principal is the ARN of the calling user or session, or a wildcard with the condition key
// aws:PrincipalArn. A grant to the ARN of a role is limited.
func (s *statement) grantsToSession(q *query) (bool, error) {
	for _, named := range s.principals.identities {
		if named.arn == q.identity.arn && (named.session || named.role == "") {
			return true, nil
		}
	}
	if s.principals.means(q.identity) || !s.principals.everyone && !s.principals.everyAWS {
		return false, nil
	}
	for _, t := range s.tests {
		if c, ok := t.(condition); ok && c.key == "aws:principalarn" && !c.negated && !c.ifExists {
			return true, nil
		}
	}
	return false, errors.New("AWS does not document whether session policies limit what is allowed to everybody")
}

// policyHolder is the ARN of the resource whose policy applies: for an object, its bucket.
func policyHolder(arn string) string {
	if strings.HasPrefix(arn, "arn:aws:s3:::") {
		arn, _, _ = strings.Cut(arn, "/")
	}
	return arn
}

func isKMSKey(arn string) bool {
	return strings.HasPrefix(arn, "arn:aws:kms:") && strings.Contains(arn, ":key/")
}
