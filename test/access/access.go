// Package access answers, for one synthesized stage, who may do what: every role and every kind of caller, tried with
// every action that matters to the shop, and every token and service, tried on every role.
//
// It combines what AWS combines: the policies of the role, those of the bucket or key that is asked for, and the key
// that encrypts what is asked for. What only takes away is left out: AWS's ceiling over guests' sessions, permissions
// boundaries, organization policies. So a refusal here holds without them. The policy of the alarm's topic is left out,
// too; threat A15 is about it.
//
// It knows nothing of handlers: that a token's owner gets their own rows only is proven in lambda.
package access

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/iam"
)

// Subject is a stage with its policies ready to be asked.
type Subject struct {
	*deployed.Stage
	// Roles are all of them: guests', customers', those of the support desk, those of functions, and others, each group
	// by name.
	Roles []Role

	// resources are the policies of buckets and keys by ARN.
	resources map[string][]iam.Policy
	// invocations are the policies of functions by ARN.
	invocations map[string][]iam.Policy
	// keys are the labels of the keys by ARN: dataKey, proofsKey or logKey.
	keys map[string]string
}

// Role is a role and what its sessions bring along.
type Role struct {
	// Name says whose it is: Guest, Customer, Support, Privacy, "lambda/orders", or else what the template calls it, such
	// as "UsersSmsRole".
	Name string
	ARN  string

	session  map[string][]string
	policies []iam.Policy
	trust    []iam.Policy
}

// The roles of the identity pool, and those of the support desk.
const (
	Guest    = "guest"
	Customer = "customer"
	Support  = "Support"
	Privacy  = "Privacy"
)

// Read reads every policy of the stage. The error joins all that are not understood.
func Read(from *deployed.Stage) (*Subject, error) {
	s := &Subject{Stage: from, resources: map[string][]iam.Policy{}, keys: map[string]string{}}
	var errs []error
	for _, arn := range slices.Sorted(maps.Keys(from.Roles)) {
		role, err := s.readRole(from.Roles[arn])
		errs = append(errs, err)
		s.Roles = append(s.Roles, role)
	}
	slices.SortFunc(s.Roles, func(a, b Role) int {
		return cmp.Or(cmp.Compare(rank(a.Name), rank(b.Name)), cmp.Compare(a.Name, b.Name))
	})
	for _, arn := range slices.Sorted(maps.Keys(from.Buckets)) {
		if policy := from.Buckets[arn].Policy; policy != nil {
			errs = append(errs, s.addResource(arn, policy))
		}
	}
	for _, arn := range slices.Sorted(maps.Keys(from.Keys)) {
		errs = append(errs, s.addResource(arn, from.Keys[arn].KeyPolicy))
	}
	var err error
	s.invocations, err = from.FunctionPolicies()
	return s, errors.Join(append(errs, s.nameKeys(), err)...)
}

func rank(name string) int {
	switch {
	case name == Guest:
		return 0
	case name == Customer:
		return 1
	case name == Support || name == Privacy:
		return 2
	case strings.HasPrefix(name, "lambda/"):
		return 3
	}
	return 4
}

func (s *Subject) readRole(from deployed.Role) (Role, error) {
	role := Role{Name: s.nameOf(from), ARN: from.ARN}
	trust, err := parse("trust policy", from.AssumeRolePolicyDocument)
	errs := []error{err}
	role.trust = []iam.Policy{trust}
	for _, p := range from.Policies {
		policy, err := parse(p.PolicyName, p.PolicyDocument)
		errs = append(errs, err)
		role.policies = append(role.policies, policy)
	}
	role.session, err = s.sessionOf(role)
	return role, wrap(role.Name, errors.Join(append(errs, err)...))
}

func (s *Subject) nameOf(role deployed.Role) string {
	switch role.ARN {
	case s.PoolRoles.Roles.Unauthenticated:
		return Guest
	case s.PoolRoles.Roles.Authenticated:
		return Customer
	}
	for _, function := range s.Functions {
		if function.Role == role.ARN {
			return functionName(function)
		}
	}
	return label(role.Name)
}

func (s *Subject) addResource(arn string, document json.RawMessage) error {
	policy, err := parse("resource policy", document)
	s.resources[arn] = append(s.resources[arn], policy)
	return wrap(arn, err)
}

func parse(name string, document json.RawMessage) (iam.Policy, error) {
	parsed, err := iam.Parse(document)
	return iam.Policy{Name: name, Document: parsed}, wrap(name, err)
}

func wrap(where string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", where, err)
}
