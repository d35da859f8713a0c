package services_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/local/credentials"
	"github.com/securecart/identity/local/localtest/must"
)

const (
	account = "arn:aws:iam::" + deployed.Account
	agent   = account + ":user/support-agent"
	officer = account + ":user/privacy-officer"
	support = account + ":role/SecureCart-Dev-Support"
	privacy = account + ":role/SecureCart-Dev-Privacy"
)

// user calls as an IAM user, with or without MFA.
func (s *shop) user(t *testing.T, arn string, mfa bool) *caller {
	t.Helper()
	session := must.Get(s.store.IssueUser(arn, 12*time.Hour, mfa))(t)
	return s.as(session)
}

// asks is the request of a support agent: a ticket, which names the session, and a reason.
func asks(role string, changes ...func(*sts.AssumeRoleInput)) *sts.AssumeRoleInput {
	input := &sts.AssumeRoleInput{RoleArn: aws.String(role), RoleSessionName: aws.String("TICKET-1"), Tags: []types.Tag{
		{Key: aws.String("ticket"), Value: aws.String("TICKET-1")},
		{Key: aws.String("reason"), Value: aws.String("lost phone")},
	}}
	for _, change := range changes {
		change(input)
	}
	return input
}

func assume(ctx context.Context, c *caller, input *sts.AssumeRoleInput) (*sts.AssumeRoleOutput, error) {
	return sts.NewFromConfig(c.config).AssumeRole(ctx, input)
}

func TestTrustPolicyDecidesWhoAssumesTheDesksRoles(t *testing.T) {
	s := serve(t)
	if diff := cmp.Diff([]string{officer, agent}, s.store.Users()); diff != "" {
		t.Fatalf("users that trust policies name (-want +got)\n%s", diff)
	}
	tag := func(i int, value string) func(*sts.AssumeRoleInput) {
		return func(in *sts.AssumeRoleInput) { in.Tags[i].Value = aws.String(value) }
	}
	for name, test := range map[string]struct {
		by    *caller
		input *sts.AssumeRoleInput
		code  string
	}{
		"an agent":                    {s.user(t, agent, true), asks(support), ""},
		"an officer":                  {s.user(t, officer, true), asks(privacy), ""},
		"an agent, as an officer":     {s.user(t, agent, true), asks(privacy), "AccessDenied"},
		"without MFA":                 {s.user(t, agent, false), asks(support), "AccessDenied"},
		"a customer":                  {s.customer(t, alice), asks(support), "AccessDenied"},
		"a function":                  {s.function(t, "Orders"), asks(support), "AccessDenied"},
		"somebody who may everything": {s.staff(t, "clerk"), asks(support), "AccessDenied"},
		"without tags": {s.user(t, agent, true),
			asks(support, func(in *sts.AssumeRoleInput) { in.Tags = nil }), "AccessDenied"},
		"without a reason": {s.user(t, agent, true),
			asks(support, func(in *sts.AssumeRoleInput) { in.Tags = in.Tags[:1] }), "AccessDenied"},
		"with an empty reason": {s.user(t, agent, true), asks(support, tag(1, "")), "AccessDenied"},
		"with another tag": {s.user(t, agent, true), asks(support, func(in *sts.AssumeRoleInput) {
			in.Tags = append(in.Tags, types.Tag{Key: aws.String("customer"), Value: aws.String(alice)})
		}), "AccessDenied"},
		"under another name": {s.user(t, agent, true), asks(support, func(in *sts.AssumeRoleInput) {
			in.RoleSessionName = aws.String("TICKET-2")
		}), "AccessDenied"},
		"a role that is not there": {s.user(t, agent, true), asks(account + ":role/None"), "AccessDenied"},
		"a role of a function":     {s.user(t, agent, true), asks(s.roleOf(t, "Orders")), "AccessDenied"},
	} {
		output, err := assume(t.Context(), test.by, test.input)
		want(t, name, err, test.code)
		if err != nil {
			continue
		}
		wantARN := "arn:aws:sts::" + deployed.Account + ":assumed-role/" +
			strings.TrimPrefix(*test.input.RoleArn, account+":role/") + "/TICKET-1"
		if *output.AssumedRoleUser.Arn != wantARN || !strings.HasSuffix(*output.AssumedRoleUser.AssumedRoleId, ":TICKET-1") {
			t.Errorf("%s: got %s, %s; want %s", name, *output.AssumedRoleUser.Arn, *output.AssumedRoleUser.AssumedRoleId,
				wantARN)
		}
	}
}

// roleOf is the role of the function whose logical id has this prefix.
func (s *shop) roleOf(t *testing.T, logicalID string) string {
	t.Helper()
	return s.function(t, logicalID).session.RoleARN
}

