package support_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
	"github.com/aws/smithy-go"

	"github.com/securecart/identity/internal/support"
	"github.com/securecart/identity/internal/support/supporttest"
)

// assumer is an STS that records its request.
type assumer struct {
	asked *sts.AssumeRoleInput
	out   *sts.AssumeRoleOutput
	err   error
}

func (a *assumer) AssumeRole(
	_ context.Context, in *sts.AssumeRoleInput, _ ...func(*sts.Options),
) (*sts.AssumeRoleOutput, error) {
	a.asked = in
	if a.err != nil {
		return nil, &smithy.OperationError{ServiceID: "STS", OperationName: "AssumeRole", Err: a.err}
	}
	return a.out, nil
}

var session = support.Session{Ticket: "T-1", Reason: "lost phone"}

func TestASessionIsNamedAndTaggedByItsTicket(t *testing.T) {
	until := time.Date(2026, 11, 29, 1, 0, 0, 0, time.UTC)
	for role, want := range map[support.Role]*sts.AssumeRoleInput{
		support.Support: {RoleArn: aws.String(supporttest.Names.SupportRoleARN), DurationSeconds: aws.Int32(900)},
		support.Privacy: {RoleArn: aws.String(supporttest.Names.PrivacyRoleARN), DurationSeconds: aws.Int32(3600)},
	} {
		service := &assumer{out: &sts.AssumeRoleOutput{Credentials: &types.Credentials{
			AccessKeyId:     aws.String("ASIA"),
			SecretAccessKey: aws.String("secret"),
			SessionToken:    aws.String("token"),
			Expiration:      &until,
		}}}
		got, err := session.Assume(t.Context(), service, supporttest.Names, role)
		if err != nil || got.AccessKeyID != "ASIA" || got.SecretAccessKey != "secret" || got.SessionToken != "token" ||
			!got.Expires.Equal(until) {
			t.Errorf("%s: credentials %+v, %v", role, got, err)
		}
		want.RoleSessionName = aws.String("T-1")
		want.Tags = []types.Tag{
			{Key: aws.String("ticket"), Value: aws.String("T-1")},
			{Key: aws.String("reason"), Value: aws.String("lost phone")},
		}
		if service.asked == nil || !slices.Equal(describe(service.asked), describe(want)) {
			t.Errorf("%s: asked %q, want %q", role, describe(service.asked), describe(want))
		}
	}
}

func describe(in *sts.AssumeRoleInput) []string {
	lines := []string{
		aws.ToString(in.RoleArn),
		aws.ToString(in.RoleSessionName),
		aws.ToString(in.SerialNumber),
		aws.ToString(in.TokenCode),
		(time.Duration(aws.ToInt32(in.DurationSeconds)) * time.Second).String(),
	}
	for _, tag := range in.Tags {
		lines = append(lines, aws.ToString(tag.Key)+"="+aws.ToString(tag.Value))
	}
	return lines
}

func TestTheMFADeviceGoesWithTheSession(t *testing.T) {
	with := session
	with.MFADevice, with.MFACode = "arn:aws:iam::111122223333:mfa/jane", "123456"
	service := &assumer{out: &sts.AssumeRoleOutput{Credentials: &types.Credentials{}}}
	if _, err := with.Assume(t.Context(), service, supporttest.Names, support.Support); err != nil {
		t.Fatal(err)
	}
	if aws.ToString(service.asked.SerialNumber) != with.MFADevice || aws.ToString(service.asked.TokenCode) != "123456" {
		t.Errorf("asked %v", describe(service.asked))
	}
	with.MFACode = "12345"
	if with.Check() == nil {
		t.Error("a code of five digits was taken")
	}
}

func TestTicketAndReasonAreCheckedBeforeAnybodyIsAsked(t *testing.T) {
	for _, wrong := range []support.Session{
		{Ticket: "", Reason: "lost phone"},
		{Ticket: "T", Reason: "lost phone"},
		{Ticket: "T 1", Reason: "lost phone"},
		{Ticket: "T,1", Reason: "lost phone"}, // a session may be named so, and a tag may not
		{Ticket: "T/1", Reason: "lost phone"}, // and the other way round
		{Ticket: strings.Repeat("T", 65), Reason: "lost phone"},
		{Ticket: "T-1", Reason: ""},
		{Ticket: "T-1", Reason: "  "},
		{Ticket: "T-1", Reason: "the customer's phone"},
		{Ticket: "T-1", Reason: "a\nb"},
		{Ticket: "T-1", Reason: strings.Repeat("x", 257)},
	} {
		service := &assumer{}
		_, err := wrong.Assume(t.Context(), service, supporttest.Names, support.Support)
		if err == nil || service.asked != nil || strings.Contains(support.Explain(err), "\n") {
			t.Errorf("%+v was taken (%v)", wrong, err)
		}
	}
	for _, right := range []support.Session{
		{Ticket: "T1", Reason: "x"},
		{Ticket: strings.Repeat("T", 64), Reason: strings.Repeat("ö", 256)},
		{Ticket: "a_+=.@-B9", Reason: "Größe: 1/2 @ +1-2_3"},
	} {
		if err := right.Check(); err != nil {
			t.Error(err)
		}
	}
}

