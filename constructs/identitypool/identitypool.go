// Package identitypool provisions the identity pool, which gives browsers AWS credentials: one role for guests, another
// for signed-in customers.
//
// This package decides who may assume which role; one file of package stacks lists what the roles allow. Customers are
// authenticated by the user pool's Web client only: a provider connected here directly would skip the user pool, its
// MFA and its triggers.
package identitypool

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/appclient"
	"github.com/securecart/identity/constructs/iamrole"
	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/internal/lifetime"
	"github.com/securecart/identity/constructs/internal/nag"
	"github.com/securecart/identity/constructs/userpool"
)

// CustomerTag is the principal tag that holds the customer's sub in policies: ${aws:PrincipalTag/customer}. The
// identity pool's own variable, ${cognito-identity.amazonaws.com:sub}, holds the identity id, which is not a key of any
// table or prefix.
const CustomerTag = "customer"

// Customer is the policy variable for the signed-in customer's sub.
const Customer = "${aws:PrincipalTag/" + CustomerTag + "}"

// Props configures an IdentityPool.
type Props struct {
	// Pool is the user pool that authenticates customers. Required.
	Pool *userpool.UserPool
	// Client is the only app client whose ID tokens are exchanged. Required.
	Client *appclient.Client
	// Guest and Customer are what the two roles may do.
	Guest, Customer []iamrole.Grants
	// Retain keeps the pool, and with it every customer's identity id, when the stack is deleted.
	Retain bool
}

// IdentityPool issues customer credentials for an ID token, and guest credentials without one.
type IdentityPool struct{ ID string }

// New adds an IdentityPool to scope. It panics if props are invalid.
func New(scope constructs.Construct, id string, props Props) *IdentityPool {
	check.Props(scope, id,
		check.Given(props.Pool != nil, "Pool"),
		check.Given(props.Client != nil, "Client"),
	)
	self := constructs.NewConstruct(scope, jsii.String(id))
	pool := awscognito.NewCfnIdentityPool(self, jsii.String("Pool"), &awscognito.CfnIdentityPoolProps{
		AllowUnauthenticatedIdentities: jsii.Bool(true),
		// The classic flow would let the browser choose the role, and skip AWS's session policy for guests.
		AllowClassicFlow: jsii.Bool(false),
		CognitoIdentityProviders: []any{&awscognito.CfnIdentityPool_CognitoIdentityProviderProperty{
			ClientId:     jsii.String(props.Client.ID),
			ProviderName: jsii.String(props.Pool.ProviderName),
			// Refuses ID tokens of customers who have signed out everywhere or were deleted (AWS documents no more).
			ServerSideTokenCheck: jsii.Bool(true),
		}},
	})
	pool.ApplyRemovalPolicy(lifetime.Policy(props.Retain), nil)
	nag.Accept(pool, nag.Rule("AwsSolutions-COG7", "Guests browse products. Their role holds exactly that, listed in "+
		"README and compared with the templates by a test."))
	poolID := *pool.Ref()

	tags := &awscognito.CfnIdentityPoolPrincipalTagProps{
		IdentityPoolId:       jsii.String(poolID),
		IdentityProviderName: jsii.String(props.Pool.ProviderName),
		UseDefaults:          jsii.Bool(false),
		PrincipalTags:        map[string]string{CustomerTag: "sub"},
	}
	awscognito.NewCfnIdentityPoolPrincipalTag(self, jsii.String("PrincipalTags"), tags)
	customers := federated(identities(poolID, "authenticated"))
	roles := map[string]any{
		"unauthenticated": iamrole.New(self, "Guest", iamrole.Props{
			Description: "What anybody may do with SecureCart's credentials for guests",
			AssumedBy:   federated(identities(poolID, "unauthenticated")), MaxSessionHours: 1, Grants: props.Guest,
		}).ARN(),
		"authenticated": iamrole.New(self, "Customer", iamrole.Props{
			Description: "What signed-in customers may do with AWS credentials",
			AssumedBy:   customers, MaxSessionHours: 1, Grants: props.Customer,
			Trust: []awsiam.PolicyStatement{tagSession(customers, identities(poolID, "authenticated"))},
		}).ARN(),
	}
	awscognito.NewCfnIdentityPoolRoleAttachment(self, jsii.String("Roles"),
		&awscognito.CfnIdentityPoolRoleAttachmentProps{IdentityPoolId: jsii.String(poolID), Roles: roles})
	return &IdentityPool{ID: poolID}
}

// service is the service principal of identity pools.
const service = "cognito-identity.amazonaws.com"

// identities are the trust conditions for one kind of identity of this pool: aud excludes other pools, amr excludes
// guests from the customer role.
// https://docs.aws.amazon.com/cognito/latest/developerguide/using-attributes-for-access-control-policy-example.html
func identities(poolID, kind string) map[string]any {
	return map[string]any{
		"StringEquals":           map[string]any{service + ":aud": poolID},
		"ForAnyValue:StringLike": map[string]any{service + ":amr": kind},
	}
}

func federated(conditions map[string]any) awsiam.IPrincipal {
	return awsiam.NewFederatedPrincipal(jsii.String(service), &conditions, jsii.String("sts:AssumeRoleWithWebIdentity"))
}

func tagSession(principal awsiam.IPrincipal, conditions map[string]any) awsiam.PolicyStatement {
	return awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
		Principals: &[]awsiam.IPrincipal{principal},
		Actions:    jsii.Strings("sts:TagSession"),
		Conditions: &conditions,
	})
}
