package iam

import (
	"strings"
	"testing"
)

const (
	ownBucket  = "arn:aws:s3:::b/o"
	ownKey     = "arn:aws:kms:eu-central-1:111122223333:key/k"
	ownRole    = "arn:aws:iam::111122223333:role/r"
	ownSession = "arn:aws:sts::111122223333:assumed-role/r/s"
	ownUser    = "arn:aws:iam::111122223333:user/u"
)

// Sentences of AWS's documentation, from the page of Decide where none names another.
const (
	byDefault = `By default, all requests are implicitly denied`
	anyDeny   = `If the enforcement code finds even one explicit deny that applies, the enforcement code returns a ` +
		`final decision of Deny`
	either = `For most resources, you only need an explicit Allow for the principal in either an identity-based ` +
		`policy or a resource-based policy to grant access`
	exceptions = `IAM role trust policies and KMS key policies are exceptions to this logic, because they must ` +
		`explicitly allow access for principals`
	directly = `If a resource-based policy grants permission directly to the IAM user or the session principal ` +
		`that is making the request, then an implicit deny in an identity-based policy, a permissions boundary, or a ` +
		`session policy does not impact the final decision`
	ofARole = `Resource-based policies that grant permissions to an IAM role ARN are limited by an implicit deny in ` +
		`a permissions boundary or session policy`
	ofASession = `Permissions granted directly to a session are not limited by an implicit deny in an identity-based ` +
		`policy, a permissions boundary, or session policy`
	withWildcard = `Permissions boundaries and session policies do not limit permissions granted using the ` +
		`aws:PrincipalArn condition key with a wildcard(*) in the Principal element`
	ofSessionPolicies = `If a session policy is present and does not allow the requested action, then the request is ` +
		`implicitly denied`
	intersection = `The resulting session's permissions are the intersection of the role's identity-based policy and ` +
		`the session policies, ` +
		`https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_assumerole.html`
	toTheAccount = `a principal of the account needs its own policies' consent, ` +
		`https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html`
)

// says is a policy with one statement for every action and resource. Principal is JSON, empty for an identity's policy.
func says(effect, principal string) string {
	if principal != "" {
		principal = `, "Principal": ` + principal
	}
	return `{"Version": "2012-10-17", "Statement": {"Sid": "S", "Effect": "` + effect + `"` +
		`, "Action": "*", "Resource": "*"` + principal + `}}`
}

func named(arn string) string { return `{"AWS": "` + arn + `"}` }

func TestDecisionsAreCombinedAsAWSDocuments(t *testing.T) {
	allow, deny, other := says("Allow", ""), says("Deny", ""), elsewhere("")
	toRole, toSession := says("Allow", named(ownRole)), says("Allow", named(ownSession))
	toUser := says("Allow", named(ownUser))
	toAccount, toNobody := says("Allow", named("111122223333")), says("Deny", `"*"`)
	toPrincipalArn := strings.Replace(says("Allow", `"*"`), `"Sid"`,
		`"Condition": {"ArnEquals": {"aws:PrincipalArn": "`+ownRole+`"}}, "Sid"`, 1)
	const lacks, denies, allows = ImplicitDeny, ExplicitDeny, Allowed
	for _, c := range []struct {
		page                      string
		resource, principal       string
		identity, session, policy string
		by                        Kind
		outcome                   Outcome
	}{
		{byDefault, ownBucket, ownSession, "", "", "", IdentityBased, lacks},
		{either, ownBucket, ownSession, allow, "", "", IdentityBased, allows},
		{either, ownBucket, ownSession, "", "", toRole, ResourceBased, allows},
		{either, ownBucket, ownSession, allow, "", elsewhere(named(ownRole)), IdentityBased, allows},
		{directly, ownBucket, ownUser, "", "", toUser, ResourceBased, allows},
		{toTheAccount, ownBucket, ownSession, "", "", toAccount, IdentityBased, lacks},
		{toTheAccount, ownBucket, ownSession, allow, "", toAccount, IdentityBased, allows},

		{anyDeny, ownBucket, ownSession, deny, "", toRole, IdentityBased, denies},
		{anyDeny, ownBucket, ownSession, allow, "", toNobody, ResourceBased, denies},
		{anyDeny, ownBucket, ownSession, allow, deny, "", SessionPolicy, denies},
		{anyDeny, ownBucket, ownSession, "", deny, toSession, SessionPolicy, denies},
		{anyDeny, ownBucket, ownSession, allow, other, toNobody, ResourceBased, denies},
		{anyDeny, ownBucket, ownSession, deny, other, "", IdentityBased, denies},
		{anyDeny, ownKey, ownSession, deny, "", "", IdentityBased, denies},

		{ofSessionPolicies, ownBucket, ownSession, allow, other, "", SessionPolicy, lacks},
		{ofSessionPolicies, ownBucket, ownSession, allow, other, toAccount, SessionPolicy, lacks},
		{intersection, ownBucket, ownSession, allow, allow, "", IdentityBased, allows},
		{intersection, ownBucket, ownSession, "", allow, "", IdentityBased, lacks},
		{ofARole, ownBucket, ownSession, "", other, toRole, SessionPolicy, lacks},
		{ofARole, ownBucket, ownSession, "", allow, toRole, ResourceBased, allows},
		{ofASession, ownBucket, ownSession, "", other, toSession, ResourceBased, allows},
		{ofASession, ownBucket, ownSession + "2", "", other, toSession, SessionPolicy, lacks},
		{directly, ownBucket, ownUser, "", other, toUser, ResourceBased, allows},
		{withWildcard, ownBucket, ownSession, "", other, toPrincipalArn, ResourceBased, allows},

		{exceptions, ownKey, ownSession, allow, "", "", ResourceBased, lacks},
		{exceptions, ownKey, ownSession, allow, "", toUser, ResourceBased, lacks},
		{exceptions, ownKey, ownSession, "", "", toRole, ResourceBased, allows},
		{toTheAccount, ownKey, ownSession, allow, "", toAccount, IdentityBased, allows},
		{toTheAccount, ownKey, ownSession, "", "", toAccount, IdentityBased, lacks},
		{ofSessionPolicies, ownKey, ownSession, allow, other, toAccount, SessionPolicy, lacks},
		{exceptions, ownRole, ownUser, allow, "", "", ResourceBased, lacks},
		{exceptions, ownRole, ownUser, "", "", toUser, ResourceBased, allows},
		{toTheAccount, ownRole, ownUser, allow, "", toAccount, IdentityBased, allows},
	} {
		got, err := Decide(Access{
			Request: Request{
				Action: "s3:GetObject", Resource: c.resource, Principal: Principal{AWS, c.principal},
				Context: map[string][]string{"aws:PrincipalArn": {ownRole}},
			},
			Identity: policies(t, c.identity), Session: policies(t, c.session),
			Resources:         map[string][]Policy{policyHolder(c.resource): policies(t, c.policy)},
			ResourceMustAllow: c.resource == ownRole,
		})
		if err != nil || got.Allowed != (c.outcome == allows) || got.By != c.by || got.Decision.Outcome != c.outcome {
			t.Errorf("%s asks for %s\nidentity %s\nsession %s\nresource %s\ngot %+v, %v, want %s by a %s policy: %s",
				c.principal, c.resource, c.identity, c.session, c.policy, got, err, c.outcome, c.by, c.page)
		}
	}
}

