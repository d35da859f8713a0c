package access

// throughCognito is what every role of the account may do with the replica's copy of the pool's key, as Cognito
// requires: use it in calls to Cognito about this pool, where the caller's own permissions count. There is no other way
// to the key.
var throughCognito = map[string][]string{
	"Pool's key, through Cognito, for the copy": usesOfPoolKey,
	"Pool's key, through Cognito, for the pool": usesOfPoolKey,
}

var usesOfPoolKey = []string{
	"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo",
}

// mayInReplica is the closed world of permissions of a replica's roles, in its own Region and in that of the stage.
var mayInReplica = byName{
	"lambda/replica": {
		"Logs and traces, any":                      traces,
		"Logs and traces, log of lambda/replica":    logs,
		"Pool's key, through Cognito, for the copy": usesOfPoolKey,
		"Pool's key, through Cognito, for the pool": usesOfPoolKey,
	},
	// Traces have no Region in their permission.
	"lambda/replica, in the stage's Region": {"Logs and traces, any": traces},
	// Numbers have no ARN, as in the stage.
	smsRole: {
		"Messages, a topic":                         {"sns:Publish"},
		"Messages, an SMS to any number":            {"sns:Publish"},
		"Pool's key, through Cognito, for the copy": usesOfPoolKey,
		"Pool's key, through Cognito, for the pool": usesOfPoolKey,
	},
	smsRole + ", in the stage's Region": {
		"Messages, a topic":                      {"sns:Publish"},
		"Messages, an SMS to any number":         {"sns:Publish"},
		"Messages, the topic of security events": {"sns:Publish"},
	},
}

// takesInReplica lists who may assume a replica's roles, and what invokes its function.
var takesInReplica = map[string][]string{
	"lambda/replica":       {"lambda.amazonaws.com"},
	"calls lambda/replica": {"trigger of this user pool"},
	smsRole:                takes[smsRole],
}
