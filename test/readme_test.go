package test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/config"
)

// readmeTable returns the rows of README's table with these column heads, cells without code quotes. It fails if there is
// no such table, or two.
func readmeTable(t *testing.T, heads ...string) [][]string {
	t.Helper()
	readme, err := os.ReadFile(root + "/README.md")
	if err != nil {
		t.Fatal(err)
	}
	head := "| " + strings.Join(heads, " | ") + " |"
	lines := strings.Split(string(readme), "\n")
	start := slices.IndexFunc(lines, func(line string) bool { return strings.TrimSpace(line) == head })
	if start < 0 || strings.Count(string(readme), head) != 1 {
		t.Fatalf("README.md has not exactly one table %s", head)
	}
	var rows [][]string
	for _, line := range lines[start+2:] {
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

func TestREADMEListsExactlyTheRoutes(t *testing.T) {
	var want [][]string
	eachStage(t, func(t *testing.T, s stageOf) {
		want = nil
		for _, method := range s.all(t, "AWS::ApiGateway::Method") {
			if r := method.route(t); r.method != "OPTIONS" {
				scope := r.scopes
				if scope == "" {
					scope = "–"
				}
				function := s.resource(t, "Api", strings.TrimSuffix(strings.TrimPrefix(r.handler, "${Api."), ".Arn}"))
				role := s.resource(t, "Api", strings.TrimSuffix(function.id[:len(function.id)-8], "Function")+"Role")
				handler := strings.TrimPrefix(role.text(t, "Description"), "Function ")
				want = append(want, []string{r.method, r.path, r.authorization, scope, handler})
			}
		}
		slices.SortFunc(want, func(a, b []string) int { return strings.Compare(a[1]+a[0], b[1]+b[0]) })
		if diff := cmp.Diff(want, readmeTable(t, "method", "path", "caller", "scope", "handler")); diff != "" {
			t.Errorf("README's routes (-template +README)\n%s", diff)
		}
	})
}

func TestREADMEListsExactlyTheOutputs(t *testing.T) {
	got := map[string][]string{}
	for _, row := range readmeTable(t, "output", "stack", "what a front end does with it") {
		got[row[1]] = append(got[row[1]], row[0])
		slices.Sort(got[row[1]])
	}
	// TestEveryOutputForPeopleExistsAndIsDescribed compares outputs with the templates.
	if diff := cmp.Diff(outputs, got); diff != "" {
		t.Errorf("README's outputs (-template +README)\n%s", diff)
	}
}

func TestREADMEListsExactlyTheSecretsToCreate(t *testing.T) {
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
	got := readmeTable(t, "secret", "stage", "provider")
	slices.SortFunc(want, byName)
	slices.SortFunc(got, byName)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("README's secrets (-template +README)\n%s", diff)
	}
}

// TestREADMEDescribesTheStagesAsConfigured compares the table of moving parts with the configuration and the templates.
// smsAlarm is the spending on SMS that alarms, where the stage sends any.
func smsAlarm(t *testing.T, s stageOf) string {
	t.Helper()
	if !s.config.Users.SendsSMS() {
		s.none(t, "AWS::CloudWatch::Alarm", "it would watch SMS that nobody sends")
		return "none: no SMS"
	}
	return fmt.Sprintf("above %v USD", s.only(t, "AWS::CloudWatch::Alarm").get("Threshold"))
}

func TestREADMEDescribesTheStagesAsConfigured(t *testing.T) {
	got := map[string][]string{}
	for _, row := range readmeTable(t, "part", "Dev", "Staging", "Prod") {
		got[row[0]] = row[1:]
	}
	for i, cfg := range config.Stages() {
		stage, _ := synthesized().Stage(cfg.ID())
		s := stageOf{stage, cfg}
		email := map[bool]string{true: "SES", false: "Cognito"}[cfg.Email.SES()]
		survives := map[bool]string{true: "users, orders, files, keys, logs", false: "nothing"}[cfg.Protection.Retain]
		parts := map[string]string{
			"user pool, feature plan":           string(cfg.Users.Plan),
			"MFA":                               map[config.MFA]string{config.Optional: "optional", config.Required: "required", config.RiskBased: "by risk"}[cfg.Users.MFA],
			"sender of e-mail":                  email,
			"customer-managed keys (per month)": count(t, s, "AWS::KMS::Key"),
			"web ACLs and their rules (per month, and by request)":            webACLs(t, s),
			"requests from one address in 5 minutes: API, user pool, sign-up": fmt.Sprintf("%d, %d, %d", cfg.Firewall.API, cfg.Firewall.SignIn, cfg.Firewall.SignUp),
			"alarm on SMS of the month (per month)":                           smsAlarm(t, s),
			"tables, on demand, recoverable for 35 days":                      count(t, s, "AWS::DynamoDB::Table"),
			"buckets":                         count(t, s, "AWS::S3::Bucket"),
			"functions":                       count(t, s, "AWS::Lambda::Function"),
			"logs kept":                       days(cfg),
			"survives deletion of its stacks": survives,
			"second factors":                  strings.Trim(strings.ReplaceAll(fmt.Sprint(cfg.Users.SecondFactors), " ", ", "), "[]"),
		}
		if len(got) != len(parts) {
			t.Errorf("README describes %d parts of %s, want %d", len(got), cfg.Name, len(parts))
		}
		for part, want := range parts {
			if cells := got[part]; len(cells) <= i || !strings.HasPrefix(cells[i], want) {
				t.Errorf("README: %s of %s is %v, want %q", part, cfg.Name, cells, want)
			}
		}
	}
}

func count(t *testing.T, s stageOf, typ string) string {
	t.Helper()
	return strconv.Itoa(len(s.all(t, typ)))
}

// webACLs counts web ACLs and the rules in all of them: each costs by the month.
func webACLs(t *testing.T, s stageOf) string {
	t.Helper()
	acls, rules := s.all(t, "AWS::WAFv2::WebACL"), 0
	for _, acl := range acls {
		rules += len(acl.get("Rules").([]any))
	}
	return fmt.Sprintf("%d, %d", len(acls), rules)
}

func days(cfg config.Stage) string { return strconv.Itoa(cfg.Logs.RetentionDays) + " days" }
