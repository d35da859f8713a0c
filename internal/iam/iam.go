// Package iam evaluates IAM policies as AWS documents it: explicit deny before allow, implicit deny by default,
// wildcards, policy variables, condition operators with their set operators, and principals of trust and resource
// policies.
//
// It never guesses. [Parse] or [Evaluate] returns an error for behavior that AWS does not document, for contradictions
// between two of its pages, and for elements, operators and condition keys that this package does not know. Code that
// enforces must treat an error as a refusal.
//
// [Evaluate] decides by policies of one kind. [Decide] combines those of an identity, its session and a resource,
// within one account. Permissions boundaries and organization policies are not evaluated; they could only remove
// permissions.
//
// Documents are immutable once parsed. All functions are safe for concurrent use.
//
// The source, unless a comment names another, is the IAM User Guide,
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies.html.
package iam

import (
	"errors"
	"fmt"
)

// Policy is a parsed document and the name by which a [Decision] cites it.
type Policy struct {
	Name     string
	Document *Document
}

// Request is a principal's request.
type Request struct {
	// Action is the requested action, such as "dynamodb:GetItem". It is case-insensitive.
	Action string
	// Resource is an ARN, or "*" for an action that has no resource, such as s3:ListAllMyBuckets. It is case-sensitive.
	Resource string
	// Principal is the caller, for policies with Principal elements: trust policies of roles and policies of resources. It
	// is zero for identity-based policies, whose holder is the caller.
	Principal Principal
	// Context holds all condition keys of the request; none is derived from the other fields. Names are case-insensitive.
	// Leave out a key that the request does not have: a list must not be empty.
	Context map[string][]string
}

// Outcome is the result of policies for a request. The zero value denies.
type Outcome int

// The outcomes, in the order in which one statement overrides another.
const (
	// ImplicitDeny means that no statement allows the request.
	ImplicitDeny Outcome = iota
	// Delegated means that a statement allows it to the principal's whole account. The principal's own policies must allow
	// it, too: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html.
	Delegated
	// Allowed means that a statement allows it and none denies it.
	Allowed
	// ExplicitDeny means that a statement denies it, whatever others allow.
	ExplicitDeny
)

// String is the name of the constant.
func (o Outcome) String() string {
	names := [...]string{"ImplicitDeny", "Delegated", "Allowed", "ExplicitDeny"}
	if o < 0 || int(o) >= len(names) {
		return fmt.Sprintf("Outcome(%d)", int(o))
	}
	return names[o]
}

// Decision is the outcome and the first statement that causes it.
type Decision struct {
	Outcome Outcome
	// Policy is the name of that statement's policy. Empty if no statement applies.
	Policy string
	// Statement is its Sid, or its place in the document, such as "Statement[2]", if it has none. Empty if none applies.
	Statement string
}

// String reads "Allowed by CustomerPolicy/ReadOwnRows".
func (d Decision) String() string {
	if d.Policy == "" && d.Statement == "" {
		return d.Outcome.String()
	}
	return d.Outcome.String() + " by " + d.Policy + "/" + d.Statement
}

// Evaluate decides a request by all policies of one kind that apply to it: those of an identity or, with
// Request.Principal, that of a resource or role. The order of policies and statements only decides which of several
// equal statements is cited. If principal and resource belong to two accounts, AWS requires the policies of both to
// allow the request.
//
// The error names every statement whose effect is unknown, and why; the decision is then ImplicitDeny.
func Evaluate(policies []Policy, r Request) (Decision, error) {
	q, err := newQuery(r)
	if err != nil {
		return Decision{}, at("request", err)
	}
	return q.evaluate(policies)
}

// evaluate decides by all policies of one kind.
func (q *query) evaluate(policies []Policy) (Decision, error) {
	var (
		decision Decision
		unknown  []error
	)
	for _, p := range policies {
		if err := p.fits(q.principal); err != nil {
			unknown = append(unknown, err)
			continue
		}
		for i := range p.Document.statements {
			s := &p.Document.statements[i]
			outcome, err := s.evaluate(q)
			if err != nil {
				unknown = append(unknown, at(fmt.Sprintf("policy %q: %s", p.Name, s.label), err))
			} else if outcome > decision.Outcome {
				decision = Decision{Outcome: outcome, Policy: p.Name, Statement: s.label}
			}
		}
	}
	if len(unknown) > 0 {
		return Decision{}, errors.Join(unknown...)
	}
	return decision, nil
}

// fits refuses to evaluate a policy as if it were of the other kind.
func (p Policy) fits(asks Principal) error {
	switch {
	case p.Document == nil:
		return fmt.Errorf("policy %q has no document: give it one that Parse returned", p.Name)
	case p.Document.resourceBased && asks == Principal{}:
		return fmt.Errorf("policy %q has Principal elements: say in Request.Principal who asks", p.Name)
	case !p.Document.resourceBased && asks != Principal{}:
		return fmt.Errorf("policy %q has no Principal elements: it belongs to an identity, "+
			"so leave Request.Principal empty", p.Name)
	}
	return nil
}
