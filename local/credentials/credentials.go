// Package credentials issues temporary AWS credentials for the roles of a stage, verifies requests that are signed with
// them (Signature Version 4), and authorizes their holders by the stage's policies.
//
// It is the common part of AWS STS and IAM for the local services, not an API of either. Clients get credentials from
// packages identitypool and services, functions at their start. Sessions are kept in memory and are invalid anywhere
// else.
package credentials

import (
	"errors"
	"fmt"
	"sync"
	"time"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/iam"
)

// Store holds the sessions of a stage and its policies. It is safe for concurrent use.
type Store struct {
	stage  *deployed.Stage
	now    func() time.Time
	signer *v4.Signer

	// roles by ARN.
	roles map[string]role
	// users by ARN.
	users map[string]user
	// resources are the policies of buckets and keys, by ARN.
	resources map[string][]iam.Policy
	// ceiling is the session policy for guests.
	ceiling []iam.Policy

	*issued
}

// issued are sessions. Successive stores of a stage may share them.
type issued struct {
	mutex sync.Mutex
	// sessions by access key id.
	sessions map[string]*Session
	swept    time.Time
}

// Continue makes the store accept the sessions of the store that it replaces. This store's policies authorize them; a
// session whose role is gone may do nothing. It must be called first.
func (s *Store) Continue(from *Store) { s.issued = from.issued }

// role is a role with its policies parsed.
type role struct {
	name string
	// id begins with AROA and is part of aws:userid.
	id       string
	policies []iam.Policy
	trust    []iam.Policy
	// longest is how long a session may last.
	longest time.Duration
}

// New parses every policy of the stage's roles, buckets and keys. The error names each policy that cannot be evaluated,
// by its role or resource: it could be the one that protects the stage. Now is [time.Now] except in tests.
func New(s *deployed.Stage, now func() time.Time) (*Store, error) {
	store := &Store{
		stage: s, now: now, signer: v4.NewSigner(),
		roles: map[string]role{}, resources: map[string][]iam.Policy{},
		issued: &issued{sessions: map[string]*Session{}},
	}
	var errs []error
	for arn, from := range s.Roles {
		parsed, err := parseRole(arn, from)
		if err != nil {
			errs = append(errs, fmt.Errorf("role %s: %w", from.Name, err))
		}
		store.roles[arn] = parsed
	}
	for arn, bucket := range s.Buckets {
		if len(bucket.Policy) == 0 {
			continue
		}
		policy, err := parse("bucket policy", bucket.Policy)
		if err != nil {
			errs = append(errs, fmt.Errorf("bucket %s: %w", bucket.Name, err))
		}
		store.resources[arn] = []iam.Policy{policy}
	}
	for arn, key := range s.Keys {
		policy, err := parse("key policy", key.KeyPolicy)
		if err != nil {
			errs = append(errs, fmt.Errorf("key %s: %w", key.ID, err))
		}
		store.resources[arn] = []iam.Policy{policy}
	}
	users, err := namedUsers(s.Roles)
	errs = append(errs, err)
	store.users = users
	ceiling, err := parse("guest ceiling", []byte(guestCeiling))
	errs = append(errs, err)
	store.ceiling = []iam.Policy{ceiling}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("policies of stage %s:\n%w", s.ID, err)
	}
	return store, nil
}

// defaultSession is the MaxSessionDuration of a role that has none, in
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
const defaultSession = time.Hour

func parseRole(arn string, from deployed.Role) (role, error) {
	r := role{name: from.Name, id: uniqueID("AROA", arn), longest: defaultSession}
	if from.MaxSessionDuration > 0 {
		r.longest = time.Duration(from.MaxSessionDuration) * time.Second
	}
	trust, err := parse("trust policy", from.AssumeRolePolicyDocument)
	errs := []error{err}
	r.trust = []iam.Policy{trust}
	for _, policy := range from.Policies {
		parsed, err := parse(policy.PolicyName, policy.PolicyDocument)
		errs = append(errs, err)
		r.policies = append(r.policies, parsed)
	}
	return r, errors.Join(errs...)
}

func parse(name string, document []byte) (iam.Policy, error) {
	parsed, err := iam.Parse(document)
	if err == nil {
		err = checkKeys(document)
	}
	if err != nil {
		return iam.Policy{}, fmt.Errorf("%s: %w", name, err)
	}
	return iam.Policy{Name: name, Document: parsed}, nil
}
