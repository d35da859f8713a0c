package test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/test/threats"
)

const (
	metricAlarm    = "AWS::CloudWatch::Alarm"
	compositeAlarm = "AWS::CloudWatch::CompositeAlarm"
)

// reading is one series that an alarm reads, in the form of Stage.Text.
type reading struct {
	namespace, metric, statistic string
	dimensions                   map[string]string
}

// readings are the series of an alarm.
func readings(alarm threats.Resource) []reading {
	var all []reading
	for _, query := range alarm.At("Metrics").Each() {
		if query.At("MetricStat").Got == nil {
			continue
		}
		of := query.At("MetricStat", "Metric")
		r := reading{
			of.At("Namespace").Text(), of.At("MetricName").Text(), query.At("MetricStat", "Stat").Text(), map[string]string{},
		}
		for _, dimension := range of.At("Dimensions").Elements() {
			r.dimensions[dimension.At("Name").Text()] = dimension.At("Value").Text()
		}
		all = append(all, r)
	}
	return all
}

// watched are the metrics, sorted, that alarms read of the resource that a dimension names.
func watched(in *threats.Inspection, dimension, named string) []string {
	metrics := map[string]bool{}
	for _, alarm := range in.Every(metricAlarm) {
		for _, r := range readings(alarm) {
			if r.dimensions[dimension] == named {
				metrics[r.metric] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(metrics))
}

// part is a type of resource on which customers depend: its name in CloudWatch, and the metrics that must be watched.
type part struct {
	dimension string
	name      func(threats.Resource) string
	metrics   []string
	// some are metrics that need to be watched for one resource of the type, or in some stages.
	some []string
}

var parts = map[string]part{
	"AWS::Lambda::Function": {
		dimension: "FunctionName", name: reference,
		metrics: []string{"ConcurrentExecutions", "Duration", "Errors", "Invocations", "Throttles"},
		// No event of the function that keeps the record may be lost.
		some: []string{"AsyncEventsDropped", "DeadLetterErrors"},
	},
	"AWS::ApiGateway::RestApi": {
		dimension: "ApiName", name: func(r threats.Resource) string { return r.At("Name").Text() },
		metrics: []string{"4XXError", "5XXError", "Count", "Latency"},
	},
	"AWS::Cognito::UserPool": {
		dimension: "UserPool", name: reference,
		metrics: []string{"SignInSuccesses", "SignInThrottles", "SignUpThrottles", "TokenRefreshThrottles"},
		some:    []string{"SignUpSuccesses", "FederationSuccesses"},
	},
	"AWS::Cognito::UserPoolClient": {
		dimension: "UserPoolClient", name: reference,
		metrics: []string{"SignInSuccesses", "SignInThrottles", "SignUpThrottles", "TokenRefreshThrottles"},
		some:    []string{"SignUpSuccesses", "FederationSuccesses"},
	},
	"AWS::Cognito::UserPoolIdentityProvider": {
		dimension: "IdentityProvider", name: func(r threats.Resource) string { return r.At("ProviderName").Text() },
		metrics: []string{"FederationSuccesses"},
	},
	"AWS::DynamoDB::Table": {
		dimension: "TableName", name: reference,
		metrics: []string{"ReadThrottleEvents", "SystemErrors", "WriteThrottleEvents"},
	},
	"AWS::WAFv2::WebACL": {
		dimension: "WebACL", name: func(r threats.Resource) string { return r.At("VisibilityConfig", "MetricName").Text() },
		metrics: []string{"AllowedRequests", "BlockedRequests"},
	},
	"AWS::SQS::Queue": {
		dimension: "QueueName", name: func(r threats.Resource) string { return r.Ref("QueueName") },
		metrics: []string{"ApproximateNumberOfMessagesVisible", "NumberOfMessagesSent"},
	},
}

func reference(r threats.Resource) string { return r.Ref() }

// TestEveryRuleOfEventsIsWatchedOnce: a rule whose events cannot be handed over is a record that is lost, and so is one
// that the function could not keep, however many it kept in the same minute.
func TestEveryRuleOfEventsIsWatchedOnce(t *testing.T) {
	eachStage(t, func(in *threats.Inspection) {
		times := map[string]int{}
		for _, alarm := range in.Every(metricAlarm) {
			if strings.HasSuffix(alarm.At("AlarmName").Text(), "-SecurityEventsErrors") {
				times["errors"]++
				for _, what := range []string{"Threshold", "EvaluationPeriods", "DatapointsToAlarm"} {
					alarm.At(what).Is(1.0)
				}
			}
			for _, r := range readings(alarm) {
				if r.metric == "InvocationsFailedToBeSentToDlq" {
					times[r.dimensions["RuleName"]]++
					alarm.At("Threshold").Is(1.0)
				}
			}
		}
		for _, rule := range in.Every("AWS::Events::Rule") {
			if _, pattern := rule.Properties["EventPattern"]; pattern && times[rule.Ref()] != 1 {
				rule.Fail("is watched by %d alarms, want one", times[rule.Ref()])
			}
		}
		if times["errors"] != 1 {
			in.Fail(in.ID, "has %d alarms on records that could not be kept, want one", times["errors"])
		}
	})
}

func TestEveryPartOfAStageHasItsAlarms(t *testing.T) {
	seen := map[string]int{}
	eachStage(t, func(in *threats.Inspection) {
		for typ, part := range parts {
			for _, r := range in.Any(typ) {
				seen[typ]++
				got := slices.DeleteFunc(watched(in, part.dimension, part.name(r)), func(metric string) bool {
					return slices.Contains(part.some, metric)
				})
				want := slices.DeleteFunc(slices.Clone(part.metrics), func(metric string) bool {
					// One failure counts, of however many runs.
					return metric == "Invocations" && r.Name() == "Operations.SecurityEventsFunction"
				})
				if !slices.Equal(got, want) {
					r.Fail("has alarms on %v, want %v: list it in stacks/alarms.go", got, want)
				}
			}
		}
	})
	for typ := range parts {
		if seen[typ] < len(targets()) && typ != "AWS::Cognito::UserPoolIdentityProvider" {
			t.Errorf("%d %s were looked at, in %d stages", seen[typ], typ, len(targets()))
		}
	}
}

func TestDynamoDBsErrorsAreWatchedOfEveryOperationThatARoleMayUse(t *testing.T) {
	operation := regexp.MustCompile(`dynamodb:(\w+)`)
	eachStage(t, func(in *threats.Inspection) {
		watched := map[string]bool{}
		for _, alarm := range in.Every(metricAlarm) {
			for _, r := range readings(alarm) {
				if r.metric == "SystemErrors" {
					watched[r.dimensions["TableName"]+r.dimensions["Operation"]] = true
				}
			}
		}
		granted := 0
		for _, statements := range in.Grants() {
			for _, statement := range statements {
				actions, on, _ := strings.Cut(statement, " on ")
				for _, table := range in.Every("AWS::DynamoDB::Table") {
					if !strings.Contains(on, table.Ref("Arn")) {
						continue
					}
					for _, match := range operation.FindAllStringSubmatch(actions, -1) {
						granted++
						if !watched[table.Ref()+match[1]] {
							table.Fail("fails %s unseen: list the operation in stacks/alarms.go", match[1])
						}
					}
				}
			}
		}
		if granted < 10 {
			in.Fail(in.ID, "%d operations were looked at: this would prove little", granted)
		}
	})
}

func TestThreatProtectionIsWatchedWhereItIsOn(t *testing.T) {
	eachStage(t, func(in *threats.Inspection) {
		var want []string
		if in.Config.Users.ThreatProtection != "" {
			want = []string{"AccountTakeoverRisk", "CompromisedCredentialRisk"}
		}
		pool := in.Only("AWS::Cognito::UserPool")
		if got := watched(in, "UserPoolId", pool.Ref()); !slices.Equal(got, want) {
			pool.Fail("has alarms on the risks %v, want %v", got, want)
		}
	})
}

func TestEveryHighRiskRouteHasItsOwnAlarm(t *testing.T) {
	eachStage(t, func(in *threats.Inspection) {
		var want, got []string
		for _, r := range in.Routes() {
			if authorizer := r.At("AuthorizerId"); authorizer.Got != nil && strings.HasSuffix(authorizer.Text(), "SteppedUp}") {
				want = append(want, r.String())
			}
		}
		for _, alarm := range in.Every(metricAlarm) {
			if of := readings(alarm)[0]; of.dimensions["Method"] != "" {
				got = append(got, of.dimensions["Method"]+" "+of.dimensions["Resource"])
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) || len(want) < 5 {
			in.Fail(in.ID, "has alarms for the routes %v, want %v: a purchase that fails would be hidden among all requests",
				got, want)
		}
	})
}
