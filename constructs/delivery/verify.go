package delivery

import (
	"strings"

	"github.com/securecart/identity/constructs/iamrole"
	"github.com/securecart/identity/lambda/contract"
)

// verify is what `make verify` needs (docs/operations.md). A stolen session could take over any account of the stage,
// so no stage with real customers has this role.
func (s stage) verify() iamrole.Grants {
	tables, buckets := s.arn("dynamodb", "table/"+s.id()+"-"), "arn:aws:s3:::"+strings.ToLower(s.id())+"-data-"
	return iamrole.Grants{
		{
			Sid: "MakeCustomers", Resources: []string{s.arn("cognito-idp", "userpool/*")}, Conditions: s.tagged(),
			Actions: makeCustomers(),
		},
		{
			Sid: "MakeProducts", Actions: []string{"dynamodb:DeleteItem", "dynamodb:PutItem"},
			Resources: []string{tables + "Data-Products*"},
		},
		{
			Sid: "AgeProofs", Actions: []string{"dynamodb:UpdateItem"},
			Resources: []string{tables + "UserPool-Proofs*"},
		},
		{
			Sid: "MakeObjects", Actions: []string{"s3:DeleteObject", "s3:PutObject"},
			Resources: []string{buckets + "media*/*", buckets + "documents*/*"},
		},
		{
			Sid: "UseKeysOfTablesAndBuckets", Resources: []string{s.arn("kms", "key/*")},
			Actions: []string{"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"},
			Conditions: map[string]any{"StringEquals": map[string]any{
				"aws:ResourceTag/stage": s.name,
				"kms:ViaService":        []string{"dynamodb." + s.region + ".amazonaws.com", "s3." + s.region + ".amazonaws.com"},
			}},
		},
	}
}

// makeCustomers are the actions by which verify makes customers and removes them.
func makeCustomers() []string {
	return []string{
		"cognito-idp:AdminConfirmSignUp", "cognito-idp:AdminCreateUser", "cognito-idp:AdminDeleteSoftwareToken",
		"cognito-idp:AdminDeleteUser", "cognito-idp:AdminDisableUser", "cognito-idp:AdminGetUser",
		"cognito-idp:AdminLinkProviderForUser", "cognito-idp:AdminSetUserMFAPreference",
		"cognito-idp:AdminSetUserPassword", "cognito-idp:ListUsers",
	}
}

// Verifying is what the role Verify of a stage does in the user pool, for the record of changes.
func Verifying(stage string) contract.ExpectedRole {
	work := contract.ExpectedRole{Name: Name(stage) + "-Verify", Source: "cognito-idp.amazonaws.com"}
	for _, action := range makeCustomers() {
		work.Operations = append(work.Operations, strings.TrimPrefix(action, "cognito-idp:"))
	}
	return work
}
