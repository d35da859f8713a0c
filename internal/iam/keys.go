package iam

import (
	"fmt"
	"strings"
)

// key is a documented condition key.
type key struct {
	name        string // in lower case
	multivalued bool   // a request may have several values
}

// single and multi are the known condition keys, with one or several values in a request. Any other key is an error:
// treated as absent, a misspelt key would make a Deny ineffective. Sources, in the order of the groups:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (aws),
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html (identity providers, iam,
// sts), and the condition keys of each service in https://docs.aws.amazon.com/service-authorization/latest/reference/.
var (
	single = index(`
		aws:CalledViaFirst aws:CalledViaLast aws:CurrentTime aws:EpochTime aws:FederatedProvider aws:MultiFactorAuthAge
		aws:MultiFactorAuthPresent aws:PrincipalAccount aws:PrincipalArn aws:PrincipalIsAWSService aws:PrincipalOrgID
		aws:PrincipalServiceName aws:PrincipalType aws:Referer aws:RequestedRegion aws:ResourceAccount aws:ResourceOrgID
		aws:SecureTransport aws:SourceAccount aws:SourceArn aws:SourceIdentity aws:SourceIp aws:SourceOrgID aws:SourceVpc
		aws:SourceVpce aws:TokenIssueTime aws:UserAgent aws:UserId aws:Username aws:ViaAWSService aws:VpcSourceIp
		accounts.google.com:aud accounts.google.com:sub cognito-identity.amazonaws.com:aud cognito-identity.amazonaws.com:sub
		graph.facebook.com:app_id graph.facebook.com:id www.amazon.com:app_id www.amazon.com:user_id
		token.actions.githubusercontent.com:aud token.actions.githubusercontent.com:environment
		token.actions.githubusercontent.com:job_workflow_ref token.actions.githubusercontent.com:ref
		token.actions.githubusercontent.com:repository_id token.actions.githubusercontent.com:sub
		iam:AWSServiceName iam:PassedToService iam:PermissionsBoundary sts:ExternalId sts:RoleSessionName
		sts:SourceIdentity
		dynamodb:EnclosingOperation dynamodb:FullTableScan dynamodb:ReturnConsumedCapacity dynamodb:ReturnValues
		dynamodb:Select
		ec2:InstanceType
		kms:CallerAccount kms:GrantIsForAWSResource kms:ViaService
		s3:authType s3:delimiter s3:max-keys s3:prefix s3:ResourceAccount s3:signatureAge s3:signatureversion s3:TlsVersion
		s3:versionid s3:x-amz-acl s3:x-amz-server-side-encryption s3:x-amz-server-side-encryption-aws-kms-key-id
		s3:x-amz-server-side-encryption-customer-algorithm
	`)
	multi = index(`
		aws:CalledVia aws:PrincipalOrgPaths aws:PrincipalServiceNamesList aws:ResourceOrgPaths aws:SourceOrgPaths aws:TagKeys
		cognito-identity.amazonaws.com:amr sts:TransitiveTagKeys
		dynamodb:Attributes dynamodb:LeadingKeys
		kms:EncryptionContextKeys kms:ResourceAliases
		logs:LogGeneratingResourceArns
		s3:RequestObjectTagKeys
	`)
	// prefixes are those of single-valued keys that end in a name that users choose.
	prefixes = []string{
		"aws:principaltag/", "aws:requesttag/", "aws:resourcetag/", "iam:resourcetag/", "kms:encryptioncontext:",
		"s3:existingobjecttag/", "s3:requestobjecttag/",
	}
)

func index(names string) map[string]bool {
	known := map[string]bool{}
	for _, name := range strings.Fields(names) {
		known[strings.ToLower(name)] = true
	}
	return known
}

// lookUp finds a condition key: "Context key names are not case-sensitive",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html.
func lookUp(name string) (key, error) {
	lower := strings.ToLower(name)
	if single[lower] || multi[lower] {
		return key{name: lower, multivalued: multi[lower]}, nil
	}
	for _, prefix := range prefixes {
		if rest, ok := strings.CutPrefix(lower, prefix); ok && rest != "" && !strings.ContainsAny(rest, "$*?") {
			return key{name: lower}, nil
		}
	}
	return key{}, fmt.Errorf("unknown condition key %q: if AWS documents it, add it to keys.go", name)
}
