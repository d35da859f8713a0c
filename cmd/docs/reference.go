package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/test/threats"
)

// inspectEach runs a check on the reviewed templates of every configured stage. A failure of the check is an error.
func inspectEach(root string, check func(in *threats.Inspection)) error {
	for _, cfg := range config.Stages() {
		stage, err := readTemplates(root, cfg, cfg.ID()+"-*.json")
		if err != nil {
			return err
		}
		if missed := threats.Inspect(threats.NewTarget(stage, cfg), check); len(missed) > 0 {
			return fmt.Errorf("%v", missed)
		}
	}
	return nil
}

// routes returns the table of the API's methods, which are the same in every stage.
func routes(root string) (string, error) {
	var first [][]string
	err := inspectEach(root, func(in *threats.Inspection) {
		rows := routesOf(in)
		if first == nil {
			first = rows
		}
		if !slices.EqualFunc(first, rows, slices.Equal) {
			in.Fail(in.ID, "has other routes than the first stage: %q, not %q", rows, first)
		}
	})
	var d document
	d.table([]string{"method", "path", "caller", "scope", "handler"}, first)
	return d.String(), err
}

func routesOf(in *threats.Inspection) [][]string {
	var rows [][]string
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
		rows = append(rows, []string{r.Verb, r.Path, r.Authorization, scope, strings.TrimPrefix(description, "Function ")})
	}
	slices.SortFunc(rows, func(a, b []string) int { return strings.Compare(a[1]+a[0], b[1]+b[0]) })
	return rows
}

// providerSecret matches the reference to a secret that templates contain in place of the value.
var providerSecret = regexp.MustCompile(`^\{\{resolve:secretsmanager:([^:]+):`)

// providerSecrets returns the table of the secrets that the shop has to create before a deploy.
func providerSecrets(root string) (string, error) {
	var rows [][]string
	err := inspectEach(root, func(in *threats.Inspection) {
		for _, provider := range in.Any("AWS::Cognito::UserPoolIdentityProvider") {
			secret, _ := provider.At("ProviderDetails", "client_secret").Got.(string)
			if name := providerSecret.FindStringSubmatch(secret); name != nil {
				rows = append(rows, []string{name[1], in.Config.Name, provider.At("ProviderName").Text()})
			}
		}
	})
	slices.SortFunc(rows, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	var d document
	d.table([]string{"secret", "stage", "provider"}, rows)
	return d.String(), err
}

// parts lists the rows of the table of a stage's parts. Each row has a function that returns its cell for a stage.
var parts = []struct {
	name string
	cell func(in *threats.Inspection) string
}{
	{"user pool, feature plan", plan},
	{"MFA", func(in *threats.Inspection) string { return mfa[in.Config.Users.MFA] }},
	{"second factors", secondFactors},
	{"sender of e-mail", func(in *threats.Inspection) string {
		return map[bool]string{true: "SES", false: "Cognito"}[in.Config.Email.SES()]
	}},
	{"customer-managed keys (per month)", count("AWS::KMS::Key")},
	{"web ACLs and their rules (per month, and by request)", webACLs},
	{"requests from one address in 5 minutes: API, user pool, sign-up", func(in *threats.Inspection) string {
		limits := in.Config.WebACL
		return fmt.Sprintf("%d, %d, %d", limits.API, limits.SignIn, limits.SignUp)
	}},
	{"alarm on SMS of the month (per month)", smsAlarm},
	{"alarms, and those of them that wake somebody (per month)", func(in *threats.Inspection) string {
		return count("AWS::CloudWatch::Alarm")(in) + ", " + count("AWS::CloudWatch::CompositeAlarm")(in)
	}},
	{"tables, on demand, recoverable for 35 days", count("AWS::DynamoDB::Table")},
	{"buckets", count("AWS::S3::Bucket")},
	{"functions", count("AWS::Lambda::Function")},
	{"logs kept", func(in *threats.Inspection) string { return strconv.Itoa(in.Config.Logs.RetentionDays) + " days" }},
	{"survives deletion of its stacks", func(in *threats.Inspection) string {
		return map[bool]string{true: "users, orders, files, keys, logs", false: "nothing"}[in.Config.Protection.Retain]
	}},
}

// stageParts returns the table of each stage's parts.
func stageParts(root string) (string, error) {
	heads, rows := []string{"part"}, make([][]string, len(parts))
	for i, part := range parts {
		rows[i] = []string{part.name}
	}
	err := inspectEach(root, func(in *threats.Inspection) {
		heads = append(heads, in.Config.Name)
		for i, part := range parts {
			rows[i] = append(rows[i], part.cell(in))
		}
	})
	var d document
	d.table(heads, rows)
	return d.String(), err
}

func count(typ string) func(*threats.Inspection) string {
	return func(in *threats.Inspection) string { return strconv.Itoa(len(in.Every(typ))) }
}

func plan(in *threats.Inspection) string {
	text := string(in.Config.Users.Plan)
	if in.Config.Users.ThreatProtection == config.Enforce {
		text += " (threat protection)"
	}
	return text
}

var mfa = map[config.MFA]string{config.Optional: "optional", config.Required: "required", config.RiskBased: "by risk"}

func secondFactors(in *threats.Inspection) string {
	var factors []string
	for _, factor := range in.Config.Users.SecondFactors {
		factors = append(factors, string(factor))
	}
	return strings.Join(factors, ", ")
}

// webACLs counts web ACLs and their rules: AWS charges for each by the month.
func webACLs(in *threats.Inspection) string {
	acls, rules := in.Every("AWS::WAFv2::WebACL"), 0
	for _, acl := range acls {
		rules += len(acl.At("Rules").Each())
	}
	return fmt.Sprintf("%d, %d", len(acls), rules)
}

// smsAlarm returns the spending on SMS that starts an alarm, if the stage sends SMS.
func smsAlarm(in *threats.Inspection) string {
	if !in.Config.Users.SendsSMS() {
		return "none: no SMS"
	}
	return fmt.Sprintf("from %v USD", in.The("AWS::CloudWatch::Alarm", "Operations.AlarmsSmsSpend").At("Threshold").Got)
}
