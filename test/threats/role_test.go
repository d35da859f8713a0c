package threats

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPatternsOverlapIfSomeTextMatchesBoth(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"iam:PassRole", "iam:PassRole", true},
		{"iam:passrole", "IAM:PASSROLE", true},
		{"iam:*", "iam:PassRole", true},
		{"iam:PassRole", "iam:*", true},
		{"*", "iam:*", true},
		{"*", "", true},
		{"cognito-idp:Admin*", "cognito-idp:*User", true},
		{"cognito-idp:AdminGetUser", "cognito-idp:Admin*", true},
		{"cognito-idp:AdminGetUser", "cognito-idp:AdminSet*", false},
		{"s3:Get?bject", "s3:GetObject", true},
		{"s3:Get?", "s3:GetObject", false},
		{"s3:GetObject", "s3:GetObjectAcl", false},
		{"kms:De*", "kms:Encrypt", false},
		{"a*c", "ab*", true},
		{"a*c", "b*", false},
		{"", "a", false},
	} {
		if got := overlap(c.a, c.b, fold); got != c.want {
			t.Errorf("overlap(%q, %q) = %t", c.a, c.b, got)
		}
		if got := overlap(c.b, c.a, fold); got != c.want {
			t.Errorf("overlap(%q, %q) = %t", c.b, c.a, got)
		}
	}
	if overlap("arn:aws:s3:::A/*", "arn:aws:s3:::a/x", exact) {
		t.Error("resources that differ in case overlap")
	}
}

const roleWithTwoPolicies = `{
	"Role01234567": {"Type": "AWS::IAM::Role", "Properties": {
		"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{
			"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"},
			"Condition": {
				"StringEquals": {"aws:SourceAccount": "1", "sts:ExternalId": ["b", "a"]},
				"Bool": {"aws:SecureTransport": true}}}]},
		"Policies": [{"PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Sid": "Inline",
			"Effect": "Allow", "Action": ["s3:PutObject", "s3:GetObject"], "Resource": "arn:aws:s3:::b/*"}]}}]}},
	"Policy01234567": {"Type": "AWS::IAM::Policy", "Properties": {"Roles": [{"Ref": "Role01234567"}],
		"PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", ` +
	`"Action": "s3:*", "Resource": {"Fn::GetAtt": ["Role01234567", "Arn"]}}]}}}}`

func TestARoleHoldsItsInlinePoliciesAndThoseThatNameIt(t *testing.T) {
	in := inspecting(small(t, roleWithTwoPolicies))
	r := in.roleOf("UserPool.Role")
	want := []string{"Allow s3:GetObject,s3:PutObject on arn:aws:s3:::b/*", "Deny s3:* on ${UserPool.Role.Arn}"}
	if diff := cmp.Diff(want, lines(r.granted)); diff != "" {
		t.Errorf("granted (-want +got)\n%s", diff)
	}
	const trust = "Allow sts:AssumeRole to Service lambda.amazonaws.com" +
		" if Bool aws:SecureTransport true and StringEquals aws:SourceAccount 1 and StringEquals sts:ExternalId a,b"
	r.trusts(trust)
	r.mayNot("s3:DeleteObject", "iam:*")
	if len(in.findings) > 0 {
		t.Errorf("findings about a sound role: %v", in.found())
	}
	r.mayNot("s3:Put*")
	r.does("s3:GetObject", "s3:*")
	r.demands(r.granted[0], "Bool aws:SecureTransport true")
	r.trusts("Allow sts:AssumeRole to Service ec2.amazonaws.com")
	if diff := cmp.Diff([]string{
		"T UserPool/Role01234567: may do s3:Put*: Allow s3:GetObject,s3:PutObject on arn:aws:s3:::b/*",
		`T UserPool/Role01234567: has a wildcard without a listed reason, "arn:aws:s3:::b/*": ` +
			"Allow s3:GetObject,s3:PutObject on arn:aws:s3:::b/*",
		"T UserPool/Role01234567: may do [s3:PutObject]: Allow s3:GetObject,s3:PutObject on arn:aws:s3:::b/*",
		"T UserPool/Role01234567: names no actions: Deny s3:* on ${UserPool.Role.Arn}",
		"T UserPool/Role01234567: is granted without [Bool aws:SecureTransport true]: " +
			"Allow s3:GetObject,s3:PutObject on arn:aws:s3:::b/*",
		"T UserPool/Role01234567: may be taken: [" + trust + `]; want "Allow sts:AssumeRole to Service ec2.amazonaws.com"`,
	}, in.found()); diff != "" {
		t.Errorf("findings (-want +got)\n%s", diff)
	}
}

