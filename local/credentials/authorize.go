package credentials

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/securecart/identity/internal/iam"
)

// guestCeiling is what Cognito lets guests do at most, whatever their role allows, as far as the services are served
// here: https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html#access-policies
const guestCeiling = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Resource": "*", "Action": [
	"cognito-identity:*", "cognito-idp:*", "dynamodb:*", "execute-api:*", "s3:*",
	"kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey"
]}}`

// Authorize returns nil if the session may do action to resource, an ARN or "*". Context are the condition keys of this
// request beside those of the session and those that every request has: aws:CurrentTime, aws:EpochTime,
// aws:RequestedRegion, and aws:SecureTransport, which is true because AWS serves nothing of this without TLS.
//
// Asked are the role's policies and, where the resource has one, its bucket or key policy: either may deny, and either
// may allow
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html).
// A key is different: without its own policy's consent, which may leave the decision to the account, nothing else
// counts (https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html). What policies do not decide for
// certain is refused. The error is an [*Error] with the code [AccessDenied].
func (s *Store) Authorize(session *Session, action, resource string, context map[string][]string) error {
	all := s.environment(context)
	maps.Copy(all, s.contextOf(session))
	reason := s.refusal(session, iam.Request{Action: action, Resource: resource, Context: all})
	if reason == "" {
		return nil
	}
	return &Error{Code: AccessDenied, Message: fmt.Sprintf(
		"User: %s is not authorized to perform: %s on resource: %s %s", session.ARN, action, resource, reason)}
}

// refusal is why a request is refused, in the words of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html, and empty if it is not.
func (s *Store) refusal(session *Session, request iam.Request) string {
	identity, err := iam.Evaluate(s.policiesOfCaller(session), request)
	if err != nil {
		return "because its identity-based policies decide nothing for certain: " + err.Error()
	}
	ceiling := iam.Decision{Outcome: iam.Allowed}
	if session.Identity != nil && session.Identity.AuthType != Authenticated {
		if ceiling, err = iam.Evaluate(s.ceiling, request); err != nil {
			return "because the session policy of guests decides nothing for certain: " + err.Error()
		}
	}
	request.Principal = iam.Principal{Type: iam.AWS, ID: session.ARN}
	resource, err := iam.Evaluate(s.policiesOf(request.Resource), request)
	if err != nil {
		return "because its resource-based policy decides nothing for certain: " + err.Error()
	}
	nobody := func(kind string) string {
		return "because no " + kind + " policy allows the " + request.Action + " action"
	}
	switch {
	case identity.Outcome == iam.ExplicitDeny:
		return "with an explicit deny in an identity-based policy"
	case resource.Outcome == iam.ExplicitDeny:
		return "with an explicit deny in a resource-based policy"
	case ceiling.Outcome != iam.Allowed:
		return nobody("session")
	case resource.Outcome == iam.Allowed:
		return ""
	case isKMSKey(request.Resource) && resource.Outcome != iam.Delegated:
		return nobody("resource-based")
	case identity.Outcome != iam.Allowed:
		return nobody("identity-based")
	}
	return ""
}

// policiesOf are those of the bucket or key that is, or holds, the resource.
func (s *Store) policiesOf(resource string) []iam.Policy {
	if strings.HasPrefix(resource, "arn:aws:s3:::") {
		resource, _, _ = strings.Cut(resource, "/")
	}
	return s.resources[resource]
}

func isKMSKey(resource string) bool {
	return strings.HasPrefix(resource, "arn:aws:kms:") && strings.Contains(resource, ":key/")
}

// environment adds to context the condition keys that every request has.
func (s *Store) environment(context map[string][]string) map[string][]string {
	now := s.now().UTC()
	all := map[string][]string{
		"aws:CurrentTime":     {now.Format(time.RFC3339)},
		"aws:EpochTime":       {strconv.FormatInt(now.Unix(), 10)},
		"aws:RequestedRegion": {s.stage.Region},
		"aws:SecureTransport": {"true"},
	}
	maps.Copy(all, context)
	return all
}
