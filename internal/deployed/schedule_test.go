package deployed_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/deployed/stagetest"
)

// scheduled adds a rule that calls the function of orders, and the function's permission.
func scheduled(edit func(rule map[string]any)) stagetest.Change {
	return func(templates map[string]assembly.Template) {
		template := templates["Api"]
		var function string
		for id := range template.OfType("AWS::Lambda::Function") {
			if strings.HasPrefix(id, "OrdersFunction") {
				function = id
			}
		}
		arn := map[string]any{"Fn::GetAtt": []any{function, "Arn"}}
		rule := map[string]any{
			"ScheduleExpression": "rate(1 hour)", "State": "ENABLED", "Description": "an example",
			"Targets": []any{map[string]any{"Arn": arn, "Id": "Target0"}},
		}
		if edit != nil {
			edit(rule)
		}
		template.Resources["Hourly"] = assembly.Resource{Type: "AWS::Events::Rule", Properties: rule}
		permission := map[string]any{
			"Action": "lambda:InvokeFunction", "FunctionName": arn, "Principal": "events.amazonaws.com",
			"SourceArn": map[string]any{"Fn::GetAtt": []any{"Hourly", "Arn"}},
		}
		template.Resources["HourlyPermission"] = assembly.Resource{Type: "AWS::Lambda::Permission", Properties: permission}
	}
}

func TestRulesCallFunctionsOnSchedule(t *testing.T) {
	s := stagetest.Dev(t, scheduled(nil))
	if len(s.Schedules) != 4 {
		t.Fatalf("%d schedules, want the three of the stage and the one that was added", len(s.Schedules))
	}
	var orders deployed.Function
	for _, function := range s.Functions {
		if strings.HasPrefix(function.LogicalID, "OrdersFunction") {
			orders = function
		}
	}
	const arn = "arn:aws:events:eu-central-1:111122223333:rule/SecureCart-Dev-Api-Hourly"
	const name = "SecureCart-Dev-Api-Hourly"
	want := deployed.Schedule{Name: name, ARN: arn, Every: time.Hour, Functions: []string{orders.ARN}}
	if diff := cmp.Diff(want, added(s)); diff != "" {
		t.Errorf("schedules (-want +got)\n%s", diff)
	}
	const anyRule = "arn:aws:events:eu-central-1:111122223333:rule/*"
	for source, may := range map[string]bool{arn: true, arn + "2": false, anyRule: false} {
		if got := s.MayInvoke(deployed.EventBridge, orders.ARN, source); got != may {
			t.Errorf("rule %s may invoke: %t, want %t", source, got, may)
		}
	}
	if s.MayInvoke(deployed.CognitoPool, orders.ARN, arn) {
		t.Error("another service may invoke as the rule")
	}
}

// added is the schedule that scheduled adds.
func added(s *deployed.Stage) deployed.Schedule {
	for _, schedule := range s.Schedules {
		if strings.HasSuffix(schedule.Name, "-Hourly") {
			return schedule
		}
	}
	return deployed.Schedule{}
}

func TestRulesForEventsAreNoSchedules(t *testing.T) {
	before := stagetest.Dev(t)
	s := stagetest.Dev(t, scheduled(func(rule map[string]any) {
		delete(rule, "ScheduleExpression")
		rule["EventPattern"] = map[string]any{"source": []any{"aws.s3"}}
	}))
	if len(s.Schedules) != len(before.Schedules) || len(s.EventRules) != len(before.EventRules)+1 {
		t.Fatalf("%d schedules and %d rules for events, want one more of the latter only",
			len(s.Schedules), len(s.EventRules))
	}
	for _, rule := range s.EventRules {
		if strings.HasSuffix(rule.Name, "-Hourly") {
			if string(rule.Pattern) != `{"source":["aws.s3"]}` || len(rule.Functions) != 1 {
				t.Errorf("the rule is read as %+v with %s", rule, rule.Pattern)
			}
			return
		}
	}
	t.Error("the rule is not read")
}

