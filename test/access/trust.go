package access

import (
	"maps"
	"slices"
	"strings"

	"github.com/securecart/identity/internal/iam"
)

const identityService = "cognito-identity.amazonaws.com"

// Taker is a principal that tries to assume a role, with the context of its request.
type Taker struct {
	// Who describes the taker in words.
	Who string
	// Actions must all be allowed.
	Actions   []string
	principal iam.Principal
	context   map[string][]string
}

// Take returns whether the role's trust policy lets the taker assume it. Delegation to an account counts as allowed:
// that account's administrators decide.
func (s *Subject) Take(role Role, t Taker) (Verdict, error) {
	verdict := Verdict{Allowed: true}
	for _, action := range t.Actions {
		request := iam.Request{Action: action, Resource: role.ARN, Principal: t.principal, Context: s.everyRequest()}
		maps.Copy(request.Context, t.context)
		decision, err := iam.Evaluate(role.trust, request)
		if err != nil {
			return Verdict{}, wrap("trust policy of "+role.Name, err)
		}
		if decision.Outcome != iam.Allowed && decision.Outcome != iam.Delegated {
			return Verdict{}, nil
		}
		verdict.By = append(verdict.By, decision.Statement)
	}
	return verdict, nil
}

// Takers are all principals that are tried.
func (s *Subject) Takers() []Taker {
	return slices.Concat(s.webIdentities(), s.services(), s.principals(), s.people())
}

const (
	byWebIdentity = "sts:AssumeRoleWithWebIdentity"
	tagged        = "sts:TagSession"
	byRole        = "sts:AssumeRole"
)

// webIdentities use a token of an identity pool, or of a provider directly:
// https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html
func (s *Subject) webIdentities() []Taker {
	tag := map[string][]string{"aws:RequestTag/customer": {ownSub}, "aws:TagKeys": {"customer"}}
	token := func(who, pool, amr string, more map[string][]string, actions ...string) Taker {
		context := identity(pool, amr)
		maps.Copy(context, more)
		return Taker{who, actions, iam.Principal{Type: iam.Federated, ID: identityService}, context}
	}
	return []Taker{
		token("guest of this identity pool", s.IdentityPool.ID, "unauthenticated", nil, byWebIdentity),
		token("guest of this identity pool, with a tag", s.IdentityPool.ID, "unauthenticated", tag, byWebIdentity, tagged),
		token("customer of this identity pool", s.IdentityPool.ID, "authenticated", nil, byWebIdentity),
		token("customer of this identity pool, with a tag", s.IdentityPool.ID, "authenticated", tag, byWebIdentity, tagged),
		token("guest of another identity pool", anotherIdentity, "unauthenticated", nil, byWebIdentity),
		token("customer of another identity pool", anotherIdentity, "authenticated", nil, byWebIdentity),
		token("customer of another identity pool, with a tag", anotherIdentity, "authenticated", tag, byWebIdentity, tagged),
		token("customer of this identity pool, as if it were a user", s.IdentityPool.ID, "authenticated", nil, byRole),
		{
			"token of Google, past the identity pool", []string{byWebIdentity},
			iam.Principal{Type: iam.Federated, ID: "accounts.google.com"},
			map[string][]string{"accounts.google.com:aud": {"any.apps.googleusercontent.com"}, "accounts.google.com:sub": {"1"}},
		},
		{
			"token of this user pool, past the identity pool", []string{byWebIdentity},
			iam.Principal{Type: iam.Federated, ID: s.arnOfIAM("oidc-provider/" + s.UserPool.ProviderName)}, nil,
		},
		{
			"SAML assertion of a provider", []string{"sts:AssumeRoleWithSAML"},
			iam.Principal{Type: iam.Federated, ID: s.arnOfIAM("saml-provider/any")}, nil,
		},
	}
}

// services are AWS services that act for this account, or for another source:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
func (s *Subject) services() []Taker {
	sms := func(who, externalID, account, poolARN string) Taker {
		context := map[string][]string{"aws:SourceAccount": {account}, "aws:SourceArn": {poolARN}}
		if externalID != "" {
			context["sts:ExternalId"] = []string{externalID}
		}
		return Taker{who, []string{byRole}, iam.Principal{Type: iam.Service, ID: "cognito-idp.amazonaws.com"}, context}
	}
	external, another := s.UserPool.SmsConfiguration.ExternalId, s.arn("cognito-idp", "userpool/"+anotherPool)
	foreign := "arn:aws:cognito-idp:" + s.Region + ":" + anotherAccount + ":userpool/" + anotherPool
	takers := []Taker{
		sms("Cognito for this user pool", external, s.Account, s.UserPool.ARN),
		sms("Cognito for another user pool of this account, with the same external id", external, s.Account, another),
		sms("Cognito for this user pool, with another external id", "another", s.Account, s.UserPool.ARN),
		sms("Cognito for this user pool, without an external id", "", s.Account, s.UserPool.ARN),
		sms("Cognito for a user pool of another account", external, anotherAccount, foreign),
		sms("Cognito for this account, but a user pool of another", external, s.Account, foreign),
		sms("Cognito for another account, but this user pool", external, anotherAccount, s.UserPool.ARN),
	}
	for _, service := range []string{
		"lambda", "edgelambda", "apigateway", "cognito-idp", "cognito-identity", "cognito-sync", "events", "states",
		"cloudformation", "ec2",
	} {
		name := service + ".amazonaws.com"
		takers = append(takers, Taker{name, []string{byRole}, iam.Principal{Type: iam.Service, ID: name}, nil})
	}
	return takers
}