func TestRefusalsOfTheRoleAreOneSentence(t *testing.T) {
	for name, service := range map[string]*assumer{
		"the role refuses you: config/stages.go must name you": {err: supporttest.APIError("AccessDenied")},
		"there are no AWS credentials: sign in first": {
			err: errors.New("get identity: get credentials: no EC2 IMDS role found"),
		},
		"AWS is busy (Throttling at AssumeRole)":                {err: supporttest.APIError("Throttling")},
		"AWS STS answered without credentials":                  {out: &sts.AssumeRoleOutput{}},
		"AssumeRole failed (RegionDisabledException: no Region": {err: supporttest.APIError("RegionDisabledException")},
	} {
		_, err := session.Assume(t.Context(), service, supporttest.Names, support.Support)
		if err == nil || !strings.HasPrefix(support.Explain(err), name) || strings.Contains(support.Explain(err), "\n") {
			t.Errorf("want %s…, got %v", name, support.Explain(err))
		}
	}
	for role, want := range map[support.Role]string{
		support.Support: "Support.Agents", support.Privacy: "Support.PrivacyOfficers",
	} {
		names := supporttest.Names
		names.SupportRoleARN, names.PrivacyRoleARN = "", ""
		_, err := session.Assume(t.Context(), &assumer{}, names, role)
		if err == nil ||
			!strings.Contains(support.Explain(err), "the stage has no role "+string(role)+": enter who may assume it at "+want) {
			t.Errorf("no role %s: %v", role, err)
		}
	}
}

const outputs = `{"SecureCart-Dev-UserPool": {"Region": "eu-central-1",
"UserPoolId": "eu-central-1_Pool00001", "ProofsTable": "Proofs", "SecondFactors": "TOTP,SMS"},
"SecureCart-Dev-Data": {"OrdersTable": "Orders", "CustomersTable": "Customers", "LinksTable": "Links",
"DocumentsBucket": "documents"},
"SecureCart-Dev-Operations": {"SupportRoleArn": "arn:aws:iam::111122223333:role/SecureCart-Dev-Support",
"PrivacyRoleArn": "arn:aws:iam::111122223333:role/SecureCart-Dev-Privacy"}}`

func TestNamesAreTheStagesOutputs(t *testing.T) {
	read := func(text string) (support.Names, error) {
		file := filepath.Join(t.TempDir(), "outputs.json")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return support.ReadNames(file)
	}
	if got, err := read(outputs); err != nil || !reflect.DeepEqual(got, supporttest.Names) {
		t.Errorf("read %+v, %v", got, err)
	}
	_, err := read(strings.ReplaceAll(strings.ReplaceAll(outputs, `"LinksTable"`, `"x"`), `"Region"`, `"y"`))
	if err == nil || !strings.HasSuffix(err.Error(), "has no output LinksTable, Region: deploy every stack of the stage") {
		t.Errorf("missing: %v", err)
	}
	if got, err := read(strings.ReplaceAll(outputs, `RoleArn"`, `x"`)); err != nil || got.SupportRoleARN != "" {
		t.Errorf("without roles: %+v, %v", got, err)
	}
	for _, wrong := range []string{`"x"`, `"SecondFactors"`} {
		if _, err := read(strings.Replace(outputs, `"SecondFactors": "TOTP,SMS"`, wrong+`: "email"`, 1)); err == nil ||
			!strings.Contains(err.Error(), "output SecondFactors") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
	got, err := read(strings.Replace(outputs, "TOTP,SMS", "", 1))
	if err != nil || len(got.SecondFactors) > 0 {
		t.Errorf("a stage without factors: %+v, %v", got, err)
	}
	if _, err := read("[]"); err == nil {
		t.Error("a list was taken for outputs")
	}
	if _, err := support.ReadNames(filepath.Join(t.TempDir(), "none.json")); err == nil ||
		!strings.Contains(err.Error(), "`make outputs STAGE=…` writes them") {
		t.Errorf("no file: %v", err)
	}
}
