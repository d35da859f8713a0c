package deployed

import "fmt"

// NotServed are the resource types that the local stage leaves out, each with the reason. docs/local.md lists them.
var NotServed = map[string]string{
	"AWS::ApiGateway::Account":                          "it lets API Gateway write logs; here they go to the terminal",
	"AWS::ApiGateway::Deployment":                       "methods are read as they are in the template",
	"AWS::CloudWatch::Dashboard":                        "there are no metrics to show",
	"AWS::Logs::QueryDefinition":                        "logs go to the terminal",
	"AWS::Budgets::Budget":                              "nothing here costs anything",
	"AWS::CE::AnomalyMonitor":                           "nothing here costs anything",
	"AWS::CE::AnomalySubscription":                      "nothing here costs anything",
	"AWS::Cognito::LogDeliveryConfiguration":            "logs go to the terminal",
	"AWS::Cognito::ManagedLoginBranding":                "managed login is a plain page",
	"AWS::Cognito::UserPoolRiskConfigurationAttachment": "threat protection needs what only AWS knows",
	"AWS::Logs::LogGroup":                               "logs go to the terminal",
	"AWS::Logs::MetricFilter":                           "nobody is called",
	"AWS::Logs::SubscriptionFilter":                     "logs go to the terminal",
	"AWS::SNS::Subscription":                            "nobody is called",
	"AWS::SNS::Topic":                                   "nobody is called",
	"AWS::SNS::TopicPolicy":                             "nobody is called",
	"AWS::SQS::Queue":                                   "no event is delivered, so none is undelivered",
	"AWS::WAFv2::LoggingConfiguration":                  "there is no web ACL",
	"AWS::WAFv2::WebACL":                                "its managed rules are AWS's",
	"AWS::WAFv2::WebACLAssociation":                     "there is no web ACL",
}

// readers read all other resource types.
var readers = map[string]func(*loader, resource) error{
	"AWS::Cognito::UserPool":                   readUserPool,
	"AWS::Cognito::UserPoolClient":             readClient,
	"AWS::Cognito::UserPoolDomain":             single(func(s *Stage) *UserPoolDomain { return &s.Domain }),
	"AWS::Cognito::UserPoolResourceServer":     listed(func(s *Stage) *[]ResourceServer { return &s.ResourceServers }),
	"AWS::Cognito::UserPoolIdentityProvider":   readProvider,
	"AWS::Cognito::IdentityPool":               readIdentityPool,
	"AWS::Cognito::IdentityPoolPrincipalTag":   listed(func(s *Stage) *[]PrincipalTag { return &s.PrincipalTags }),
	"AWS::Cognito::IdentityPoolRoleAttachment": single(func(s *Stage) *PoolRoles { return &s.PoolRoles }),
	"AWS::ApiGateway::RestApi":                 readAPI,
	"AWS::ApiGateway::Stage":                   readAPIStage,
	"AWS::ApiGateway::Resource":                readPath,
	"AWS::ApiGateway::Method":                  readMethod,
	"AWS::ApiGateway::Authorizer":              readAuthorizer,
	"AWS::ApiGateway::RequestValidator": byRef(func(s *Stage) map[string]RequestValidator {
		return s.API.Validators
	}),
	"AWS::ApiGateway::Model":           byRef(func(s *Stage) map[string]Model { return s.API.Models }),
	"AWS::ApiGateway::GatewayResponse": readGatewayResponse,
	"AWS::Lambda::Function":            readFunction,
	"AWS::Lambda::Permission":          readPermission,
	"AWS::Events::Rule":                readRule,
	"AWS::CloudWatch::Alarm":           readAlarm,
	"AWS::CloudWatch::CompositeAlarm":  listed(func(s *Stage) *[]CompositeAlarm { return &s.CompositeAlarms }),
	"AWS::IAM::Role": byARN(func(s *Stage) map[string]Role { return s.Roles },
		func(r *Role) (name, arn *string) { return &r.Name, &r.ARN }),
	"AWS::IAM::Policy": readPolicy,
	"AWS::DynamoDB::Table": byARN(func(s *Stage) map[string]Table { return s.Tables },
		func(t *Table) (name, arn *string) { return &t.Name, &t.ARN }),
	"AWS::S3::Bucket":       readBucket,
	"AWS::S3::BucketPolicy": readBucketPolicy,
	"AWS::KMS::Key": byARN(func(s *Stage) map[string]Key { return s.Keys },
		func(k *Key) (id, arn *string) { return &k.ID, &k.ARN }),
	"AWS::SQS::QueuePolicy": listed(func(s *Stage) *[]QueuePolicy { return &s.QueuePolicies }),
	"AWS::SSM::Parameter":   readParameter,
}

// single reads a type of which a stage has one resource.
func single[T any](place func(*Stage) *T) func(*loader, resource) error {
	return func(l *loader, r resource) error {
		if err := l.first(r); err != nil {
			return err
		}
		value, err := decode[T](l, r)
		*place(l.stage) = value
		return err
	}
}

// listed reads a type whose order does not matter and to which nothing refers.
func listed[T any](place func(*Stage) *[]T) func(*loader, resource) error {
	return func(l *loader, r resource) error {
		value, err := decode[T](l, r)
		*place(l.stage) = append(*place(l.stage), value)
		return err
	}
}

// byARN reads a type that others refer to by its ARN, and fills in the fields for its name or id and for its ARN.
func byARN[T any](place func(*Stage) map[string]T, fields func(*T) (ref, arn *string)) func(*loader, resource) error {
	return func(l *loader, r resource) error {
		value, err := decode[T](l, r)
		if err != nil {
			return err
		}
		ref, arn := fields(&value)
		err = l.name(r, ref, arn)
		place(l.stage)[*arn] = value
		return err
	}
}

// byRef reads a type that others refer to by its Ref.
func byRef[T any](place func(*Stage) map[string]T) func(*loader, resource) error {
	return func(l *loader, r resource) error {
		value, err := decode[T](l, r)
		if err != nil {
			return err
		}
		ref, err := l.ref(r)
		place(l.stage)[ref] = value
		return err
	}
}

// first refuses a second resource of a type of which only one can be served.
func (l *loader) first(r resource) error {
	typ := r.stack.Template.Resources[r.id].Type
	if other, seen := l.singles[typ]; seen {
		return fmt.Errorf("only one can be served, and there is %s already", other)
	}
	l.singles[typ] = r.id
	return nil
}

// add adds a value to a map, and refuses a second one of the same name.
func add[T any](to map[string]T, name string, value T) error {
	if _, ok := to[name]; ok {
		return fmt.Errorf("there is one for %s already", name)
	}
	to[name] = value
	return nil
}
