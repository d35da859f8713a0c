package userpool

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsssm"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/internal/grant"
	"github.com/securecart/identity/constructs/internal/nag"
)

// triggers names the one trigger of the pool. Version V2_0 is the first that can grant and suppress scopes.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
func triggers(tokens *golambda.Function) *awscognito.CfnUserPool_LambdaConfigProperty {
	return &awscognito.CfnUserPool_LambdaConfigProperty{
		PreTokenGenerationConfig: &awscognito.CfnUserPool_PreTokenGenerationConfigProperty{
			LambdaArn:     tokens.Function.FunctionArn(),
			LambdaVersion: jsii.String("V2_0"),
		},
	}
}

// connectTrigger lets this pool, and nobody else, call the trigger, and the trigger look up this pool's users and the
// ids of the clients.
//
// The grants are a policy of their own. In the function's policy, for which the function waits, they would close a circle:
// pool, function, policy, pool. For the same reason the function learns the clients' ids from a parameter with a fixed
// name, and not from its environment.
func connectTrigger(scope constructs.Construct, pool awscognito.CfnUserPool, tokens *golambda.Function, parameter string) {
	awslambda.NewCfnPermission(scope, jsii.String("InvokeTokenTrigger"), &awslambda.CfnPermissionProps{
		Action:       jsii.String("lambda:InvokeFunction"),
		FunctionName: tokens.Function.FunctionArn(),
		Principal:    jsii.String("cognito-idp.amazonaws.com"),
		SourceArn:    pool.AttrArn(),
	})
	lookUps := awsiam.NewPolicy(scope, jsii.String("TokenTriggerLookUps"), &awsiam.PolicyProps{
		Roles: &[]awsiam.IRole{tokens.Role},
		Statements: &[]awsiam.PolicyStatement{
			awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
				Sid: jsii.String("LookUpFactors"), Actions: jsii.Strings("cognito-idp:AdminGetUser"), Resources: &[]*string{pool.AttrArn()},
			}),
			awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
				Sid: jsii.String("LookUpClients"), Actions: jsii.Strings("ssm:GetParameter"),
				Resources: &[]*string{awscdk.Stack_Of(scope).FormatArn(&awscdk.ArnComponents{
					Service: jsii.String("ssm"), Resource: jsii.String("parameter"), ResourceName: jsii.String(strings.TrimPrefix(parameter, "/")),
				})},
			}),
		},
	})
	nag.Accept(lookUps, grant.Inline()...)
}

// ClientsProps are the clients that the token trigger tells apart.
type ClientsProps struct {
	// Parameter is the name that the trigger looks up. Required.
	Parameter string
	// StepUp and Web are the clients. Required.
	StepUp, Web awscognito.CfnUserPoolClient
}

// NewClients tells the token trigger which client is which. Until it is there, nobody can sign in. It panics if props are
// invalid.
func NewClients(scope constructs.Construct, id string, props ClientsProps) {
	c := check.Of(scope, id)
	c.Require(strings.HasPrefix(props.Parameter, "/"), "Parameter", "must begin with a slash, got %q", props.Parameter)
	c.Given(props.StepUp != nil, "StepUp")
	c.Given(props.Web != nil, "Web")
	c.Must()
	awsssm.NewCfnParameter(scope, jsii.String(id), &awsssm.CfnParameterProps{
		Name:        jsii.String(props.Parameter),
		Type:        jsii.String("String"),
		Description: jsii.String("The clients that lambda/tokens tells apart"),
		Value:       jsii.Sprintf(`{"stepUp":"%s","web":"%s"}`, *props.StepUp.Ref(), *props.Web.Ref()),
	})
}
