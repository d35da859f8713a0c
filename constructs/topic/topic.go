// Package topic provisions SNS topics that tell people something: encrypted, over TLS only, and for named publishers.
package topic

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/internal/resourcepolicy"
)

// Props configures a topic.
type Props struct {
	// KeyID is the id of the key that encrypts the messages. Required.
	KeyID string
	// Email is the address that hears of every message, once it has confirmed the subscription that AWS mails. None if
	// empty.
	Email string
	// Publishers are the AWS services that publish, such as "cloudwatch.amazonaws.com", each under its conditions. Roles
	// of the account need no entry: their own policies let them.
	Publishers map[string]map[string]any
}

// New adds a topic to scope and returns its ARN. It panics if props are invalid.
func New(scope constructs.Construct, id string, props Props) string {
	check.Props(scope, id, check.Given(props.KeyID != "", "KeyID"))
	topic := *awssns.NewCfnTopic(scope, jsii.String(id), &awssns.CfnTopicProps{
		KmsMasterKeyId: jsii.String(props.KeyID),
	}).Ref()
	awssns.NewCfnTopicPolicy(scope, jsii.String(id+"Policy"), &awssns.CfnTopicPolicyProps{
		Topics:         jsii.Strings(topic),
		PolicyDocument: resourcepolicy.Document(statements(topic, props.Publishers)...),
	})
	if props.Email != "" {
		awssns.NewCfnSubscription(scope, jsii.String(id+"Subscription"), &awssns.CfnSubscriptionProps{
			TopicArn: jsii.String(topic), Protocol: jsii.String("email"), Endpoint: jsii.String(props.Email),
		})
	}
	return topic
}

// statements refuse what is not encrypted on its way, and let the publishers publish.
func statements(topic string, publishers map[string]map[string]any) []resourcepolicy.Statement {
	const publish = "sns:Publish"
	all := []resourcepolicy.Statement{resourcepolicy.RefusePlainText(topic, publish)}
	for _, publisher := range slices.Sorted(maps.Keys(publishers)) {
		all = append(all, resourcepolicy.Statement{
			Sid: "TellFor" + strings.Split(publisher, ".")[0], Effect: "Allow", Resource: topic,
			Principal: resourcepolicy.Service(publisher), Action: publish, Condition: publishers[publisher],
		})
	}
	return all
}
