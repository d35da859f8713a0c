package access

import (
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/iam"
)

// listed compares the replica with this package's lists.
func (r *replica) listed(t *testing.T) []string {
	t.Helper()
	may, reached, taken := byName{}, byName{}, map[string][]string{}
	attempts := r.attempts()
	for _, role := range r.own {
		may[role.Name] = r.allowedTo(t, role, attempts)
		may[role.Name+", in the stage's Region"] = r.primary.allowedTo(t, role, r.primary.signed())
		taken[role.Name] = r.takers(t, role)
	}
	own := slices.DeleteFunc(slices.Clone(attempts), func(a Attempt) bool {
		return !strings.HasSuffix(a.Group, "key") && !strings.Contains(a.On, "lambda/replica")
	})
	if len(own) < 100 {
		t.Errorf("%d attempts on the replica's own parts, want 100", len(own))
	}
	reaches := byName{}
	for _, role := range r.primary.Roles {
		reached[role.Name], reaches[role.Name] = r.allowedTo(t, role, own), throughCognito
	}
	events := append(r.Events(), Event{
		"trigger of the pool in the stage's Region", iam.Principal{Type: iam.Service, ID: deployed.CognitoPool},
		map[string][]string{"aws:SourceArn": {r.primary.UserPool.ARN}, "aws:SourceAccount": {r.Account}},
	})
	for arn := range r.Functions {
		name := "calls " + r.FunctionName(arn)
		for _, event := range events {
			verdict, err := r.Invoke(arn, event)
			if err != nil {
				t.Fatal(err)
			}
			if verdict.Allowed {
				taken[name] = append(taken[name], event.What)
			}
		}
	}
	return slices.Concat(differences(mayInReplica, may, literal), differences(reaches, reached, literal),
		differences(lists(takesInReplica), lists(taken), literal))
}

// TestWhoMayDoWhatInAReplica: what its roles may do, there and in the stage's Region; what the stage's roles may do
// with its keys, function and log; who may assume its roles, and what invokes its function.
func TestWhoMayDoWhatInAReplica(t *testing.T) {
	for _, text := range reviewedReplica(t, unchanged).listed(t) {
		t.Error(text)
	}
}

func TestAWidenedReplicaIsFound(t *testing.T) {
	// statement returns a statement of the policy document at a property.
	statement := func(document any, i int) map[string]any {
		return document.(map[string]any)["Statement"].([]any)[i].(map[string]any)
	}
	conditions := func(statement map[string]any) map[string]any { return statement["Condition"].(map[string]any) }
	for _, c := range []struct {
		what, typ string
		widen     func(properties map[string]any)
	}{
		{"the function writes any log", "AWS::IAM::Policy", func(p map[string]any) {
			statement(p["PolicyDocument"], 0)["Resource"] = "*"
		}},
		{"the function reads customers", "AWS::IAM::Policy", func(p map[string]any) {
			statement(p["PolicyDocument"], 1)["Action"] = "cognito-idp:ListUsers"
		}},
		{"the pool's key is for any pool", "AWS::KMS::ReplicaKey", func(p map[string]any) {
			delete(conditions(statement(p["KeyPolicy"], 3)), "StringLike")
		}},
		{"the pool's key is for any service", "AWS::KMS::ReplicaKey", func(p map[string]any) {
			delete(conditions(statement(p["KeyPolicy"], 3))["StringEquals"].(map[string]any), "kms:ViaService")
		}},
		{"everybody may decrypt logs", "AWS::KMS::Key", func(p map[string]any) {
			statement(p["KeyPolicy"], 0)["Principal"] = "*"
		}},
		{"Cognito sends SMS for any stage", "AWS::IAM::Role", func(p map[string]any) {
			if of := statement(p["AssumeRolePolicyDocument"], 0); of["Condition"] != nil {
				delete(conditions(of)["StringEquals"].(map[string]any), "sts:ExternalId")
			}
		}},
		{"any pool calls the function", "AWS::Lambda::Permission", func(p map[string]any) {
			p["SourceArn"] = "arn:aws:cognito-idp:" + replicaRegion + ":111122223333:userpool/*"
		}},
	} {
		widened := reviewedReplica(t, func(resources map[string]assembly.Resource) {
			for _, resource := range resources {
				if resource.Type == c.typ {
					c.widen(resource.Properties)
				}
			}
		})
		if len(widened.listed(t)) == 0 {
			t.Errorf("%s: is not found", c.what)
		}
	}
}