// TestSessionsOfTheDeskHaveTheirRolesPermissions uses the credentials that AssumeRole returned.
func TestSessionsOfTheDeskHaveTheirRolesPermissions(t *testing.T) {
	s := serve(t)
	output := must.Get(assume(t.Context(), s.user(t, officer, true),
		asks(privacy, func(in *sts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(900) })))(t)
	if left := time.Until(*output.Credentials.Expiration); left > 15*time.Minute || left < 14*time.Minute {
		t.Errorf("the session lasts %s, want 15 minutes", left)
	}
	c := s.as(credentials.Session{
		AccessKeyID: *output.Credentials.AccessKeyId, SecretAccessKey: *output.Credentials.SecretAccessKey,
		SessionToken: *output.Credentials.SessionToken,
	})
	key := item{"customerId": text(carol)}
	_, err := c.tables.GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: aws.String(s.table(t, "Customers")), Key: key,
	})
	want(t, "reads a customer", err, "")
	_, err = c.tables.PutItem(t.Context(), &dynamodb.PutItemInput{
		TableName: aws.String(s.table(t, "Customers")), Item: key,
	})
	want(t, "writes a customer", err, denied)
	_, err = assume(t.Context(), c, asks(support))
	want(t, "goes on to another role", err, "AccessDenied")
	who, err := sts.NewFromConfig(c.config).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil || *who.Arn != *output.AssumedRoleUser.Arn || *who.UserId != *output.AssumedRoleUser.AssumedRoleId ||
		*who.Account != deployed.Account {
		t.Errorf("who it is: %+v, %v; want %+v", who, err, output.AssumedRoleUser)
	}
}

func TestUsersMayOnlyAssumeTheirRoles(t *testing.T) {
	s := serve(t)
	c := s.user(t, agent, true)
	who, err := sts.NewFromConfig(c.config).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	if err != nil || *who.Arn != agent || !strings.HasPrefix(*who.UserId, "AIDA") || *who.Account != deployed.Account {
		t.Errorf("who it is: %+v, %v; want %s", who, err, agent)
	}
	_, err = c.tables.GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: aws.String(s.table(t, "Customers")), Key: item{"customerId": text(carol)},
	})
	want(t, "reads a customer", err, denied)
	want(t, "reads a document", second(get(t.Context(), c, s.bucket(t, "Documents"), mine)), "AccessDenied")
	if _, err := s.store.IssueUser(account+":user/somebody", time.Hour, true); err == nil {
		t.Error("a user that no trust policy names got credentials")
	}
}

// TestTheAgeOfMFACounts moves the clock: an hour is recent enough, a second more is not.
func TestTheAgeOfMFACounts(t *testing.T) {
	read := must.Get(reviewed())(t)
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	store := must.Get(credentials.New(read, func() time.Time { return now }))(t)
	session := must.Get(store.IssueUser(agent, 12*time.Hour, true))(t)
	tags := map[string]string{"ticket": "TICKET-1", "reason": "lost phone"}
	for _, test := range []struct {
		passes time.Duration
		may    bool
	}{{0, true}, {time.Hour, true}, {time.Second, false}} {
		now = now.Add(test.passes)
		if _, err := store.AssumeRole(&session, support, "TICKET-1", 15*time.Minute, tags); (err == nil) != test.may {
			t.Errorf("%s later: %v, want allowed %t", test.passes, err, test.may)
		}
	}
}

// TestUsersMayBePrincipals: a trust policy may name a user instead of the account and a condition.
func TestUsersMayBePrincipals(t *testing.T) {
	s := serve(t, desk(map[string]any{
		"Effect": "Allow", "Principal": map[string]any{"AWS": []any{account + ":user/night/shift"}},
		"Action": []any{"sts:AssumeRole", "sts:TagSession"},
	}))
	_, err := assume(t.Context(), s.user(t, account+":user/night/shift", false), asks(support))
	want(t, "the user", err, "")
	_, err = assume(t.Context(), s.user(t, officer, true), asks(support))
	want(t, "another", err, "AccessDenied")
}

// desk gives the role of the agents another trust policy.
func desk(statement map[string]any) stagetest.Change {
	return func(templates map[string]assembly.Template) {
		for _, r := range templates["Operations"].OfType("AWS::IAM::Role") {
			if r.Properties["RoleName"] == "SecureCart-Dev-Support" {
				r.Properties["AssumeRolePolicyDocument"] = map[string]any{"Version": "2012-10-17", "Statement": []any{statement}}
			}
		}
	}
}

// TestWhereTheAccountIsTrustedTheCallersOwnPoliciesDecide: a trust policy that names the account delegates to them.
func TestWhereTheAccountIsTrustedTheCallersOwnPoliciesDecide(t *testing.T) {
	s := serve(t, desk(map[string]any{
		"Effect": "Allow", "Principal": map[string]any{"AWS": account + ":root"},
		"Action": []any{"sts:AssumeRole", "sts:TagSession"},
	}))
	for name, test := range map[string]struct {
		by   *caller
		code string
	}{
		"who may assume roles": {s.staff(t, "chief"), ""}, "who may not": {s.staff(t, "clerk"), "AccessDenied"},
		"a customer":                     {s.customer(t, alice), "AccessDenied"},
		"a user whom another role names": {s.user(t, officer, true), "AccessDenied"},
	} {
		_, err := assume(t.Context(), test.by, asks(support))
		want(t, name, err, test.code)
	}
}

// TestWithoutMFAItIsNotPresent, also for a policy that does not check its age.
func TestWithoutMFAItIsNotPresent(t *testing.T) {
	s := serve(t, desk(map[string]any{
		"Effect": "Allow", "Principal": map[string]any{"AWS": agent}, "Action": []any{"sts:AssumeRole", "sts:TagSession"},
		"Condition": map[string]any{"Bool": map[string]any{"aws:MultiFactorAuthPresent": "true"}},
	}))
	for mfa, code := range map[bool]string{true: "", false: "AccessDenied"} {
		_, err := assume(t.Context(), s.user(t, agent, mfa), asks(support))
		want(t, "the user", err, code)
	}
}
