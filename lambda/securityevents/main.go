// Command securityevents keeps what people and roles change in a stage, and tells of what is serious.
//
// EventBridge calls it with the events of CloudTrail that the rules of package constructs/securityevents let through.
// Where the user pool logs what users do, CloudWatch Logs calls it with those lines, too. Of each event it
//
//	withholds  what may be secret, and all that a service answered
//	keeps      the rest as an object of a bucket that nobody may overwrite or empty before its time
//	tells      a topic, if it was not the pipeline, nor the support desk or another listed role at its work
//
// Every object has the name of its event, so an event that is delivered twice is one object, the first. Lambda
// repeats a failed call two times; after that the alarm on errors tells, and CloudTrail's event history has the event
// for 90 days (docs/runbooks/security-events-missing.md).
//
// Its environment:
//
//	EVENTS_BUCKET   the bucket
//	SECURITY_TOPIC  the ARN of the topic
//	DEPLOY_ROLE     the name of the role with which CloudFormation changes the stage
//	EXPECTED_ROLES  the roles that work on the stage, and their operations: JSON of []contract.ExpectedRole
//	STAGE_ID        what the names of the stage's own roles begin with, such as "SecureCart-Dev"
//
// It logs one line per event: which, and what became of it.
package main

import (
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"

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
		log: log,
	}
	cfg := function.AWSConfig(env)
	k.objects, k.topics = s3.NewFromConfig(cfg), sns.NewFromConfig(cfg)
	return &k
}
