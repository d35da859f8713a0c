package credentials

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/securecart/identity/internal/iam"
)

// federatedProvider is the principal for any identity pool in trust policies.
const federatedProvider = "cognito-identity.amazonaws.com"

// webIdentitySession is Cognito's name of every session.
const webIdentitySession = "CognitoIdentityCredentials"

// AssumeWithWebIdentity issues credentials of one hour, as GetCredentialsForIdentity does, if the role's trust policy
// lets the identity assume it: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html.
// With tags the trust policy must allow sts:TagSession, too:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
//
// The error is an [*Error] with the code [AccessDenied] if it does not.
func (s *Store) AssumeWithWebIdentity(roleARN string, identity Identity, tags map[string]string) (Session, error) {
	context := identity.claims()
	addRequest(context, webIdentitySession, tags)
	role := s.roles[roleARN]
	for _, action := range withTags("sts:AssumeRoleWithWebIdentity", tags) {
		err := s.trusts(roleARN, action, iam.Principal{Type: iam.Federated, ID: federatedProvider}, context)
		if err != nil {
			return Session{}, err
		}
	}
	return s.Issue(roleARN, webIdentitySession, min(time.Hour, role.longest), tags, &identity)
}

// AssumeAsService issues credentials if the role's trust policy lets an AWS service, such as lambda.amazonaws.com,
// assume it. Lambda renews the credentials of a function before they expire. A local process keeps its first ones, so
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

// AssumeRole issues credentials of a role to a caller, as AWS STS does:
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html. It evaluates the role's trust policy and, if
// that delegates to the account, the caller's own policies; either may deny. With tags both must also allow
// sts:TagSession, as
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required says.
//
// The errors are an [*Error] with the code [AccessDenied], also if there is no such role, and others for invalid
// parameters.
func (s *Store) AssumeRole(
	caller *Session, roleARN, name string, ttl time.Duration, tags map[string]string,
) (Session, error) {
	if err := checkTags(tags); err != nil {
		return Session{}, err
	}
	context := s.contextOf(caller)
	addRequest(context, name, tags)
	for _, action := range withTags("sts:AssumeRole", tags) {
		request := iam.Request{Action: action, Resource: roleARN, Context: s.environment(context)}
		if err := s.mayAssume(caller, request); err != nil {
			return Session{}, err
		}
	}
	switch {
	case ttl > s.roles[roleARN].longest:
		return Session{}, errors.New("the requested DurationSeconds exceeds the MaxSessionDuration set for this role")
	case caller.RoleARN != "" && ttl > longestChained:
		return Session{}, errors.New("the requested DurationSeconds exceeds the 1 hour session limit for role chaining")
	}
	return s.Issue(roleARN, name, ttl, tags, nil)
}

// longestChained is how long a session may last that another role's session has assumed.
const longestChained = time.Hour

func (s *Store) mayAssume(caller *Session, request iam.Request) error {
	denied := &Error{Code: AccessDenied, Message: fmt.Sprintf("User: %s is not authorized to perform: %s on resource: %s",
		caller.ARN, request.Action, request.Resource)}
	request.Principal = iam.Principal{Type: iam.AWS, ID: caller.ARN}
	verdict, err := iam.Decide(iam.Access{
		Request: request, Identity: s.policiesOfCaller(caller), ResourceMustAllow: true,
		Resources: map[string][]iam.Policy{request.Resource: s.roles[request.Resource].trust},
	})
	if err != nil || !verdict.Allowed {
		return denied
	}
	return nil
}

// addRequest adds the condition keys of a request to assume a role.
func addRequest(context map[string][]string, sessionName string, tags map[string]string) {
	context["sts:RoleSessionName"] = []string{sessionName}
	if len(tags) > 0 {
		context["aws:TagKeys"] = slices.Sorted(maps.Keys(tags))
	}
	for name, value := range tags {
		context["aws:RequestTag/"+name] = []string{value}
	}
}

// withTags are the actions of a request to assume a role.
func withTags(action string, tags map[string]string) []string {
	if len(tags) == 0 {
		return []string{action}
	}
	return []string{action, "sts:TagSession"}
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
		return &Error{
			Code: AccessDenied, Message: fmt.Sprintf("%s is not authorized to perform %s on %s", principal.ID, action, roleARN),
		}
	}
	return nil
}
