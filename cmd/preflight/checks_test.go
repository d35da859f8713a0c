package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/module"
)

func TestAnAccountWhereNothingIsAmiss(t *testing.T) {
	results, asked := look(t, prod(), nil, nil)
	var got []string
	for _, r := range results {
		got = append(got, short(r))
	}
	want := []string{
		"ok credentials: account 444455556666 in eu-central-1, as the config says " +
			"(arn:aws:sts::444455556666:assumed-role/Deployer/jane)",
		"ok region: eu-central-1 has all services that a stage needs",
		"ok bootstrap: version 30, and the templates need 6",
		"ok stacks: no stack of Prod exists yet",
		"ok record: the record of changes has no bucket yet",
		"ok secrets: securecart/prod/google, the client secret of Google, exists; its value was not read",
		"ok secrets: securecart/prod/facebook, the client secret of Facebook, exists; its value was not read",
		"ok domain: auth.securecart.example is free",
		"ok certificate: the certificate in us-east-1 is issued and covers auth.securecart.example",
		"ok parent domain: securecart.example, the parent of auth.securecart.example, has an A record",
		"ok e-mail: SES in eu-west-1 is out of its sandbox, and may send 50000 messages a day",
		"ok e-mail: the identity securecart.example is verified",
		"ok e-mail: Cognito may send notices of risky sign-ins as " +
			"arn:aws:ses:eu-west-1:444455556666:identity/securecart.example",
		"ok SMS: SMS in eu-central-1 are out of their sandbox",
		"ok SMS: SMS stop at 50 US dollars a month, and the alarm rings above 20",
		"ok API log role: API Gateway has no role for logs in eu-central-1: this stage provisions it",
		"ok log policies: CloudWatch Logs in eu-central-1 has 1 of 10 resource policies",
		"ok trail: the trail all logs management events of eu-central-1",
		"ok IAM's events: the rule SecureCartRoles in us-east-1 forwards events to eu-central-1",
		"ok concurrency: 900 functions may run at once in eu-central-1, and about 300 do when the API takes what it may",
		"ok quotas: Cognito takes, a second, of all user pools in eu-central-1: UserAuthentication 120, UserRead 120, " +
			"UserCreation 50, " +
			"UserFederation 25, UserAccountRecovery 30",
		"ok Facebook: Facebook's Graph API v26.0 had no successor when it was looked up, and so no end",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for operation, hosts := range asked.asked {
		region := "eu-central-1"
		switch operation {
		case "DescribeCertificate", "ListRuleNamesByTarget":
			region = "us-east-1"
		case "ses:GetAccount", "GetEmailIdentity":
			region = "eu-west-1"
		}
		for _, host := range hosts {
			if !strings.Contains(host, region) {
				t.Errorf("%s asked %s, want one in %s", operation, host, region)
			}
		}
	}
}

// TestAPlainStageIsCheckedOnlyForWhatItUses: Dev has no custom domain, no SES and no account.
func TestAPlainStageIsCheckedOnlyForWhatItUses(t *testing.T) {
	results, r := look(t, dev(), nil, names{})
	for _, operation := range []string{"DescribeCertificate", "ses:GetAccount", "GetEmailIdentity"} {
		if r.asked[operation] != nil {
			t.Errorf("%s was asked", operation)
		}
	}
	for _, name := range []string{"certificate", "parent domain"} {
		if got := of(results, name); len(got) > 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := short(of(results, "credentials")[0]); !strings.HasPrefix(got, "ok credentials: account 444455556666 in "+
		"eu-central-1, because of the credentials") {
		t.Errorf("got %s", got)
	}
	if got := of(results, "e-mail"); len(got) != 1 || !strings.Contains(got[0].Finding, "50 a day") {
		t.Errorf("e-mail: %v", got)
	}
	staging := dev()
	staging.Users.SecondFactors, staging.Providers = []config.SecondFactor{config.TOTP}, nil
	results, r = look(t, staging, nil, names{})
	if len(of(results, "SMS")) > 0 || len(of(results, "secrets")) > 0 || len(of(results, "Facebook")) > 0 ||
		r.asked["GetSMSAttributes"] != nil {
		t.Errorf("without SMS and providers: %v", results)
	}
}

// TestNoValueOfASecretIsRead: the recorded account answers nothing else, so a request for a value would fail this test.
func TestNoValueOfASecretIsRead(t *testing.T) {
	_, r := look(t, prod(), nil, nil)
	for operation, sent := range r.sent {
		if strings.Contains(operation, "SecretValue") || strings.Contains(sent, "WithDecryption\":true") {
			t.Errorf("%s: %s", operation, sent)
		}
	}
	if !strings.Contains(r.sent["DescribeSecret"], "securecart/prod/google") {
		t.Errorf("secrets asked for: %s", r.sent["DescribeSecret"])
	}
}

func TestWorst(t *testing.T) {
	for want, statuses := range map[Status][]Status{
		OK: {OK, OK}, Warning: {OK, Warning, OK}, Failure: {Warning,
			Failure, Warning},
	} {
		var results []Result
		for _, status := range statuses {
			results = append(results, Result{Status: status})
		}
		if got := worstOf(results); got != want {
			t.Errorf("%v: got %s", statuses, got)
		}
	}
	if worstOf(nil) != OK {
		t.Error("nothing is not ok")
	}
}

func root(t *testing.T) string {
	t.Helper()
	folder, err := module.Root()
	if err != nil {
		t.Fatal(err)
	}
	return folder
}
