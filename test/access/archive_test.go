package access

import (
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/iam"
)

// everything is the identity policy AdministratorAccess.
const everything = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}`

// TestAdministratorsCannotTouchTheRecord: a role that may do everything in the account, and is neither the writer of a
// locked bucket nor CloudFormation's, cannot write to the bucket, delete or unlock an object, or change the settings on
// which that rests. Each writer writes to its own bucket only.
func TestAdministratorsCannotTouchTheRecord(t *testing.T) {
	document, err := iam.Parse([]byte(everything))
	if err != nil {
		t.Fatal(err)
	}
	eachStage(t, func(t *testing.T, s *Subject) {
		stages := config.Stages()
		cfg := stages[slices.IndexFunc(stages, func(cfg config.Stage) bool { return cfg.ID() == s.ID })]
		deployer := "cdk-" + cfg.Delivery.Bootstrap() + "-cfn-exec-role-" + s.Account + "-" + s.Region
		seen := 0
		for _, arn := range sorted(s.Buckets) {
			bucket := label(s.Buckets[arn].Name)
			if !slices.Contains(archives, bucket) {
				continue
			}
			writer := s.ID + "-" + map[string]string{"securityevents": "SecurityEvents", "userexports": "UserExport"}[bucket]
			may := func(role, action, resource string) bool {
				w := who{
					principal: iam.Principal{Type: iam.AWS, ID: "arn:aws:sts::" + s.Account + ":assumed-role/" + role + "/session"},
					session:   map[string][]string{"aws:PrincipalArn": {s.arnOfIAM("role/" + role)}},
					policies:  []iam.Policy{{Name: "AdministratorAccess", Document: document}},
				}
				verdict, err := s.may(w, Attempt{Action: action, Resource: resource, Context: tls("1.3")})
				if err != nil {
					t.Fatal(err)
				}
				return verdict.Allowed
			}
			for _, role := range []string{
				writer, deployer, "Admin", writer + "2", s.ID + "-UserExport", s.ID + "-SecurityEvents", deployer + "2",
			} {
				for action := range strings.FieldsSeq(`s3:BypassGovernanceRetention s3:DeleteObject s3:DeleteObjectVersion
					s3:PutObject s3:PutObjectLegalHold s3:PutObjectRetention s3:ReplicateDelete s3:ReplicateObject`) {
					seen++
					want := role == writer && (action == "s3:PutObject" || action == "s3:ReplicateObject")
					if got := may(role, action, arn+"/changes/2026/11/29/1.json"); got != want {
						t.Errorf("%s may %s in %s: %t, want %t", role, action, bucket, got, want)
					}
				}
				for action := range strings.FieldsSeq(`s3:DeleteBucket s3:DeleteBucketPolicy s3:PutBucketObjectLockConfiguration
					s3:PutBucketPolicy s3:PutBucketVersioning s3:PutEncryptionConfiguration s3:PutLifecycleConfiguration
					s3:PutReplicationConfiguration`) {
					seen++
					if got := may(role, action, arn); got != (role == deployer) {
						t.Errorf("%s may %s of %s: %t, want %t", role, action, bucket, got, role == deployer)
					}
				}
				if !may(role, "s3:GetObject", arn+"/changes/2026/11/29/1.json") {
					t.Errorf("%s cannot read %s, so this would prove nothing", role, bucket)
				}
			}
		}
		if seen != 2*7*16 {
			t.Errorf("%d actions were tried", seen)
		}
	})
}
