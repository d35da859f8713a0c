package alarm

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/topic"
)

// service is the principal as which CloudWatch encrypts and publishes notifications.
const service = "cloudwatch.amazonaws.com"

// topics are the ARNs of a stage's topics. All alarms notify notify, composite alarms page. The topic fallback notifies
// the same address as notify, and has another key.
type topics struct{ notify, page, fallback string }

func newTopics(scope constructs.Construct, props Props) topics {
	condition := onlyFor(awscdk.Stack_Of(scope), props.name("*"))
	notifies := props.publishers(awscdk.Stack_Of(scope))
	notifies[service] = condition
	for _, publisher := range slices.Sorted(maps.Keys(notifies)) {
		sid := "EncryptFor" + strings.Split(publisher, ".")[0]
		props.Key.AllowService(sid, publisher, notifies[publisher], "kms:Decrypt", "kms:GenerateDataKey")
	}
	record := onlyFor(awscdk.Stack_Of(scope), props.name(ofRecord+"*"))
	props.Fallback.AllowService("EncryptForcloudwatch", service, record, "kms:Decrypt", "kms:GenerateDataKey")
	return topics{
		notify: topic.New(scope, "Notify", topic.Props{
			KeyID: props.Key.ID, Email: props.Alarms.Email, Publishers: notifies,
		}),
		page: topic.New(scope, "Page", topic.Props{
			KeyID: props.Key.ID, Email: props.Alarms.Pager, Publishers: map[string]map[string]any{service: condition},
		}),
		fallback: topic.New(scope, "Fallback", topic.Props{
			KeyID: props.Fallback.ID, Email: props.Alarms.Email, Publishers: map[string]map[string]any{service: record},
		}),
	}
}

// onlyFor is the condition that CloudWatch acts for alarms of this name.
// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
func onlyFor(stack awscdk.Stack, name string) map[string]any {
	return map[string]any{
		"StringEquals": map[string]any{"aws:SourceAccount": stack.Account()},
		"ArnLike": map[string]any{"aws:SourceArn": stack.FormatArn(&awscdk.ArnComponents{
			Service: jsii.String("cloudwatch"), Resource: jsii.String("alarm"), ResourceName: jsii.String(name),
			ArnFormat: awscdk.ArnFormat_COLON_RESOURCE_NAME,
		})},
	}
}
