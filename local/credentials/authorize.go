package credentials

import (
	"fmt"
	"maps"
	"strconv"
	"time"

	"github.com/securecart/identity/internal/iam"
)

// guestCeiling is Cognito's session policy for guests, as far as the services are served here:
// https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html#access-policies
const guestCeiling = `{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Resource": "*", "Action": [
	"cognito-identity:*", "cognito-idp:*", "dynamodb:*", "execute-api:*", "s3:*",
	"kms:Encrypt", "kms:Decrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GenerateDataKey"
]}}`

// Authorize returns nil if the session may call action on resource, an ARN or "*". Context are the condition keys of
// this request. Those of the session, and those of every request, are added: aws:CurrentTime, aws:EpochTime,
// aws:RequestedRegion, and aws:SecureTransport, which is true because AWS serves none of this without TLS.
//
// It evaluates the role's policies, the bucket's or key's and, for guests, Cognito's session policy, combined by
// [iam.Decide]. An uncertain decision is a refusal. The error is an [*Error] with the code [AccessDenied].
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

// refusal is the reason why a request is refused, in the words of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html, and empty if it is not.
func (s *Store) refusal(session *Session, request iam.Request) string {
	request.Principal = iam.Principal{Type: iam.AWS, ID: session.ARN}
	access := iam.Access{Request: request, Identity: s.policiesOfCaller(session), Resources: s.resources}
	if session.Identity != nil && session.Identity.AuthType != Authenticated {
		access.Session = s.ceiling
	}
	verdict, err := iam.Decide(access)
	switch {
	case err != nil:
		return "because its policies decide nothing for certain: " + err.Error()
	case verdict.Allowed:
		return ""
	case verdict.Decision.Outcome == iam.ExplicitDeny && verdict.By == iam.IdentityBased:
		return "with an explicit deny in an identity-based policy"
	case verdict.Decision.Outcome == iam.ExplicitDeny:
		return "with an explicit deny in a " + string(verdict.By) + " policy"
	}
	return "because no " + string(verdict.By) + " policy allows the " + request.Action + " action"
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
