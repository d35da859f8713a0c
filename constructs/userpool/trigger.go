package userpool

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/iamrole"
)

// tokenEvents is the version of the token trigger's events, the first that can grant and suppress scopes.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
const tokenEvents = "V2_0"

// triggers are the functions that the pool calls.
func triggers(tokens, registration *golambda.Function) *awscognito.CfnUserPool_LambdaConfigProperty {
	return &awscognito.CfnUserPool_LambdaConfigProperty{
		PreTokenGenerationConfig: &awscognito.CfnUserPool_PreTokenGenerationConfigProperty{
			LambdaArn:     jsii.String(tokens.ARN),
			LambdaVersion: jsii.String(tokenEvents),
		},
		PreSignUp:        jsii.String(registration.ARN),
		PostConfirmation: jsii.String(registration.ARN),
	}
}

// connectTriggers lets only this pool call its triggers, and grants each trigger its permissions on the pool.
func connectTriggers(scope constructs.Construct, pool *UserPool, props Props) {
	clients := iamrole.Grants{{
		Sid: "LookUpClients", Actions: []string{"ssm:GetParameter"},
		Resources: []string{*awscdk.Stack_Of(scope).FormatArn(&awscdk.ArnComponents{
			Service: jsii.String("ssm"), Resource: jsii.String("parameter"),
			ResourceName: jsii.String(strings.TrimPrefix(props.ClientsParameter, "/")),
		})},
	}}
	connectTrigger(scope, "Token", pool, props.Tokens, clients, pool.Allow("LookUpFactors", LookUp))
	// After a password reset the trigger ends all sessions and removes factors that were never sealed.
	connectTrigger(scope, "Registration", pool, props.Registration, clients,
		pool.Allow("SignOut", SignOut),
		pool.Allow("RemoveAuthenticators", RemoveAuthenticator),
		pool.Allow("SwitchFactorsOff", SetFactors))
}

// connectTrigger lets the pool call one trigger and grants the trigger its permissions.
//
// The grants are in a second policy. The function depends on its own policy, where they would make a circular
// dependency: pool, function, policy, pool. For the same reason the function reads the clients' ids from a parameter
// with a fixed name, not from its environment.
func connectTrigger(
	scope constructs.Construct, id string, pool *UserPool, trigger *golambda.Function, grants ...iamrole.Grants,
) {
	letCall(scope, "Invoke"+id+"Trigger", pool, trigger)
	iamrole.NewPolicy(scope, id+"TriggerGrants", iamrole.PolicyProps{Role: trigger.Role, Grants: grants})
}

// letCall lets the pool, and no other, call a trigger.
func letCall(
	scope constructs.Construct, id string, pool *UserPool, trigger *golambda.Function,
) awslambda.CfnPermission {
	return trigger.AllowCall(scope, id, "cognito-idp.amazonaws.com", pool.ARN)
}

// Allow lets a role call one operation on the pool's users.
func (u *UserPool) Allow(sid string, action Action) iamrole.Grants {
	return iamrole.Grants{{Sid: sid, Actions: []string{string(action)}, Resources: []string{u.ARN}}}
}

// Action is an operation on users that a role may be granted. No action writes an attribute or a password: with a
// verified e-mail address a role could take over any account (threat U49).
type Action string

const (
	// List finds users.
	List Action = "cognito-idp:ListUsers"
	// LookUp reads one user.
	LookUp Action = "cognito-idp:AdminGetUser"
	// SignOut ends all sessions of a user.
	SignOut Action = "cognito-idp:AdminUserGlobalSignOut"
	// Disable stops a user from signing in.
	Disable Action = "cognito-idp:AdminDisableUser"
	// Enable lets a user sign in again.
	Enable Action = "cognito-idp:AdminEnableUser"
	// Delete deletes a user.
	Delete Action = "cognito-idp:AdminDeleteUser"
	// Link lets a user sign in with an identity of a provider.
	Link Action = "cognito-idp:AdminLinkProviderForUser"
	// Unlink stops a user from signing in with an identity of a provider.
	Unlink Action = "cognito-idp:AdminDisableProviderForUser"
	// RemoveAuthenticator removes a user's authenticator app.
	RemoveAuthenticator Action = "cognito-idp:AdminDeleteSoftwareToken"
	// SetFactors switches a user's second factors on and off.
	SetFactors Action = "cognito-idp:AdminSetUserMFAPreference"
)

// Operation is the operation's name in the API of Cognito, such as "AdminGetUser".
func (a Action) Operation() string { return strings.TrimPrefix(string(a), "cognito-idp:") }