func TestRatesAreReadAsEventBridgeDoes(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"rate(1 minute)": time.Minute, "rate(15 minutes)": 15 * time.Minute,
		"rate(2 hours)": 2 * time.Hour, "rate(1 day)": 24 * time.Hour,
	} {
		s := stagetest.Dev(t, scheduled(func(rule map[string]any) { rule["ScheduleExpression"] = text }))
		if got := added(s).Every; got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestSchedulesThatAreNotCertainStopTheStart(t *testing.T) {
	set := func(property string, value any) func(map[string]any) {
		return func(rule map[string]any) { rule[property] = value }
	}
	unset := func(property string) func(map[string]any) {
		return func(rule map[string]any) { delete(rule, property) }
	}
	target := func(arn string) func(map[string]any) {
		return set("Targets", []any{map[string]any{"Arn": arn, "Id": "Target0"}})
	}
	for name, c := range map[string]struct {
		edit func(map[string]any)
		want string
	}{
		"cron":         {set("ScheduleExpression", "cron(0 3 * * ? *)"), "ScheduleExpression"},
		"one hours":    {set("ScheduleExpression", "rate(1 hours)"), "ScheduleExpression"},
		"two hour":     {set("ScheduleExpression", "rate(2 hour)"), "ScheduleExpression"},
		"never":        {set("ScheduleExpression", "rate(0 hours)"), "ScheduleExpression"},
		"switched off": {set("State", "DISABLED"), `State "DISABLED" is not understood`},
		"by an event, too": {set("EventPattern", map[string]any{"source": []any{"aws.s3"}}),
			"one of ScheduleExpression and EventPattern must be stated"},
		"no schedule": {unset("ScheduleExpression"), "one of ScheduleExpression and EventPattern must be stated"},
		"no state":    {unset("State"), "State must be stated"},
		"no target":   {unset("Targets"), "Targets must be stated"},
		"a queue":     {target("arn:aws:sqs:eu-central-1:111122223333:queue"), "is no function"},
		"an input of the template's": {func(rule map[string]any) {
			rule["Targets"].([]any)[0].(map[string]any)["Input"] = "{}"
		}, `unknown field "Input"`},
	} {
		_, err := deployed.Load(stagetest.Reviewed(t, "SecureCart-Dev", scheduled(c.edit)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want an error with %q", name, err, c.want)
		}
	}
}

func TestPropertiesWithoutEffectHereAreReadByName(t *testing.T) {
	s := stagetest.Dev(t, func(templates map[string]assembly.Template) {
		for _, r := range templates["Data"].OfType("AWS::DynamoDB::Table") {
			r.Properties["OnDemandThroughput"] = map[string]any{"MaxReadRequestUnits": 100, "MaxWriteRequestUnits": 50}
			r.Properties["TimeToLiveSpecification"] = map[string]any{"AttributeName": "expiresAt", "Enabled": true}
		}
		for _, r := range templates["Data"].OfType("AWS::S3::Bucket") {
			r.Properties["LifecycleConfiguration"] = map[string]any{"Rules": []any{map[string]any{
				"Status": "Enabled", "AbortIncompleteMultipartUpload": map[string]any{"DaysAfterInitiation": 1},
			}}}
		}
		for _, r := range templates["Api"].OfType("AWS::ApiGateway::RestApi") {
			r.Properties["SecurityPolicy"], r.Properties["EndpointAccessMode"] = "SecurityPolicy_TLS13_1_2_2021_06", "STRICT"
		}
		for _, r := range templates["Api"].OfType("AWS::IAM::Role") {
			r.Properties["MaxSessionDuration"] = 3600
		}
		templates["Data"].Resources["Desk"] = assembly.Resource{Type: "AWS::IAM::Role", Properties: map[string]any{
			"RoleName": "SecureCart-Dev-Support", "AssumeRolePolicyDocument": map[string]any{},
		}}
	})
	const arn = "arn:aws:iam::111122223333:role/SecureCart-Dev-Support"
	if role := s.Roles[arn]; role.Name != "SecureCart-Dev-Support" || role.ARN != arn {
		t.Errorf("a role with a name of its own is %+v", role)
	}
}
