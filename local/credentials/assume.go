package credentials

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/securecart/identity/iam"
)

// federatedProvider is the principal that trust policies name for the identity pool, whichever one it is.
const federatedProvider = "cognito-identity.amazonaws.com"

// webIdentitySession is what Cognito calls every session.
const webIdentitySession = "CognitoIdentityCredentials"

// AssumeWithWebIdentity issues credentials of one hour, as GetCredentialsForIdentity does, if the role's trust policy lets the
// identity assume it: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html. With tags the
// trust policy must allow sts:TagSession, too: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
//
// The error is an [*Error] with the code [AccessDenied] if it does not.
func (s *Store) AssumeWithWebIdentity(roleARN string, identity Identity, tags map[string]string) (Session, error) {
	actions := []string{"sts:AssumeRoleWithWebIdentity"}
	context := identity.claims()
	context["sts:RoleSessionName"] = []string{webIdentitySession}
	if len(tags) > 0 {
		actions = append(actions, "sts:TagSession")
		context["aws:TagKeys"] = slices.Sorted(maps.Keys(tags))
		for name, value := range tags {
			context["aws:RequestTag/"+name] = []string{value}
		}
	}
	role := s.roles[roleARN]
	for _, action := range actions {
		err := s.trusts(roleARN, action, iam.Principal{Type: iam.Federated, ID: federatedProvider}, context)
		if err != nil {
			return Session{}, err
		}
	}
	return s.Issue(roleARN, webIdentitySession, min(time.Hour, role.longest), tags, &identity)
}

// AssumeAsService issues credentials if the role's trust policy lets an AWS service, such as lambda.amazonaws.com, assume it.
// Lambda renews the credentials of a function before they expire; a local process keeps those that it was started with, so
// ttl is how long it may run.
//
// The error is an [*Error] with the code [AccessDenied] if the role does not trust the service.
func (s *Store) AssumeAsService(roleARN, service, name string, ttl time.Duration) (Session, error) {
	err := s.trusts(roleARN, "sts:AssumeRole", iam.Principal{Type: iam.Service, ID: service}, nil)
	if err != nil {
		return Session{}, err
	}
	return s.Issue(roleARN, name, ttl, nil, nil)
}

// trusts returns an error unless the trust policy of a role allows the action to principal.
func (s *Store) trusts(roleARN, action string, principal iam.Principal, context map[string][]string) error {
	decision, err := iam.Evaluate(s.roles[roleARN].trust, iam.Request{
		Action: action, Resource: roleARN, Principal: principal, Context: s.environment(context),
	})
	if err != nil {
		return fmt.Errorf("trust policy of %s: %w", roleARN, err)
	}
	if decision.Outcome != iam.Allowed {
		return &Error{Code: AccessDenied, Message: fmt.Sprintf("%s is not authorized to perform %s on %s", principal.ID, action, roleARN)}
	}
	return nil
}
