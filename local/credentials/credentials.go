// Package credentials issues temporary AWS credentials for the roles of a stage, recognizes requests that are signed
// with them (Signature Version 4), and decides by policies what their holders may do.
//
// It is what the local services share of AWS STS and IAM, not an API of either: clients ask packages identitypool and
// services for credentials, and functions get theirs when they are started. Sessions live in memory and are worth
// nothing anywhere else.
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

// Store holds the sessions of a stage and the policies that decide about them. It is safe for concurrent use.
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
	// ceiling is what a guest may do at most.
	ceiling []iam.Policy

	*issued
}

// issued are sessions. Stores of one stage after the other may share them.
type issued struct {
	mutex sync.Mutex
	// sessions by access key id.
	sessions map[string]*Session
	swept    time.Time
}

// Continue makes the store recognize the sessions of another one, whose place it takes: what they may do is decided by
// this store's policies, and nothing if their role is gone. It must be called before anything else.
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

// New parses every policy of the stage's roles, buckets and keys. The error names each one that is not understood, by
// its role or resource: a policy that cannot be evaluated may be what protects the stage. Now is [time.Now] except in
// tests.
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
