package alarm

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// service is the principal as which CloudWatch encrypts and publishes what an alarm says.
const service = "cloudwatch.amazonaws.com"

// topics are the ARNs of the topics of a stage: everybody is notified, and somebody is woken.
type topics struct{ notify, page string }

func newTopics(scope constructs.Construct, props Props) topics {
	condition := onlyFor(awscdk.Stack_Of(scope), props.name("*"))
	notifies := props.publishers(awscdk.Stack_Of(scope))
	notifies[service] = condition
	for _, publisher := range slices.Sorted(maps.Keys(notifies)) {
		sid := "EncryptFor" + strings.Split(publisher, ".")[0]
		props.Key.AllowService(sid, publisher, notifies[publisher], "kms:Decrypt", "kms:GenerateDataKey")
	}
	return topics{
		notify: newTopic(scope, "Notify", props.Key.ID, props.Alarms.Email, notifies),
		page:   newTopic(scope, "Page", props.Key.ID, props.Alarms.Pager, map[string]map[string]any{service: condition}),
	}
}

// newTopic adds a topic, encrypted with a key, to which an address is subscribed unless it is empty. Its policy lets
// the publishers publish under their conditions, over TLS, and nobody else; the account's own people need no policy.
func newTopic(scope constructs.Construct, id, key, address string, publishers map[string]map[string]any) string {
	topic := *awssns.NewCfnTopic(scope, jsii.String(id), &awssns.CfnTopicProps{KmsMasterKeyId: jsii.String(key)}).Ref()
	statements := []awsiam.PolicyStatement{awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid:        jsii.String("RefusePlainText"),
		Effect:     awsiam.Effect_DENY,
		Principals: &[]awsiam.IPrincipal{awsiam.NewAnyPrincipal()},
		Actions:    jsii.Strings("sns:Publish"), Resources: jsii.Strings(topic),
		Conditions: &map[string]any{"Bool": map[string]any{"aws:SecureTransport": "false"}},
	})}
	for _, publisher := range slices.Sorted(maps.Keys(publishers)) {
		condition := publishers[publisher]
		statements = append(statements, awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Sid:        jsii.String("TellFor" + strings.Split(publisher, ".")[0]),
			Principals: &[]awsiam.IPrincipal{awsiam.NewServicePrincipal(jsii.String(publisher), nil)},
			Actions:    jsii.Strings("sns:Publish"), Resources: jsii.Strings(topic), Conditions: &condition,
		}))
	}
	awssns.NewCfnTopicPolicy(scope, jsii.String(id+"Policy"), &awssns.CfnTopicPolicyProps{
		Topics:         jsii.Strings(topic),
		PolicyDocument: awsiam.NewPolicyDocument(&awsiam.PolicyDocumentProps{Statements: &statements}),
	})
	if address != "" {
		awssns.NewCfnSubscription(scope, jsii.String(id+"Subscription"), &awssns.CfnSubscriptionProps{
			TopicArn: jsii.String(topic), Protocol: jsii.String("email"), Endpoint: jsii.String(address),
		})
	}
	return topic
}

// onlyFor is true of what CloudWatch does for alarms of this name.
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
