package credentials

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/iam"
)

// user is an IAM user that trust policies name. The stage does not provision it; here it exists because it is named.
type user struct {
	name string
	// id begins with AIDA and is aws:userid.
	id string
	// policies let the user assume the roles that name it. On AWS an administrator must attach such policies, because a
	// trust policy whose principal is the account delegates to the user's own policies.
	policies []iam.Policy
}

// userARN is the ARN of one IAM user, in a string of a trust policy.
var userARN = regexp.MustCompile(`^arn:aws:iam::[0-9]{12}:user/(?:[\w+=,.@-]+/)*([\w+=,.@-]+)$`)

// namedUsers returns the IAM users that the trust policies of roles name, as principal or in a condition.
func namedUsers(roles map[string]deployed.Role) (map[string]user, error) {
	assumes := map[string][]string{}
	for _, arn := range slices.Sorted(maps.Keys(roles)) {
		var trust any
		if err := json.Unmarshal(roles[arn].AssumeRolePolicyDocument, &trust); err != nil {
			continue // which New reports
		}
		for named := range textsIn(trust) {
			if userARN.MatchString(named) {
				assumes[named] = append(assumes[named], arn)
			}
		}
	}
	users := map[string]user{}
	for arn, of := range assumes {
		document, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": map[string]any{
			"Effect": "Allow", "Action": []string{"sts:AssumeRole", "sts:TagSession"}, "Resource": of,
		}})
		if err != nil {
			return nil, err
		}
		policy, err := parse("assume the roles that name "+arn, document)
		if err != nil {
			return nil, err
		}
		users[arn] = user{name: userARN.FindStringSubmatch(arn)[1], id: uniqueID("AIDA", arn), policies: []iam.Policy{policy}}
	}
	return users, nil
}

// textsIn are all strings in a JSON value.
func textsIn(value any) map[string]bool {
	texts := map[string]bool{}
	switch v := value.(type) {
	case string:
		texts[v] = true
	case []any:
		for _, element := range v {
			maps.Copy(texts, textsIn(element))
		}
	case map[string]any:
		for _, element := range v {
			maps.Copy(texts, textsIn(element))
		}
	}
	return texts
}

// Users are the ARNs of the IAM users that trust policies name, sorted.
func (s *Store) Users() []string { return slices.Sorted(maps.Keys(s.users)) }

// IssueUser creates temporary credentials of an IAM user that a trust policy names, like GetSessionToken:
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html. With mfa the user has just entered a
// code of the MFA device. The user may only assume the roles that name it.
func (s *Store) IssueUser(arn string, ttl time.Duration, mfa bool) (Session, error) {
	named, ok := s.users[arn]
	switch {
	case !ok:
		return Session{}, fmt.Errorf("no trust policy names the user %s", arn)
	case ttl <= 0:
		return Session{}, fmt.Errorf("session of %s: want a time to live, got %s", named.name, ttl)
	}
	session := s.newSession(ttl)
	session.ARN, session.UserID = arn, named.id
	session.Context = map[string][]string{
		"aws:PrincipalAccount": {strings.Split(arn, ":")[4]},
		"aws:PrincipalArn":     {arn},
		"aws:PrincipalType":    {"User"},
		"aws:userid":           {named.id},
		"aws:username":         {named.name},
		presentMFA:             {strconv.FormatBool(mfa)},
	}
	if mfa {
		session.mfa = s.now()
	}
	return *session, s.keep(session)
}

// The keys that say whether the caller entered a second factor, and how many seconds ago:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthpresent
const (
	presentMFA = "aws:MultiFactorAuthPresent"
	ageOfMFA   = "aws:MultiFactorAuthAge"
)

// contextOf are the condition keys that a request of the session has now.
func (s *Store) contextOf(session *Session) map[string][]string {
	context := maps.Clone(session.Context)
	if !session.mfa.IsZero() {
		context[ageOfMFA] = []string{strconv.FormatInt(int64(s.now().Sub(session.mfa)/time.Second), 10)}
	}
	return context
}

// policiesOfCaller are the identity-based policies of the session's role or user.
func (s *Store) policiesOfCaller(session *Session) []iam.Policy {
	if session.RoleARN == "" {
		return s.users[session.ARN].policies
	}
	return s.roles[session.RoleARN].policies
}
