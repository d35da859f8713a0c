package test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/securecart/identity/config"
)

// TestRolesAreGrantedTheSameInEveryStage: package access lists exactly what each role of a committed stage may do. Here
// every stage and every variant is compared with the first that has the role, so that a permission that depends on the
// configuration is none that nobody listed.
func TestRolesAreGrantedTheSameInEveryStage(t *testing.T) {
	type granted struct {
		stage string
		lines []string
	}
	first := map[string]granted{}
	eachStage(t, func(t *testing.T, s stageOf) {
		anyStage := strings.NewReplacer(":"+s.config.Region+":"+s.account()+":", ":here:", "."+s.config.Region+".amazonaws.com",
			".here.amazonaws.com", clientsParameter(s), "<clients parameter>")
		for _, role := range s.all(t, "AWS::IAM::Role") {
			lines := role.granted(t)
			for i := range lines {
				lines[i] = anyStage.Replace(lines[i])
			}
			name := role.stack.ID + "." + role.id[:len(role.id)-8]
			if first[name].lines == nil {
				first[name] = granted{s.ID, lines}
			}
			compare(t, lines, first[name].lines, name+" may do something else than in "+first[name].stage)
		}
	})
	committed := map[string]bool{}
	for _, stage := range config.Stages() {
		committed[stage.ID()] = true
	}
	for name, role := range first {
		if !committed[role.stage] {
			t.Errorf("%s is a role of the variant %s only: package access lists nothing of it", name, role.stage)
		}
	}
}

// TestEveryPolicyBelongsToOneRole closes the other ways to a permission: policies of users and groups, and managed
// policies.
func TestEveryPolicyBelongsToOneRole(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		for _, policy := range s.all(t, "AWS::IAM::Policy") {
			want(t, policy, nil, "users would hold permissions", "Users")
			want(t, policy, nil, "groups would hold permissions", "Groups")
			if got := len(policy.get("Roles").([]any)); got != 1 {
				t.Errorf("%s belongs to %d roles, want one", policy, got)
			}
		}
		for _, typ := range []string{
			"AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::ManagedPolicy", "AWS::IAM::UserPolicy", "AWS::IAM::RolePolicy",
			"AWS::IAM::AccessKey", "AWS::Cognito::UserPoolGroup", "AWS::Cognito::UserPoolUser",
		} {
			s.none(t, typ, "permissions would be granted where nobody looks")
		}
	})
}

// TestStatementIDsDifferWithinAPolicy: IAM refuses a policy with two statements of one id, and no schema knows it.
func TestStatementIDsDifferWithinAPolicy(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		for _, policy := range s.all(t, "AWS::IAM::Policy") {
			seen := map[string]bool{}
			for i := range policy.get("PolicyDocument", "Statement").([]any) {
				sid, _ := policy.get("PolicyDocument", "Statement", i, "Sid").(string)
				if sid != "" && seen[sid] {
					t.Errorf("%s: two statements %s: IAM would refuse the policy in the middle of a deploy", policy, sid)
				}
				seen[sid] = true
			}
		}
	})
}

// wildcards are those that stay, with why: resources, and conditions with their values.
var wildcards = map[string]string{
	"* for xray:PutTelemetryRecords,xray:PutTraceSegments": "X-Ray knows no resource for them",
	"* for sns:Publish":                                              "a phone number has no ARN",
	"arn:aws:logs:<region>:<account>:log-group:*":                    "API Gateway's one role logs for every API",
	"${Data.Media.Arn}/products/*":                                   "any picture of a product",
	"${Data.Documents.Arn}/customers/${aws:PrincipalTag/customer}/*": "any document of one's own",
	"${Data.Documents.Arn}/customers/*":                              "a privacy officer erases any customer",
	"StringLike s3:prefix customers/*":                               "a privacy officer erases any customer",
}