// principals are users and roles of accounts.
func (s *Subject) principals() []Taker {
	named := func(who, arn string) Taker {
		return Taker{who, []string{byRole}, iam.Principal{Type: iam.AWS, ID: arn},
			map[string][]string{"aws:PrincipalArn": {arn}}}
	}
	takers := []Taker{
		named("root user of this account", s.arnOfIAM("root")),
		named("administrator of this account", s.arnOfIAM("user/Admin")),
		named("root user of another account", "arn:aws:iam::"+anotherAccount+":root"),
		named("role of another account", "arn:aws:iam::"+anotherAccount+":role/Admin"),
		{"anybody, without credentials", []string{byRole}, iam.Principal{Type: iam.Anonymous}, nil},
	}
	for _, r := range s.Roles {
		takers = append(takers, named("role "+r.Name, s.principal(r).ID))
	}
	return takers
}

// people are the users that the support desk's roles name, and users of this and another account with the same claims,
// with and without a second factor, a ticket and a reason.
func (s *Subject) people() []Taker {
	var takers []Taker
	for _, name := range []string{Support, Privacy} {
		role, provided := s.Role(name)
		if !provided {
			continue
		}
		for _, arn := range s.namedBy(role) {
			takers = append(takers, s.person("who "+name+" names", arn)...)
			takers = append(takers, s.person("the same of another account as "+name+" names", strings.Replace(arn,
				s.Account, anotherAccount, 1))[0])
		}
	}
	return append(takers, s.person("another user of this account", s.arnOfIAM("user/somebody"))[0])
}

// person is a principal with a ticket, a reason and, if it is a user, a second factor; then the same principal with one
// of these missing, wrong or added.
func (s *Subject) person(who, arn string) []Taker {
	recent := map[string][]string{
		"aws:PrincipalArn": {arn}, "aws:RequestTag/ticket": {"T-1"}, "aws:RequestTag/reason": {"lost phone"},
		"aws:TagKeys":         {"ticket", "reason"},
		"sts:RoleSessionName": {"T-1"},
	}
	if strings.Contains(arn, ":user/") {
		recent["aws:MultiFactorAuthPresent"], recent["aws:MultiFactorAuthAge"] = []string{"true"}, []string{"60"}
	}
	takers := []Taker{{who, []string{byRole, tagged}, iam.Principal{Type: iam.AWS, ID: arn}, recent}}
	for _, change := range []struct {
		how  string
		with map[string][]string
	}{
		{"without a second factor", map[string][]string{"aws:MultiFactorAuthPresent": {"false"},
			"aws:MultiFactorAuthAge": nil}},
		{"with keys of long standing, which name no second factor",
			map[string][]string{"aws:MultiFactorAuthPresent": nil, "aws:MultiFactorAuthAge": nil}},
		{"with a second factor of yesterday", map[string][]string{"aws:MultiFactorAuthPresent": {"true"},
			"aws:MultiFactorAuthAge": {"86400"}}},
		{"without a ticket", map[string][]string{"aws:RequestTag/ticket": nil, "aws:TagKeys": {"reason"}}},
		{"with an empty reason", map[string][]string{"aws:RequestTag/reason": {""}}},
		{"without a reason", map[string][]string{"aws:RequestTag/reason": nil, "aws:TagKeys": {"ticket"}}},
		{"with a tag more", map[string][]string{"aws:RequestTag/customer": {anotherSub}, "aws:TagKeys": {"ticket",
			"reason", "customer"}}},
		{"under another name than the ticket's", map[string][]string{"sts:RoleSessionName": {"anybody"}}},
	} {
		context := maps.Clone(recent)
		for key, values := range change.with {
			if context[key] = values; values == nil {
				delete(context, key)
			}
		}
		takers = append(takers, Taker{who + ", " + change.how, []string{byRole, tagged}, iam.Principal{Type: iam.AWS,
			ID: arn}, context})
	}
	return takers
}

// namedBy are the ARNs that a role's trust policy names beside its account.
func (s *Subject) namedBy(role Role) []string {
	var arns []string
	for arn := range strings.FieldsFuncSeq(string(s.Stage.Roles[role.ARN].AssumeRolePolicyDocument),
		func(c rune) bool { return c == '"' }) {
		if strings.HasPrefix(arn, s.arnOfIAM("")) && arn != s.arnOfIAM("root") {
			arns = append(arns, arn)
		}
	}
	slices.Sort(arns)
	return slices.Compact(arns)
}