// elsewhere is a policy that allows another action.
func elsewhere(principal string) string {
	return strings.Replace(says("Allow", principal), `"Action": "*"`, `"Action": "sqs:SendMessage"`, 1)
}

// policies is the document as one policy, or none if it is empty.
func policies(t *testing.T, document string) []Policy {
	t.Helper()
	if document == "" {
		return nil
	}
	return []Policy{{"P", must(t, document)}}
}

func TestVerdictCitesTheStatementThatDecides(t *testing.T) {
	request := Request{Action: "s3:GetObject", Resource: ownBucket, Principal: Principal{AWS, ownSession}}
	for _, limit := range [][]Policy{nil, policies(t, elsewhere(""))} {
		got, err := Decide(Access{Request: request, Session: limit, Resources: map[string][]Policy{
			"arn:aws:s3:::b": policies(t, says("Allow", named(ownSession))),
		}})
		if want := "Allowed by P/S"; err != nil || got.Decision.String() != want {
			t.Errorf("got %s, %v, want %s", got.Decision, err, want)
		}
	}
}

// TestWhatAnyKindOfPolicyLeavesUncertainIsRefused: each error names the kind, although other kinds allow the request.
func TestWhatAnyKindOfPolicyLeavesUncertainIsRefused(t *testing.T) {
	allow := policies(t, says("Allow", ""))
	uncertainly := policies(t, one(effect, action, `"Resource": "arn:aws:s3:::b/${aws:username}"`))
	everybody := map[string][]Policy{"arn:aws:s3:::b": policies(t, says("Allow", `{"AWS": "*"}`))}
	aws := Principal{AWS, ownSession}
	for want, access := range map[string]Access{
		"say who asks":            {Identity: allow},
		"identity-based policies": {Request: Request{Principal: aws}, Identity: uncertainly, Resources: everybody},
		"session policies":        {Request: Request{Principal: aws}, Identity: allow, Session: uncertainly},
		"resource-based policies": {
			Request:  Request{Principal: Principal{Service, "s3.amazonaws.com"}},
			Identity: allow, Resources: everybody,
		},
		"resource-based policies: policy \"P\": S: AWS does not document whether session policies limit": {
			Request: Request{Principal: aws}, Session: policies(t, elsewhere("")), Resources: everybody,
		},
	} {
		access.Request.Action, access.Request.Resource = "s3:GetObject", ownBucket
		access.Request.Context = map[string][]string{"aws:username": {"*"}}
		got, err := Decide(access)
		if err == nil || !strings.Contains(err.Error(), want) || got.Allowed {
			t.Errorf("got %+v, %v, want an error with %s", got, err, want)
		}
	}
}
