package deployed

import "encoding/json"

// Function is an AWS::Lambda::Function.
type Function struct {
	Name      string `json:"-"`
	ARN       string `json:"-"`
	LogicalID string `json:"-"`
	// Asset is the folder, relative to the stage's own in the assembly, that holds the program. It is empty if the app
	// was synthesized without asset metadata.
	Asset string `json:"-"`

	Environment struct{ Variables map[string]string }
	// MemorySize is in MiB.
	MemorySize int
	// Role is the ARN of the role whose credentials the function gets.
	Role string
	// Timeout is in seconds.
	Timeout       int
	Runtime       string
	Handler       string
	LoggingConfig struct{ LogGroup string }
	// DeadLetterConfig names the queue of asynchronous calls that failed for good. No call here is asynchronous.
	DeadLetterConfig struct{ TargetArn string }

	ReservedConcurrentExecutions *int

	// The program is built again for this machine.
	Architectures, Code Ignored
	Description, Tags   Ignored
	TracingConfig       Ignored
	// Nothing is written to a disk of AWS.
	KmsKeyArn Ignored
}

// Role is an AWS::IAM::Role. Documents are policies as JSON.
type Role struct {
	Name string `json:"-"`
	ARN  string `json:"-"`
	// Policies are the role's own and those of AWS::IAM::Policy resources.
	Policies []Policy

	AssumeRolePolicyDocument json.RawMessage
	// RoleName is empty if CloudFormation names the role.
	RoleName string
	// MaxSessionDuration is in seconds.
	MaxSessionDuration int

	// PermissionsBoundary is a policy of the pipeline's own stack. Tests of templates show that it permits everything that
	// a stage's roles are granted.
	PermissionsBoundary Ignored
	Description, Tags   Ignored
}

// Policy is a named policy document.
type Policy struct {
	PolicyName     string
	PolicyDocument json.RawMessage
}

// attachedPolicy is an AWS::IAM::Policy.
type attachedPolicy struct {
	PolicyName     string
	PolicyDocument json.RawMessage
	Roles          []string
}

// Table is an AWS::DynamoDB::Table.
type Table struct {
	Name string `json:"-"`
	ARN  string `json:"-"`
	Described

	AttributeDefinitions   []struct{ AttributeName, AttributeType string }
	BillingMode            string
	KeySchema              []KeyElement
	LocalSecondaryIndexes  []Index
	GlobalSecondaryIndexes []Index
	SSESpecification       struct {
		KMSMasterKeyID string
		SSEEnabled     bool
		SSEType        string
	}

	// Nothing is throttled, and items do not expire by themselves: readers must check an item's time, as on AWS, where
	// "items are typically deleted within a few days" of it:
	// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
	OnDemandThroughput, TimeToLiveSpecification                       Ignored
	DeletionProtectionEnabled, PointInTimeRecoverySpecification, Tags Ignored
}

// KeyElement is one attribute of a key; KeyType is HASH or RANGE.
type KeyElement struct{ AttributeName, KeyType string }

// Index is a secondary index.
type Index struct {
	IndexName  string
	KeySchema  []KeyElement
	Projection struct{ ProjectionType string }

	OnDemandThroughput Ignored
}

// Bucket is an AWS::S3::Bucket.
type Bucket struct {
	Name string `json:"-"`
	ARN  string `json:"-"`
	// Policy is the bucket's policy document.
	Policy json.RawMessage `json:"-"`

	CorsConfiguration struct {
		CorsRules []struct {
			AllowedHeaders, AllowedMethods, AllowedOrigins, ExposedHeaders []string
			MaxAge                                                         int
		}
	}

	// BucketEncryption names the key that encrypts objects: callers who write or read them need permission for it, too.
	BucketEncryption struct {
		ServerSideEncryptionConfiguration []BucketEncryptionRule
	}

	// Objects are kept in memory until the end.
	LifecycleConfiguration, LoggingConfiguration Ignored
	ObjectLockConfiguration, ObjectLockEnabled   Ignored
	Tags                                         Ignored

	// VersioningConfiguration says whether overwritten and deleted objects are kept as versions.
	VersioningConfiguration struct{ Status string }

	OwnershipControls struct {
		Rules []struct{ ObjectOwnership string }
	}
	PublicAccessBlockConfiguration struct {
		BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets bool
	}
}

// private reports whether only roles and the bucket's policy decide who may use it: no access control lists and no
// anonymous access. https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
func (b Bucket) private() bool {
	block, rules := b.PublicAccessBlockConfiguration, b.OwnershipControls.Rules
	return block.BlockPublicAcls && block.BlockPublicPolicy && block.IgnorePublicAcls && block.RestrictPublicBuckets &&
		len(rules) == 1 && rules[0].ObjectOwnership == "BucketOwnerEnforced"
}

// BucketEncryptionRule is how a bucket encrypts its objects.
type BucketEncryptionRule struct {
	// BucketKeyEnabled makes the bucket's ARN the encryption context, in place of the object's.
	BucketKeyEnabled              bool
	ServerSideEncryptionByDefault struct {
		// KMSMasterKeyID is the ARN of a customer-managed key.
		KMSMasterKeyID string
		// SSEAlgorithm is AES256 or aws:kms.
		SSEAlgorithm string
	}
}

// QueuePolicy is the policy of queues.
type QueuePolicy struct {
	// Queues are the URLs of the queues, which end in their names.
	Queues         []string
	PolicyDocument json.RawMessage
}

// Key is an AWS::KMS::Key.
type Key struct {
	ID        string `json:"-"`
	ARN       string `json:"-"`
	KeyPolicy json.RawMessage

	Description, EnableKeyRotation, PendingWindowInDays, RotationPeriodInDays, Tags Ignored
}
