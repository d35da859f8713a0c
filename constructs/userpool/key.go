package userpool

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscognito"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/internal/resourcepolicy"
)

// KeyProps configures the Key of a pool with a replica.
type KeyProps struct {
	// Replica is the Region of the replica. Required.
	Replica string
}

// Key is the multi-Region key with which a pool and its replica are encrypted.
type Key struct{ ARN string }

// NewKey adds the multi-Region key that Cognito asks for before it replicates a pool: symmetric, rotated every year.
// The key is always retained, whatever the stage says: without it nobody can read the pool's users. It panics if props
// are invalid. https://docs.aws.amazon.com/cognito/latest/developerguide/data-protection.html
func NewKey(scope constructs.Construct, id string, props KeyProps) *Key {
	check.Props(scope, id, check.Given(props.Replica != "", "Replica"))
	stack := awscdk.Stack_Of(scope)
	primary := *stack.Region()
	// The pool needs the key first, so the policy cannot name the one pool.
	key := awskms.NewCfnKey(scope, jsii.String(id), &awskms.CfnKeyProps{
		Description:       jsii.String("SecureCart: encrypts the user pool and its replica"),
		MultiRegion:       jsii.Bool(true),
		EnableKeyRotation: jsii.Bool(true),
		// Replicas of the key rotate with it.
		RotationPeriodInDays: jsii.Number(365),
		PendingWindowInDays:  jsii.Number(pendingDays),
		KeyPolicy:            keyPolicy(*stack.Account(), primary, props.Replica, primary+"_*", primary),
	})
	key.ApplyRemovalPolicy(awscdk.RemovalPolicy_RETAIN, nil)
	return &Key{ARN: *key.AttrArn()}
}

// ReplicaKeyProps configures a replica of the Key.
type ReplicaKeyProps struct {
	// Key is the ARN of the Key, and Pool the id of the pool that it encrypts. Required.
	Key, Pool string
	// Primary is the pool's own Region. Required.
	Primary string
}

// NewReplicaKey adds the replica of a Key to a stack of the replica's Region. It is always retained, too. It panics if
// props are invalid.
func NewReplicaKey(scope constructs.Construct, id string, props ReplicaKeyProps) {
	check.Props(scope, id,
		check.Given(props.Key != "", "Key"),
		check.Given(props.Pool != "", "Pool"),
		check.Given(props.Primary != "", "Primary"),
	)
	stack := awscdk.Stack_Of(scope)
	here := *stack.Region()
	awskms.NewCfnReplicaKey(scope, jsii.String(id), &awskms.CfnReplicaKeyProps{
		Description:         jsii.String("SecureCart: encrypts the replica of the user pool"),
		PrimaryKeyArn:       jsii.String(props.Key),
		PendingWindowInDays: jsii.Number(pendingDays),
		KeyPolicy:           keyPolicy(*stack.Account(), props.Primary, here, props.Pool, here),
	}).ApplyRemovalPolicy(awscdk.RemovalPolicy_RETAIN, nil)
}

// pendingDays is how long KMS waits before it deletes a key, the longest that it allows.
const pendingDays = 30

// keyPolicy delegates to IAM, and lets Cognito use the key for the pool and its replica. Callers of Cognito's API, such
// as CloudFormation, may use it through Cognito in the key's own Region only. The actions are those that AWS lists. Its
// example admits callers of every account; this policy admits those of the stage's own.
func keyPolicy(account, primary, replica, pool, region string) map[string]any {
	pools := []string{PoolARN(primary, account, pool), PoolARN(replica, account, pool)}
	use := []string{
		"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo",
	}
	cognito := map[string]any{"Service": []string{"cognito-idp.amazonaws.com", "identitystore.amazonaws.com"}}
	owner := map[string]any{"AWS": "arn:aws:iam::" + account + ":root"}
	context := map[string]any{"kms:EncryptionContext:aws:cognito-idp:userpool-arn": pools}
	source := map[string]any{"aws:SourceArn": pools}
	own := map[string]any{"aws:SourceAccount": account}
	through := map[string]any{
		"kms:CallerAccount": account, "kms:ViaService": fmt.Sprintf("cognito-idp.%s.amazonaws.com", region),
	}
	return resourcepolicy.Document(
		statement("DelegateToIAM", owner, nil, "kms:*"),
		statement("EncryptUsers", cognito,
			map[string]any{"StringEquals": own, "ArnLike": source, "StringLike": context}, use...),
		statement("DescribeKey", cognito, map[string]any{"StringEquals": own, "ArnLike": source}, "kms:DescribeKey"),
		statement("ThroughCognito", resourcepolicy.Everybody,
			map[string]any{"StringEquals": through, "StringLike": context}, use...),
		statement("DescribeThroughCognito", resourcepolicy.Everybody,
			map[string]any{"StringEquals": through}, "kms:DescribeKey"),
	)
}

// statement allows actions on the key itself.
func statement(sid string, principal, condition map[string]any, actions ...string) resourcepolicy.Statement {
	return resourcepolicy.Statement{
		Sid: sid, Effect: "Allow", Resource: "*", Principal: principal, Action: actions, Condition: condition,
	}
}

// PoolARN is the ARN of a pool, or of its replica, in a Region: a replica has the pool's id and its own Region.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-multi-region.html
func PoolARN(region, account, id string) string {
	return "arn:aws:cognito-idp:" + region + ":" + account + ":userpool/" + id
}

// encryption is the pool's key: AWS's own unless the pool has a replica.
func encryption(key *Key) any {
	if key == nil {
		return nil
	}
	return &awscognito.CfnUserPool_KeyConfigurationProperty{
		KeyType: jsii.String("CUSTOMER_MANAGED_KEY"), KmsKeyArn: jsii.String(key.ARN),
	}
}

// issuer is written down where a pool has a replica. AWS recommends UPDATED there, whose keys are served in both
// Regions, and says: "The updated issuer type is not currently compatible with … Amazon API Gateway Amazon Cognito
// authorizers". The API has such an authorizer (docs/adr/0004), so UPDATED would refuse every customer.
// https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html
func issuer(key *Key) any {
	if key == nil {
		return nil
	}
	return &awscognito.CfnUserPool_IssuerConfigurationProperty{Type: jsii.String("ORIGINAL")}
}
