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

// administrators are principals of a stage's account that IAM allows everything.
type administrators struct {
	*Subject
	t        *testing.T
	document *iam.Document
	// deployer is the role with which CloudFormation changes the stage.
	deployer string
}

func eachAdministrators(t *testing.T, test func(administrators)) {
	t.Helper()
	document, err := iam.Parse([]byte(everything))
	if err != nil {
		t.Fatal(err)
	}
	eachStage(t, func(t *testing.T, s *Subject) {
		stages := config.Stages()
		cfg := stages[slices.IndexFunc(stages, func(cfg config.Stage) bool { return cfg.ID() == s.ID })]
		test(administrators{
			Subject: s, t: t, document: document,
			deployer: cfg.ExecutionRole(s.Account),
		})
	})
}

// role reports whether a role that may do everything may do this.
func (a administrators) role(name, action, resource string) bool {
	a.t.Helper()
	return a.principal("arn:aws:sts::"+a.Account+":assumed-role/"+name+"/session", "role/"+name, action, resource)
}

// root reports whether the root user may do this.
func (a administrators) root(action, resource string) bool {
	a.t.Helper()
	return a.principal(a.arnOfIAM("root"), "root", action, resource)
}

func (a administrators) principal(id, name, action, resource string) bool {
	a.t.Helper()
	w := who{
		principal: iam.Principal{Type: iam.AWS, ID: id},
		session: map[string][]string{
			"aws:PrincipalArn": {a.arnOfIAM(name)}, "aws:PrincipalIsAWSService": {"false"}, // as of all signed requests
		},
		policies: []iam.Policy{{Name: "AdministratorAccess", Document: a.document}},
	}
	verdict, err := a.may(w, Attempt{Action: action, Resource: resource, Context: tls("1.3")})
	if err != nil {
		a.t.Fatal(err)
	}
	return verdict.Allowed
}

// TestAdministratorsCannotTouchTheRecord: a role that may do everything in the account, and is neither the writer of a
// locked bucket nor CloudFormation's, cannot write to the bucket, delete or unlock an object, or change the settings on
// which that rests. Each writer writes to its own bucket only.
func TestAdministratorsCannotTouchTheRecord(t *testing.T) {
	eachAdministrators(t, func(s administrators) {
		t := s.t
		seen := 0
		for _, arn := range sorted(s.Buckets) {
			bucket := label(s.Buckets[arn].Name)
			if !slices.Contains(archives, bucket) {
				continue
			}
			writer := s.ID + "-" + map[string]string{"securityevents": "SecurityEvents", "userexports": "UserExport"}[bucket]
			for _, role := range []string{
				writer, s.deployer, "Admin", writer + "2", s.ID + "-UserExport", s.ID + "-SecurityEvents", s.deployer + "2",
			} {
				for action := range strings.FieldsSeq(`s3:BypassGovernanceRetention s3:DeleteObject s3:DeleteObjectVersion
					s3:PutObject s3:PutObjectLegalHold s3:PutObjectRetention s3:ReplicateDelete s3:ReplicateObject`) {
					seen++
					want := role == writer && (action == "s3:PutObject" || action == "s3:ReplicateObject")
					if got := s.role(role, action, arn+"/changes/2026/11/29/1.json"); got != want {
						t.Errorf("%s may %s in %s: %t, want %t", role, action, bucket, got, want)
					}
				}
				for action := range strings.FieldsSeq(`s3:DeleteBucket s3:DeleteBucketPolicy s3:PutBucketObjectLockConfiguration
					s3:PutBucketPolicy s3:PutBucketVersioning s3:PutEncryptionConfiguration s3:PutLifecycleConfiguration
					s3:PutReplicationConfiguration`) {
					seen++
					if got := s.role(role, action, arn); got != (role == s.deployer) {
						t.Errorf("%s may %s of %s: %t, want %t", role, action, bucket, got, role == s.deployer)
					}
				}
				if !s.role(role, "s3:GetObject", arn+"/changes/2026/11/29/1.json") {
					t.Errorf("%s cannot read %s, so this would prove nothing", role, bucket)
				}
			}
		}
		if seen != 2*7*16 {
			t.Errorf("%d actions were tried", seen)
		}
	})
}

// TestAdministratorsCannotEndTheArchiveKey: without the key nobody can read the record. Only CloudFormation's role and
// the root user can delete or disable the key or change who uses it; everybody else may undo that, and use the key. For
// no other key does the policy of the key decide that.
func TestAdministratorsCannotEndTheArchiveKey(t *testing.T) {
	eachAdministrators(t, func(s administrators) {
		t, seen := s.t, 0
		for _, arn := range sorted(s.keys) {
			archive := s.keys[arn] == archiveKey
			for _, role := range []string{s.deployer, "Admin", s.deployer + "2", s.ID + "-SecurityEvents"} {
				for action := range strings.FieldsSeq(`kms:CreateGrant kms:DeleteImportedKeyMaterial kms:DisableKey
					kms:PutKeyPolicy kms:ReplicateKey kms:ScheduleKeyDeletion kms:UpdatePrimaryRegion`) {
					if want := !archive || role == s.deployer; s.role(role, action, arn) != want {
						t.Errorf("%s may %s of the %s: want %t", role, action, s.keys[arn], want)
					}
					if !s.root(action, arn) {
						t.Errorf("the root user may not %s of the %s, so only AWS Support could help", action, s.keys[arn])
					}
					seen++
				}
				for action := range strings.FieldsSeq("kms:CancelKeyDeletion kms:EnableKey kms:Decrypt kms:GenerateDataKey") {
					if !s.role(role, action, arn) {
						t.Errorf("%s may not %s of the %s", role, action, s.keys[arn])
					}
				}
			}
		}
		if want := len(s.keys) * 4 * 7; seen != want || want == 0 {
			t.Errorf("%d actions were tried, want %d", seen, want)
		}
	})
}
