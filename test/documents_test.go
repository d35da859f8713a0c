package test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/test/threats"
)

// documents are the pages for people whose tables are compared with the templates.
var documents = []string{"README.md", "docs/reference.md", "docs/operations.md"}

// documentedTable returns the rows of the one table with these column heads, cells without code quotes. It fails if
// there is no such table in the documents, or two.
func documentedTable(t *testing.T, heads ...string) [][]string {
	t.Helper()
	head := "| " + strings.Join(heads, " | ") + " |"
	var found [][][]string
	for _, document := range documents {
		text, err := os.ReadFile(filepath.Join(root, document))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(text), "\n")
		for i, line := range lines {
			if strings.TrimSpace(line) == head {
				found = append(found, tableRows(lines[i+2:]))
			}
		}
	}
	if len(found) != 1 {
		t.Fatalf("%v have %d tables %s, want one", documents, len(found), head)
	}
	return found[0]
}

// tableRows are the rows up to the first line that is none.
func tableRows(lines []string) (rows [][]string) {
	for _, line := range lines {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") {
			break
		}
		var cells []string
		for cell := range strings.SplitSeq(strings.Trim(line, "|"), "|") {
			cells = append(cells, strings.Trim(strings.TrimSpace(cell), "`"))
		}
		rows = append(rows, cells)
	}
	return rows
}

func TestTheReferenceListsExactlyTheRoutes(t *testing.T) {
	eachStage(t, func(in *threats.Inspection) {
		var want [][]string
		for _, r := range in.Routes() {
			if r.Verb == "OPTIONS" {
				continue
			}
			scope := strings.Join(r.Scopes, " ")
			if scope == "" {
				scope = "–"
			}
			function := strings.TrimSuffix(strings.TrimPrefix(r.Handler(), "${"), "Function.Arn}")
			description := in.The("AWS::IAM::Role", function+"Role").At("Description").Text()
			want = append(want, []string{r.Verb, r.Path, r.Authorization, scope, strings.TrimPrefix(description, "Function ")})
		}
		slices.SortFunc(want, func(a, b []string) int { return strings.Compare(a[1]+a[0], b[1]+b[0]) })
		if diff := cmp.Diff(want, documentedTable(t, "method", "path", "caller", "scope", "handler")); diff != "" {
			in.Fail(in.ID, "has other routes than the documented ones (-template +README)\n%s", diff)
		}
	})
}

func TestTheReferenceListsExactlyTheOutputs(t *testing.T) {
	got := map[string][]string{}
	for _, row := range documentedTable(t, "output", "stack", "what a front end does with it") {
		got[row[1]] = append(got[row[1]], row[0])
		slices.Sort(got[row[1]])
	}
	// TestEveryOutputForPeopleExistsAndIsDescribed compares outputs with the templates.
	if diff := cmp.Diff(outputs, got); diff != "" {
		t.Errorf("the documented outputs (-template +README)\n%s", diff)
	}
}

func TestOperationsListExactlyTheSecretsToCreate(t *testing.T) {
	reference := regexp.MustCompile(`^\{\{resolve:secretsmanager:([^:]+):`)
	var want [][]string
	for _, cfg := range config.Stages() {
		stage, _ := synthesized().Stage(cfg.ID())
		stack, _ := stage.Stack("IdentityProviders")
		for _, provider := range stack.Template.OfType("AWS::Cognito::UserPoolIdentityProvider") {
			secret, _ := provider.Properties["ProviderDetails"].(map[string]any)["client_secret"].(string)
			if name := reference.FindStringSubmatch(secret); name != nil {
				want = append(want, []string{name[1], cfg.Name, provider.Properties["ProviderName"].(string)})
			}
		}
	}
	byName := func(a, b []string) int { return strings.Compare(a[0], b[0]) }
	got := documentedTable(t, "secret", "stage", "provider")
	slices.SortFunc(want, byName)
	slices.SortFunc(got, byName)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the documented secrets (-template +README)\n%s", diff)
	}
}

