package userpool

import (
	"fmt"
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
	"github.com/securecart/identity/lambda/contract"
)

// triggers are the functions that the pool calls. Version V2_0 of the token trigger is the first that can grant and
// suppress scopes.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
func triggers(tokens, registration *golambda.Function) *awscognito.CfnUserPool_LambdaConfigProperty {
	return &awscognito.CfnUserPool_LambdaConfigProperty{
		PreTokenGenerationConfig: &awscognito.CfnUserPool_PreTokenGenerationConfigProperty{
			LambdaArn:     tokens.Function.FunctionArn(),
			LambdaVersion: jsii.String("V2_0"),
		},
		PreSignUp:        registration.Function.FunctionArn(),
		PostConfirmation: registration.Function.FunctionArn(),
	}
}

// connectTriggers lets this pool, and nobody else, call its triggers, and gives each trigger what it may do with the pool.
func connectTriggers(scope constructs.Construct, pool awscognito.CfnUserPool, props Props) {
	clients := awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid: jsii.String("LookUpClients"), Actions: jsii.Strings("ssm:GetParameter"),
		Resources: &[]*string{awscdk.Stack_Of(scope).FormatArn(&awscdk.ArnComponents{
			Service: jsii.String("ssm"), Resource: jsii.String("parameter"),
			ResourceName: jsii.String(strings.TrimPrefix(props.ClientsParameter, "/")),
		})},
	})
	connectTrigger(scope, "Token", pool, props.Tokens, clients, onPool(pool, "LookUpFactors", "cognito-idp:AdminGetUser"))
	// After a reset: no session goes on, and a factor that was never sealed is gone.
	connectTrigger(scope, "Registration", pool, props.Registration, clients,
		onPool(pool, "SignOut", "cognito-idp:AdminUserGlobalSignOut"),
		onPool(pool, "RemoveAuthenticators", "cognito-idp:AdminDeleteSoftwareToken"),
		onPool(pool, "SwitchFactorsOff", "cognito-idp:AdminSetUserMFAPreference"))
}

// onPool allows one action on the pool's users.
func onPool(pool awscognito.CfnUserPool, sid, action string) awsiam.PolicyStatement {
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Sid: jsii.String(sid), Actions: jsii.Strings(action), Resources: &[]*string{pool.AttrArn()},
	})
}

// connectTrigger lets the pool call one trigger, and grants the trigger the statements.
//
// The grants are a policy of their own. In the function's policy, for which the function waits, they would close a circle:
// pool, function, policy, pool. For the same reason the function learns the clients' ids from a parameter with a fixed
// name, and not from its environment.
func connectTrigger(
	scope constructs.Construct, id string, pool awscognito.CfnUserPool, trigger *golambda.Function, may ...awsiam.PolicyStatement,
) {
	awslambda.NewCfnPermission(scope, jsii.String(fmt.Sprintf("Invoke%sTrigger", id)), &awslambda.CfnPermissionProps{
		Action:       jsii.String("lambda:InvokeFunction"),
		FunctionName: trigger.Function.FunctionArn(),
		Principal:    jsii.String("cognito-idp.amazonaws.com"),
		SourceArn:    pool.AttrArn(),
	})
	policy := awsiam.NewPolicy(scope, jsii.String(id+"TriggerGrants"), &awsiam.PolicyProps{
		Roles:      &[]awsiam.IRole{trigger.Role},
		Statements: &may,
	})
	nag.Accept(policy, grant.Inline()...)
}

// Allow lets role use one operation on the pool's users.
func (u *UserPool) Allow(role awsiam.Role, sid string, action Action) {
	grant.Allow(role, &awsiam.PolicyStatementProps{
		Sid: jsii.String(sid), Actions: jsii.Strings(string(action)), Resources: &[]*string{u.Pool.AttrArn()},
	})
}

// Action is an operation on users that functions may be granted. No action writes an attribute or a password: a role that
// could write a verified e-mail address could take any account (threat U49).
type Action string

const (
	// List finds users.
	List Action = "cognito-idp:ListUsers"
	// LookUp reads one user.
	LookUp Action = "cognito-idp:AdminGetUser"
	// Disable stops a user from signing in.
	Disable Action = "cognito-idp:AdminDisableUser"
	// Enable lets a user sign in again.
	Enable Action = "cognito-idp:AdminEnableUser"
	// Delete deletes a user.
	Delete Action = "cognito-idp:AdminDeleteUser"
	// Link lets a user sign in with an identity of a provider.
	Link Action = "cognito-idp:AdminLinkProviderForUser"
	// Unlink ends that.
	Unlink Action = "cognito-idp:AdminDisableProviderForUser"
)

// ClientsProps are the clients that the triggers tell apart.
type ClientsProps struct {
	// Parameter is the name that the triggers look up. Required.
	Parameter string
	// StepUp, Account and Web are the clients. Required.
	StepUp, Account, Web awscognito.CfnUserPoolClient
}

// NewClients tells the triggers which client is which. Until it is there, nobody can sign up or sign in. It panics if props
// are invalid.
func NewClients(scope constructs.Construct, id string, props ClientsProps) {
	c := check.Of(scope, id)
	c.Require(strings.HasPrefix(props.Parameter, "/"), "Parameter", "must begin with a slash, got %q", props.Parameter)
	c.Given(props.StepUp != nil, "StepUp")
	c.Given(props.Account != nil, "Account")
	c.Given(props.Web != nil, "Web")
	c.Must()
	awsssm.NewCfnParameter(scope, jsii.String(id), &awsssm.CfnParameterProps{
		Name:        jsii.String(props.Parameter),
		Type:        jsii.String("String"),
		Description: jsii.String("The app clients that lambda/tokens and lambda/registration tell apart"),
		Value: jsii.Sprintf(`{"%s":"%s","%s":"%s","%s":"%s"}`, contract.AccountClient, *props.Account.Ref(),
			contract.StepUpClient, *props.StepUp.Ref(), contract.WebClient, *props.Web.Ref()),
	})
}
