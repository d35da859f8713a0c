// Command securityevents records who changed what in a stage, and notifies people of serious changes.
//
// EventBridge calls it with the events of CloudTrail that the rules of package constructs/securityevents let through.
// If the user pool logs what users do, CloudWatch Logs calls it with those lines, too. For each event the function
//
//	withholds  what may be secret, and everything that a service answered
//	records    the rest as an object of a bucket in which nobody overwrites or deletes an object before its time
//	notifies   a topic, unless the pipeline, the support desk or another listed role did its work
//
// An object is named by the id of its event, so an event that is delivered twice is recorded once. Lambda retries a
// failed call twice, and then sends the event to a queue. Called with {"replay": true}, the function handles events
// that wait there. Nobody else may read them (docs/runbooks/security-events-missing.md).
//
// Once an hour a schedule makes the function call AWS itself. The event of that call, the heartbeat, must come back and
// be recorded within two hours: an alarm starts if none did for three hours.
//
// Its environment:
//
//	EVENTS_BUCKET      the bucket
//	SECURITY_TOPIC     the ARN of the topic of serious changes
//	UNDELIVERED_QUEUE  the URL of the queue of events that could not be recorded
//	DEPLOY_ROLE        the name of the role with which CloudFormation changes the stage
//	EXPECTED_ROLES     the roles that work on the stage, and their operations: JSON of []contract.ExpectedRole
//	STAGE_ID           what the names of the stage's own roles begin with, such as "SecureCart-Dev"
//
// It logs one line for each event: its id, and what became of it.
package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/function"
)

func main() {
	function.Start("securityevents", build)
}

func build(env *function.Environment, log *slog.Logger) any {
	topic := env.Required(contract.SecurityTopic)
	own, err := arn.Parse(topic)
	if topic != "" && err != nil {
		env.Refuse(fmt.Errorf("%s must be an ARN: %w", contract.SecurityTopic, err))
	}
	listed := env.Required(contract.ExpectedRoles)
	var roles []contract.ExpectedRole
	if err := json.Unmarshal([]byte(listed), &roles); listed != "" && err != nil {
		env.Refuse(fmt.Errorf("%s must be a list of roles as JSON: %w", contract.ExpectedRoles, err))
	}
	k := keeper{
		bucket: env.Required(contract.EventsBucket),
		topic:  topic,
		expected: expected{
			own:        own,
			deployRole: env.Required(contract.DeployRole),
			stageID:    env.Required(contract.StageID),
			roles:      roles,
		},
		log: log, now: time.Now,
	}
	cfg := function.AWSConfig(env)
	k.undelivered, k.queues = env.Required(contract.Undelivered), sqs.NewFromConfig(cfg)
	k.objects, k.topics, k.identities = s3.NewFromConfig(cfg), sns.NewFromConfig(cfg), sts.NewFromConfig(cfg)
	return &k
}