// smsAlarm is the spending on SMS that alarms, where the stage sends any.
func smsAlarm(in *threats.Inspection) string {
	if !in.Config.Users.SendsSMS() {
		return "none: no SMS"
	}
	return fmt.Sprintf("from %v USD", in.The("AWS::CloudWatch::Alarm", "Operations.AlarmsSmsSpend").At("Threshold").Got)
}

// TestTheReferenceDescribesTheStagesAsConfigured compares the table of moving parts with the configuration and the
// templates.
func TestTheReferenceDescribesTheStagesAsConfigured(t *testing.T) {
	got := map[string][]string{}
	for _, row := range documentedTable(t, "part", "Dev", "Staging", "Prod") {
		got[row[0]] = row[1:]
	}
	columns := config.Stages()
	eachStage(t, func(in *threats.Inspection) {
		cfg := in.Config
		i := slices.IndexFunc(columns, func(s config.Stage) bool { return s.Name == cfg.Name })
		if i < 0 {
			return // a variant
		}
		email := map[bool]string{true: "SES", false: "Cognito"}[cfg.Email.SES()]
		survives := map[bool]string{true: "users, orders, files, keys, logs", false: "nothing"}[cfg.Protection.Retain]
		mfa := map[config.MFA]string{
			config.Optional: "optional", config.Required: "required", config.RiskBased: "by risk",
		}
		var factors []string
		for _, factor := range cfg.Users.SecondFactors {
			factors = append(factors, string(factor))
		}
		parts := map[string]string{
			"user pool, feature plan":           string(cfg.Users.Plan),
			"MFA":                               mfa[cfg.Users.MFA],
			"sender of e-mail":                  email,
			"customer-managed keys (per month)": count(in, "AWS::KMS::Key"),
			"web ACLs and their rules (per month, and by request)": webACLs(in),
			"requests from one address in 5 minutes: API, user pool, sign-up": fmt.Sprintf(
				"%d, %d, %d", cfg.WebACL.API, cfg.WebACL.SignIn, cfg.WebACL.SignUp),
			"alarm on SMS of the month (per month)":                    smsAlarm(in),
			"alarms, and those of them that wake somebody (per month)": alarmCounts(in),
			"tables, on demand, recoverable for 35 days":               count(in, "AWS::DynamoDB::Table"),
			"buckets":                         count(in, "AWS::S3::Bucket"),
			"functions":                       count(in, "AWS::Lambda::Function"),
			"logs kept":                       days(cfg),
			"survives deletion of its stacks": survives,
			"second factors":                  strings.Join(factors, ", "),
		}
		if len(got) != len(parts) {
			in.Fail(in.ID, "has %d parts in the reference, want %d", len(got), len(parts))
		}
		for part, want := range parts {
			if cells := got[part]; len(cells) <= i || !strings.HasPrefix(cells[i], want) {
				in.Fail(in.ID, "has %s in the reference: %v, want %q", part, cells, want)
			}
		}
	})
}

func count(in *threats.Inspection, typ string) string { return strconv.Itoa(len(in.Every(typ))) }

// webACLs counts web ACLs and the rules in all of them: each costs by the month.
func webACLs(in *threats.Inspection) string {
	acls, rules := in.Every("AWS::WAFv2::WebACL"), 0
	for _, acl := range acls {
		rules += len(acl.At("Rules").Each())
	}
	return fmt.Sprintf("%d, %d", len(acls), rules)
}

// alarmCounts counts the alarms, and those that sum others up.
func alarmCounts(in *threats.Inspection) string {
	return count(in, "AWS::CloudWatch::Alarm") + ", " + count(in, "AWS::CloudWatch::CompositeAlarm")
}

func days(cfg config.Stage) string { return strconv.Itoa(cfg.Logs.RetentionDays) + " days" }
