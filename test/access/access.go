// Package access computes, for one synthesized stage, who may do what. It tries every action that matters to the shop
// as every role and every kind of caller, and tries to assume every role with every token and service.
//
// Like AWS it combines the policies of the role, of the requested bucket or key, and of the key that encrypts the
// requested data. It leaves out policies that only restrict: AWS's session policy for guests, permissions boundaries,
// organization policies. A refusal here does not depend on them. Threat A15 checks the policy of the alarm's topic.
//
// It does not evaluate handlers. The tests of lambda prove that customers get only their own rows.
package access

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/iam"
)

// Subject is a stage whose policies are parsed and can be evaluated.
type Subject struct {
	*deployed.Stage
	// Roles are all roles: guests', customers', the support desk's, functions', then others; each group sorted by name.
	Roles []Role

	// resources are the policies of buckets, keys and queues by ARN.
	resources map[string][]iam.Policy
	// invocations are the policies of functions by ARN.
	invocations map[string][]iam.Policy
	// keys are the labels of the keys by ARN: dataKey, proofsKey or logKey.
	keys map[string]string
}

// Role is a role, its policies and the condition keys of its sessions.
type Role struct {
	// Name is the role's user: Guest, Customer, Support, Privacy or a function such as "lambda/orders". Other roles have
	// their name in the template, such as "UsersSmsRole".
	Name string
	ARN  string

	session  map[string][]string
	policies []iam.Policy
	trust    []iam.Policy
}

// The names of the roles of the identity pool and of the support desk.
const (
	Guest    = "guest"
	Customer = "customer"
	Support  = "Support"
	Privacy  = "Privacy"
)

// Read reads every policy of the stage. The error joins all policies that cannot be evaluated.
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
	for _, policy := range from.QueuePolicies {
		for _, url := range policy.Queues {
			errs = append(errs, s.addResource(s.arn("sqs", path.Base(url)), policy.PolicyDocument))
		}
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
