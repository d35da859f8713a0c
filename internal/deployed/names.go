package deployed

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/securecart/identity/internal/assembly"
)

// named is a resource to be named.
type named struct {
	resolver
	stack      assembly.Stack
	id         string
	properties map[string]any
}

// attribute returns what Fn::GetAtt returns, or Ref if attribute is empty. Names that CloudFormation would invent are
// derived from the logical id, so that they are the same after a restart and a front end keeps its settings.
func (r resolver) attribute(stack assembly.Stack, id, attribute string) (string, error) {
	resource, ok := stack.Template.Resources[id]
	if !ok {
		return "", fmt.Errorf("reference to %s, which is no resource of stack %s", id, stack.Name)
	}
	name, ok := names[resource.Type+" "+attribute]
	if !ok {
		return "", fmt.Errorf("do not know what %q of %s (%s) is", attribute, id, resource.Type)
	}
	return name(named{resolver: r, stack: stack, id: id, properties: resource.Properties})
}

type naming func(n named) (string, error)

// names are the return values of each resource type: "<type> " is what Ref returns, "<type> <attribute>" what
// Fn::GetAtt does. Each is documented under "Return values" on the type's page of
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html It is
// filled at start because a name may contain names of other resources.
var names map[string]naming

func init() {
	names = map[string]naming{
		"AWS::Cognito::UserPool ": func(n named) (string, error) { return n.region + "_" + n.letters(9), nil },
		"AWS::Cognito::UserPool Arn": func(n named) (string, error) {
			return n.arn("cognito-idp", "userpool/"+n.region+"_"+n.letters(9)), nil
		},
		"AWS::Cognito::UserPool ProviderName": func(n named) (string, error) {
			return "cognito-idp." + n.region + ".amazonaws.com/" + n.region + "_" + n.letters(9), nil
		},
		"AWS::Cognito::UserPoolClient ":           letters(26),
		"AWS::Cognito::UserPoolDomain ":           property("Domain"),
		"AWS::Cognito::UserPoolIdentityProvider ": property("ProviderName"),
		"AWS::Cognito::IdentityPool ":             func(n named) (string, error) { return n.region + ":" + n.uuid(), nil },

		"AWS::ApiGateway::RestApi ":               letters(10),
		"AWS::ApiGateway::RestApi RootResourceId": letters(10),
		"AWS::ApiGateway::Resource ":              letters(6),
		"AWS::ApiGateway::Deployment ":            letters(6),
		"AWS::ApiGateway::Authorizer ":            letters(6),
		"AWS::ApiGateway::RequestValidator ":      letters(6),
		"AWS::ApiGateway::Model ":                 letters(12),
		"AWS::ApiGateway::Stage ":                 property("StageName"),

		"AWS::IAM::Role ": givenOrPhysical("RoleName"),
		"AWS::IAM::Role Arn": func(n named) (string, error) {
			name, err := givenOrPhysical("RoleName")(n)
			return "arn:aws:iam::" + n.account + ":role/" + name, err
		},
		"AWS::Events::Rule ": givenOrPhysical("Name"),
		"AWS::Events::Rule Arn": func(n named) (string, error) {
			name, err := givenOrPhysical("Name")(n)
			return n.arn("events", "rule/"+name), err
		},
		"AWS::Lambda::Function ":    physicalName,
		"AWS::Lambda::Function Arn": arnOf("lambda", "function:%s"),
		"AWS::Logs::LogGroup ":      givenOrPhysical("LogGroupName"),
		"AWS::Logs::LogGroup Arn": func(n named) (string, error) {
			name, err := givenOrPhysical("LogGroupName")(n)
			return n.arn("logs", "log-group:"+name+":*"), err
		},

		"AWS::DynamoDB::Table ":    physicalName,
		"AWS::DynamoDB::Table Arn": arnOf("dynamodb", "table/%s"),
		"AWS::S3::Bucket ":         bucketName,
		"AWS::S3::Bucket Arn": func(n named) (string, error) {
			name, err := bucketName(n)
			return "arn:aws:s3:::" + name, err
		},
		"AWS::KMS::Key ":       func(n named) (string, error) { return n.uuid(), nil },
		"AWS::KMS::Key Arn":    func(n named) (string, error) { return n.arn("kms", "key/"+n.uuid()), nil },
		"AWS::SSM::Parameter ": property("Name"),
		"AWS::SNS::Topic ":     func(n named) (string, error) { return n.arn("sns", n.physicalName()), nil },
		// A reference to a queue is its URL.
		"AWS::SQS::Queue ": func(n named) (string, error) {
			return "https://sqs." + n.region + ".amazonaws.com/" + n.account + "/" + n.physicalName(), nil
		},
		"AWS::SQS::Queue Arn":       arnOf("sqs", "%s"),
		"AWS::SQS::Queue QueueName": physicalName,
		"AWS::WAFv2::WebACL Arn": func(n named) (string, error) {
			return n.arn("wafv2", "regional/webacl/"+n.physicalName()+"/"+n.uuid()), nil
		},
	}
}

func letters(count int) naming { return func(n named) (string, error) { return n.letters(count), nil } }

func physicalName(n named) (string, error) { return n.physicalName(), nil }

// property names a resource by one of its own properties.
func property(name string) naming {
	return func(n named) (string, error) {
		value, err := n.value(n.stack, n.properties[name])
		if err != nil {
			return "", err
		}
		text, ok := value.(string)
		if !ok {
			return "", fmt.Errorf("%s: want a string as %s, got %v", n.id, name, value)
		}
		return text, nil
	}
}

func arnOf(service, format string) naming {
	return func(n named) (string, error) { return n.arn(service, fmt.Sprintf(format, n.physicalName())), nil }
}

// givenOrPhysical names a resource by one of its own properties or, without it, as CloudFormation would.
func givenOrPhysical(name string) naming {
	return func(n named) (string, error) {
		if n.properties[name] != nil {
			return property(name)(n)
		}
		return n.physicalName(), nil
	}
}

// bucketName is lower case, as S3 requires.
func bucketName(n named) (string, error) { return strings.ToLower(n.physicalName()), nil }

// physicalName is the name that CloudFormation would make of stack and logical id.
func (n named) physicalName() string { return n.stack.Name + "-" + n.id }

func (n named) arn(service, resource string) string {
	return "arn:aws:" + service + ":" + n.region + ":" + n.account + ":" + resource
}

func (n named) hash() [sha256.Size]byte { return sha256.Sum256([]byte(n.stack.Name + "/" + n.id)) }

// letters are count lower-case letters and digits.
func (n named) letters(count int) string {
	hash := n.hash()
	return strings.ToLower(base32.StdEncoding.EncodeToString(hash[:]))[:count]
}

func (n named) uuid() string {
	hash := n.hash()
	digits := hex.EncodeToString(hash[:16])
	return digits[:8] + "-" + digits[8:12] + "-" + digits[12:16] + "-" + digits[16:20] + "-" + digits[20:]
}
