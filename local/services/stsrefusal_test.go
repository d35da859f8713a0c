package services_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"github.com/securecart/identity/local/credentials"
	"github.com/securecart/identity/local/localtest/must"
)

func TestWhatSTSDoesNotServeIsRefusedByName(t *testing.T) {
	s := serve(t)
	c := s.user(t, agent, true)
	set := func(change func(*sts.AssumeRoleInput)) *sts.AssumeRoleInput { return asks(support, change) }
	for says, input := range map[string]*sts.AssumeRoleInput{
		"The parameter SerialNumber is not served here": set(func(in *sts.AssumeRoleInput) {
			in.SerialNumber = aws.String(account + ":mfa/support-agent")
		}),
		"The parameter Policy is not served here": set(func(in *sts.AssumeRoleInput) { in.Policy = aws.String("{}") }),
		"The parameter ExternalId is not served here": set(
			func(in *sts.AssumeRoleInput) { in.ExternalId = aws.String("shop") }),
		"MaxSessionDuration":      set(func(in *sts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(3601) }),
		"DurationSeconds must be": set(func(in *sts.AssumeRoleInput) { in.DurationSeconds = aws.Int32(899) }),
		"RoleArn must be":         set(func(in *sts.AssumeRoleInput) { in.RoleArn = aws.String("SecureCart-Dev-Support") }),
		"Key of its own": set(func(in *sts.AssumeRoleInput) {
			in.Tags = append(in.Tags, types.Tag{Key: aws.String("Reason"), Value: aws.String("x")})
		}),
		`session tag "reason"`: set(func(in *sts.AssumeRoleInput) { in.Tags[1].Value = aws.String("a;b") }),
	} {
		_, err := assume(t.Context(), c, input)
		want(t, says, err, "ValidationError", says)
	}
	_, err := sts.NewFromConfig(c.config).GetSessionToken(t.Context(), &sts.GetSessionTokenInput{})
	want(t, "another action", err, "InvalidAction", "GetSessionToken")
}

// TestSTSRequiresItsOwnSignature: its errors have their own names.
func TestSTSRequiresItsOwnSignature(t *testing.T) {
	s := serve(t)
	stranger := s.user(t, agent, true)
	stranger.session.SecretAccessKey = s.user(t, agent, true).session.SecretAccessKey
	unknown := s.user(t, agent, true)
	unknown.session.AccessKeyID = "ASIAUNKNOWN"
	for code, c := range map[string]*caller{
		"SignatureDoesNotMatch": s.as(stranger.session), "InvalidClientTokenId": s.as(unknown.session),
	} {
		_, err := assume(t.Context(), c, asks(support))
		want(t, code, err, code)
	}
	request := must.Get(http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/",
		strings.NewReader("Action=GetCallerIdentity&Version=2011-06-15")))(t)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if status, answer := send(t, request); status != http.StatusForbidden ||
		!strings.Contains(answer, "<Code>MissingAuthenticationToken</Code>") {
		t.Errorf("unsigned: got %d %s", status, answer)
	}
	var failed *credentials.Error
	if session := s.customer(t, alice).session; !errors.As(s.store.Authorize(&session, "sts:AssumeRole", support, nil),
		&failed) {
		t.Error("a customer may assume the role by policy")
	}
}
