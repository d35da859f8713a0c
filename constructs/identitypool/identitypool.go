// Package identitypool gives browsers AWS credentials: guests one role, signed-in customers another.
//
// The package decides who may take which role; what the roles allow is granted in package stacks, in one file. Only the
// user pool, through the Web client, vouches for customers: a provider wired here directly would skip the user pool, its
// MFA and its triggers.
package identitypool

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/internal/lifetime"
	"github.com/securecart/identity/constructs/internal/nag"
)

// CustomerTag is the principal tag that holds the customer's sub in policies: ${aws:PrincipalTag/customer}. The identity
// pool's own variable, ${cognito-identity.amazonaws.com:sub}, is the identity id, which no table or prefix is keyed by.
const CustomerTag = "customer"

// Customer is the policy variable for the signed-in customer's sub.
const Customer = "${aws:PrincipalTag/" + CustomerTag + "}"

// Props configures an IdentityPool.
type Props struct {
	// Pool is the user pool that vouches for customers. Required.
	Pool awscognito.CfnUserPool
	// Client is the only app client whose ID tokens are exchanged. Required.
	Client awscognito.CfnUserPoolClient
	// Retain keeps the pool, and with it every customer's identity id, when the stack is deleted.
	Retain bool
}

// IdentityPool exchanges nothing for guest credentials, and an ID token for customer credentials.
type IdentityPool struct {
	Pool     awscognito.CfnIdentityPool
	Guest    awsiam.Role
	Customer awsiam.Role
}

// New adds an IdentityPool to scope. It panics if props are invalid.
func New(scope constructs.Construct, id string, props Props) *IdentityPool {
	c := check.Of(scope, id)
	c.Given(props.Pool != nil, "Pool")
	c.Given(props.Client != nil, "Client")
	c.Must()

	self := constructs.NewConstruct(scope, jsii.String(id))
	pool := awscognito.NewCfnIdentityPool(self, jsii.String("Pool"), &awscognito.CfnIdentityPoolProps{
		AllowUnauthenticatedIdentities: jsii.Bool(true),
		// The classic flow lets the browser choose the role and lifts AWS's ceiling on guests.
		AllowClassicFlow: jsii.Bool(false),
		CognitoIdentityProviders: []any{&awscognito.CfnIdentityPool_CognitoIdentityProviderProperty{
			ClientId:     props.Client.Ref(),
			ProviderName: props.Pool.AttrProviderName(),
			// Refuses ID tokens of customers who have signed out everywhere or were deleted (AWS documents no more than that).
			ServerSideTokenCheck: jsii.Bool(true),
		}},
	})
	pool.ApplyRemovalPolicy(lifetime.Policy(props.Retain), nil)
	nag.Accept(pool, nag.Accepted{Rule: "AwsSolutions-COG7",
		Reason: "Guests browse products. Their role holds exactly that, listed in README and compared with the templates by a test."})

	awscognito.NewCfnIdentityPoolPrincipalTag(self, jsii.String("PrincipalTags"), &awscognito.CfnIdentityPoolPrincipalTagProps{
		IdentityPoolId:       pool.Ref(),
		IdentityProviderName: props.Pool.AttrProviderName(),
		UseDefaults:          jsii.Bool(false),
		PrincipalTags:        map[string]string{CustomerTag: "sub"},
	})
	guest := newRole(self, "Guest", pool, "unauthenticated", "What anybody may do with SecureCart's credentials for guests")
	customer := newRole(self, "Customer", pool, "authenticated", "What signed-in customers may do with AWS credentials", "sts:TagSession")
	awscognito.NewCfnIdentityPoolRoleAttachment(self, jsii.String("Roles"), &awscognito.CfnIdentityPoolRoleAttachmentProps{
		IdentityPoolId: pool.Ref(),
		Roles:          map[string]any{"unauthenticated": guest.RoleArn(), "authenticated": customer.RoleArn()},
	})
	return &IdentityPool{Pool: pool, Guest: guest, Customer: customer}
}

// newRole adds a role that only identities of this pool and of this kind may take: aud shuts out other pools, amr shuts
// out guests from the customer role. Sessions last an hour.
// https://docs.aws.amazon.com/cognito/latest/developerguide/using-attributes-for-access-control-policy-example.html
func newRole(scope constructs.Construct, id string, pool awscognito.CfnIdentityPool, amr, description string, trustedActions ...string) awsiam.Role {
	conditions := &map[string]any{
		"StringEquals":           map[string]any{"cognito-identity.amazonaws.com:aud": pool.Ref()},
		"ForAnyValue:StringLike": map[string]any{"cognito-identity.amazonaws.com:amr": amr},
	}
	principal := awsiam.NewFederatedPrincipal(jsii.String("cognito-identity.amazonaws.com"), conditions, jsii.String("sts:AssumeRoleWithWebIdentity"))
	role := awsiam.NewRole(scope, jsii.String(id), &awsiam.RoleProps{
		AssumedBy:          principal,
		Description:        jsii.String(description),
		MaxSessionDuration: awscdk.Duration_Hours(jsii.Number(1)),
	})
	if len(trustedActions) > 0 {
		role.AssumeRolePolicy().AddStatements(awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Principals: &[]awsiam.IPrincipal{principal},
			Actions:    jsii.Strings(trustedActions...),
			Conditions: conditions,
		}))
	}
	return role
}
