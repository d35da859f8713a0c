// Package alarm notifies people of failures.
//
// A table lists what is watched: functions, the API, the user pool, tables, web ACLs, logs, the record of changes. Each
// kind has a file with its alarms and their reasons. All alarms of a stage notify one topic. Only two, which combine
// others, page somebody: customers cannot sign in, and customers cannot buy (docs/adr/0022-alarms.md).
package alarm

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/logging"
	"github.com/securecart/identity/constructs/storage"
)

// Watched lists the watched parts of a stage.
type Watched struct {
	// Functions are all of the stage's. Required.
	Functions []Function
	// API and Pool are required.
	API  API
	Pool UserPool
	// Tables and WebACLs are all of the stage's. Required.
	Tables  []Table
	WebACLs []WebACL
	// Logs are required.
	Logs Logs
	// Record is required.
	Record Record
	// SMS and SES say whether the stage sends SMS, and mails by SES.
	SMS, SES bool
}

// Props configures the alarms of a stage.
type Props struct {
	// StageID begins the alarms' names, such as "SecureCart-Dev". Required.
	StageID string
	// StageName is the value of the tag "stage", such as "Dev". Required.
	StageName string
	// Alarms are the thresholds and the notified addresses. Required, and valid by config.Validate.
	Alarms config.Alarms
	// Key encrypts the notifications. New adds the publishers to its policy. Required.
	Key *logging.Key
	// Fallback encrypts notifications that must arrive although Key is unusable. It must be another key. Required.
	Fallback *storage.Key
	// Watched is what is watched. Required.
	Watched Watched
}

// New adds the alarms of a stage to scope, with the topics that they notify. It panics if props are invalid.
func New(scope constructs.Construct, id string, props Props) {
	check.Props(scope, id,
		check.Given(props.StageID != "", "StageID"),
		check.Given(props.StageName != "", "StageName"),
		check.Given(props.Alarms.Thresholds != config.Thresholds{}, "Alarms.Thresholds"),
		check.Given(props.Key != nil, "Key"),
		check.Given(props.Fallback != nil, "Fallback"),
		check.Given(len(props.Watched.Functions) > 0, "Watched.Functions"),
		check.Given(props.Watched.API.Name != "", "Watched.API"),
		check.Given(len(props.Watched.Pool.Clients) > 0, "Watched.Pool"),
		check.Given(len(props.Watched.Tables) > 0, "Watched.Tables"),
		check.Given(len(props.Watched.WebACLs) > 0, "Watched.WebACLs"),
		check.Given(props.Watched.Logs != Logs{}, "Watched.Logs"),
		check.Given(len(props.Watched.Record.Rules) > 0, "Watched.Record"),
	)
	self := constructs.NewConstruct(scope, jsii.String(id))
	topics := newTopics(self, props)
	stops := map[outage][]string{}
	for _, c := range []counted{
		props.Watched.Logs.authorizerFailures(), props.Watched.Logs.undelivered(), props.Watched.Record.heartbeats(),
	} {
		c.add(self, props.StageID)
	}
	for _, q := range props.Watched.queries() {
		q.add(self, props.StageID)
	}
	definitions := props.definitions(*awscdk.Stack_Of(self).Region())
	addDashboard(self, props, definitions)
	addBudget(self, props, topics.notify)
	// The CDK leaves "Default" out of logical ids.
	each := constructs.NewConstruct(self, jsii.String("Default"))
	for _, d := range definitions {
		name := props.name(d.id)
		actions := &[]any{topics.notify}
		if d.fallback {
			actions = &[]any{topics.notify, topics.fallback}
		}
		if props.quiet(d.runbook) {
			actions = nil
		}
		d.add(each, name, actions)
		for _, outage := range []outage{signingIn, buying} {
			if d.stops&outage != 0 {
				stops[outage] = append(stops[outage], fmt.Sprintf("ALARM(%q)", name))
			}
		}
	}
	addOutages(self, props, topics.page, stops, each)
}

// addOutages makes the composite alarms, which page somebody. CloudWatch refuses a rule that names an alarm which does
// not exist yet, so they depend on all others.
func addOutages(
	self constructs.Construct, props Props, page string, stops map[outage][]string, others constructs.Construct,
) {
	for _, outage := range []struct {
		id, says string
		kind     outage
		runbook  config.Runbook
	}{
		{"CannotSignIn", "Customers cannot sign in", signingIn, config.CannotSignIn},
		{"CannotBuy", "Customers cannot buy", buying, config.CannotBuy},
	} {
		actions := &[]any{page}
		composite := awscloudwatch.NewCfnCompositeAlarm(self, jsii.String(outage.id), &awscloudwatch.CfnCompositeAlarmProps{
			AlarmName:        jsii.String(props.name(outage.id)),
			AlarmDescription: jsii.Sprintf("%s. What to do: docs/runbooks/%s.md", outage.says, outage.runbook),
			AlarmRule:        jsii.String(strings.Join(stops[outage.kind], " OR ")),
			ActionsEnabled:   jsii.Bool(!props.quiet(outage.runbook)),
			AlarmActions:     actions,
			// People who were paged want to know when it is over.
			OkActions: actions,
		})
		composite.Node().AddDependency(others)
	}
}

// definitions are the alarms of all watched parts.
func (p Props) definitions(region string) []definition {
	watched, thresholds := p.Watched, p.Alarms.Thresholds
	var all []definition
	for _, f := range watched.Functions {
		all = append(all, f.alarms(thresholds)...)
	}
	for _, t := range watched.Tables {
		all = append(all, t.alarms(thresholds)...)
	}
	for _, w := range watched.WebACLs {
		all = append(all, w.alarms(region, thresholds)...)
	}
	all = append(all, watched.API.alarms(thresholds)...)
	all = append(all, watched.Pool.alarms(thresholds)...)
	all = append(all, watched.Logs.alarms(p.StageID, watched.API, thresholds)...)
	all = append(append(all, watched.Record.alarms(p.StageID)...), kms(thresholds))
	if watched.SMS {
		all = append(all, smsSpend(p.Alarms))
	}
	if watched.SES {
		all = append(all, mail(thresholds)...)
	}
	return all
}

// name is fixed, so that topics, key and composite alarms can name an alarm without referring to it.
func (p Props) name(id string) string { return p.StageID + "-" + id }

func (p Props) quiet(page config.Runbook) bool { return slices.Contains(p.Alarms.Quiet, page) }