// TestNoWildcardIsThereWithoutReason: an action with a wildcard grants what AWS will add, and a resource or value what
// will be made.
func TestNoWildcardIsThereWithoutReason(t *testing.T) {
	used := map[string]string{}
	eachStage(t, func(t *testing.T, s stageOf) {
		here := strings.NewReplacer(":"+s.config.Region+":"+s.account()+":", ":<region>:<account>:")
		for _, role := range s.all(t, "AWS::IAM::Role") {
			for _, statement := range role.granted(t) {
				_, rest, _ := strings.Cut(statement, " ")
				actions, on, _ := strings.Cut(rest, " on ")
				resources, conditions, _ := strings.Cut(on, " if ")
				if strings.ContainsAny(actions, "*?") {
					t.Errorf("%s: %s: an action with a wildcard", role, statement)
				}
				for _, text := range append(strings.Split(resources, ","), strings.Split(conditions, " and ")...) {
					if !strings.ContainsAny(text, "*?") {
						continue
					}
					if text = here.Replace(text); text == "*" {
						text += " for " + actions
					}
					used[text] = fmt.Sprintf("%s: %s", role, statement)
				}
			}
		}
	})
	for text, statement := range used {
		if wildcards[text] == "" {
			t.Errorf("%s: the wildcard of %q has no listed reason", statement, text)
		}
	}
	for text := range wildcards {
		if used[text] == "" {
			t.Errorf("%q is listed with a reason, and no statement has it", text)
		}
	}
}

func TestResourcePoliciesGrantNothing(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		for _, bucket := range s.all(t, "AWS::S3::BucketPolicy") {
			for _, statement := range bucket.statements(t, "PolicyDocument") {
				// S3's log delivery may write to the one bucket that is made for it.
				delivery := strings.HasPrefix(statement, "Allow s3:PutObject to Service logging.s3.amazonaws.com on ${Data.AccessLogs.Arn}/")
				if !strings.HasPrefix(statement, "Deny ") && (!delivery || !strings.Contains(statement, "aws:SourceAccount "+s.account())) {
					t.Errorf("%s: %s: a bucket policy that grants goes around the roles", bucket, statement)
				}
			}
		}
		compare(t, s.resource(t, "Data", "DataKey").statements(t, "KeyPolicy"), []string{s.leftToIAM()},
			"the key policy must leave everything to the roles' policies (\"*\" is this key)")
		want(t, s.only(t, "AWS::ApiGateway::RestApi"), nil, "a resource policy can pass for authentication", "Policy")
	})
}

// leftToIAM is the statement of a key policy that leaves the key to the policies of roles.
func (s stageOf) leftToIAM() string {
	return "Allow kms:* to AWS arn:aws:iam::" + s.account() + ":root on *"
}

// TestTheLogKeyIsForLogsAndAlarmsOfThisAccountOnly: the condition on the encryption context is what keeps CloudWatch Logs, a
// service that works for every account, from using the key for others.
func TestTheLogKeyIsForLogsAndAlarmsOfThisAccountOnly(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		here := s.config.Region + ":" + s.account() + ":"
		expected := []string{
			s.leftToIAM(),
			"Allow kms:Decrypt,kms:DescribeKey,kms:Encrypt,kms:GenerateDataKey,kms:GenerateDataKeyWithoutPlaintext,kms:ReEncryptFrom,kms:ReEncryptTo" +
				" to Service logs." + s.config.Region + ".amazonaws.com on *" +
				" if ArnLike kms:EncryptionContext:aws:logs:arn arn:aws:logs:" + here + "log-group:*",
		}
		if s.config.Users.SendsSMS() {
			expected = append(expected, "Allow kms:Decrypt,kms:GenerateDataKey to Service cloudwatch.amazonaws.com on *"+s.ofTheAlarm())
		}
		compare(t, s.resource(t, "UserPool", "LogKey").statements(t, "KeyPolicy"), expected, "others could use the key, or logs and alarms would not arrive")
	})
}