func TestWhatCouldGrantMoreThanWasReadIsAFinding(t *testing.T) {
	for old, c := range map[string]struct{ replacement, want string }{
		`"Sid": "Inline"`: {`"NotAction": "iam:*"`,
			"T UserPool/Role01234567: statement element NotAction is not understood"},
		`"Policies": [`: {`"ManagedPolicyArns": ["arn:aws:iam::aws:policy/X"], "Policies": [`,
			`T UserPool/Role01234567: has managed policies ["arn:aws:iam::aws:policy/X"]: ` +
				`what they grant stands in no template`},
		`[{"Ref": "Role01234567"}]`: {`["another"]`,
			`T UserPool/Policy01234567: grants to "another", which is no role of its stack`},
		`"Roles": [`: {`"Users": ["u"], "Roles": [`, "T UserPool/Policy01234567: grants to users or groups"},
		`"arn:aws:s3:::b/*"`: {`{"Fn::Select": []}`,
			"T UserPool/Role01234567: cannot be judged: stack SecureCart-Test-UserPool: " +
				"do not know how to write Fn::Select of []"},
		`[{"Effect": "Deny", "Action": "s3:*", "Resource": {"Fn::GetAtt": ["Role01234567", "Arn"]}}]`: {`[]`,
			`T UserPool/Policy01234567: a policy without statements: {"Statement":[],"Version":"2012-10-17"}`},
		`{"Version": "2012-10-17", "Statement": [{"Effect": "Deny"`: {
			`{"Version": "2008-10-17", "Statement": [{"Effect": "Deny"`,
			`T UserPool/Policy01234567: a policy of version "2008-10-17", want 2012-10-17`},
		`"Statement": [{"Effect": "Deny"`: {`"Id": "another", "Statement": [{"Effect": "Deny"`,
			"T UserPool/Policy01234567: policy elements [Id] are not understood"},
		`{"aws:SecureTransport": true}`: {`{}`, "T UserPool/Role01234567: condition Bool {} is not understood"},
	} {
		if strings.Count(roleWithTwoPolicies, old) != 1 {
			t.Fatalf("%q is not in the template once", old)
		}
		in := inspecting(small(t, strings.Replace(roleWithTwoPolicies, old, c.replacement, 1)))
		in.everyRole()
		if diff := cmp.Diff([]string{c.want}, in.found()); diff != "" {
			t.Errorf("%s: findings (-want +got)\n%s", c.replacement, diff)
		}
	}
}

func TestAWildcardIsRefusedUnlessAListGivesItsReason(t *testing.T) {
	for line, refused := range map[string]bool{
		"s3:GetObject|arn:aws:s3:::b/x":                                        false,
		"s3:GetObject|*":                                                       true,
		"s3:*|arn:aws:s3:::b/x":                                                true,
		"s3:GetObject|arn:aws:s3:::b/*":                                        true,
		"s3:GetObject|arn:aws:s3:::b/?":                                        true,
		"s3:GetObject|${Data.Media.Arn}/products/*":                            false,
		"s3:GetObject|${Data.Media.Arn}/*":                                     true,
		"sns:Publish|*":                                                        false,
		"sns:Publish,sns:SetSMSAttributes|*":                                   true,
		"xray:PutTelemetryRecords,xray:PutTraceSegments|*":                     false,
		"logs:PutLogEvents|arn:aws:logs:eu-central-1:111122223333:log-group:*": false,
		"logs:PutLogEvents|arn:aws:logs:*:111122223333:log-group:*":            true,
		"s3:GetObject|":                                                        true,
		"|*":                                                                   true,
	} {
		actions, on, _ := strings.Cut(line, "|")
		in := inspecting(small(t, roleWithTwoPolicies))
		s := statement{effect: "Allow", actions: strings.Split(actions, ",")}
		if on != "" {
			s.resources = []string{on}
		}
		in.roleOf("UserPool.Role").names(s)
		if got := len(in.findings) > 0; got != refused {
			t.Errorf("%s: refused %t, want %t: %v", line, got, refused, in.found())
		}
	}
}

func TestAStatementOfTheDeskWithoutActionsIsAFinding(t *testing.T) {
	in := inspecting(small(t, strings.Replace(roleWithTwoPolicies, `"Action": "s3:*", `, "", 1)))
	in.roleOf("UserPool.Role").helps()
	const want = "may do several things by one statement: Deny  on ${UserPool.Role.Arn}"
	if !strings.Contains(strings.Join(in.found(), "\n"), want) {
		t.Errorf("found %v", in.found())
	}
}
