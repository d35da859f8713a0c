package access

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/internal/iam"
)

// replicaRegion is the Region of the reviewed replica.
const replicaRegion = "us-west-2"

// replica is what a replica adds to a stage: a subject of its own, in its Region, with the replica's function, log and
// keys. Its roles are those of the stage, and its own.
type replica struct {
	*Subject
	primary *Subject
	own     []Role

	// roles are the replica's own by logical id, and attached their further policies, while templates are read.
	roles    map[string]deployed.Role
	attached []attachedPolicy
}

type attachedPolicy struct {
	deployed.Policy
	Roles []string
}

// reviewedReplica returns Dev with the replica of the reviewed templates after a change. They are of a variant, because
// no committed stage has a replica.
func reviewedReplica(t *testing.T, change func(resources map[string]assembly.Resource)) *replica {
	t.Helper()
	primary := reviewed(t, "SecureCart-Dev")
	stage := *primary.Stage
	stage.Region, stage.Functions, stage.Permissions = replicaRegion, map[string]deployed.Function{}, nil
	stage.UserPool.ARN = "arn:aws:cognito-idp:" + replicaRegion + ":" + stage.Account + ":userpool/" + stage.UserPool.ID
	stage.UserPool.SmsConfiguration.ExternalId = stage.ID + "-Replica-sms"
	r := &replica{primary: primary, roles: map[string]deployed.Role{}, Subject: &Subject{
		Stage: &stage, resources: map[string][]iam.Policy{}, keys: map[string]string{},
	}}
	for stack, key := range map[string]string{"Replica": logKey, "ReplicaKey": "Pool's key"} {
		file := filepath.Join(stagetest.Root(t), "test", "testdata", "golden", "SecureCart-Codes-"+stack+".json")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var template assembly.Template
		text = []byte(strings.NewReplacer("SecureCart-Codes", r.ID, "us-east-1", primary.Region).Replace(string(text)))
		if err := json.Unmarshal(text, &template); err != nil {
			t.Fatal(err)
		}
		change(template.Resources)
		for id, resource := range template.Resources {
			r.add(t, template, id, resource, key)
		}
	}
	for _, policy := range r.attached {
		for _, id := range policy.Roles {
			role := r.roles[id]
			role.Policies = append(role.Policies, policy.Policy)
			r.roles[id] = role
		}
	}
	var errs []error
	for _, id := range sorted(r.roles) {
		role, err := r.readRole(r.roles[id])
		r.own, errs = append(r.own, role), append(errs, err)
	}
	r.Roles = slices.Concat(primary.Roles, r.own)
	var err error
	r.invocations, err = stage.FunctionPolicies()
	if err := errors.Join(append(errs, err)...); err != nil {
		t.Fatal(err)
	}
	return r
}

// unchanged leaves templates as they were reviewed.
func unchanged(map[string]assembly.Resource) {}

// add reads a resource of the replica. key is the name of its stack's one key.
func (r *replica) add(t *testing.T, template assembly.Template, id string, resource assembly.Resource, key string) {
	t.Helper()
	arn := r.arnOf(template, id)
	// decode reads the properties, with their references resolved.
	decode := func(into any) {
		raw, err := json.Marshal(r.resolved(t, template, resource.Properties))
		if err == nil {
			err = json.Unmarshal(raw, into)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	switch resource.Type {
	case "AWS::KMS::Key", "AWS::KMS::ReplicaKey":
		var of struct{ KeyPolicy json.RawMessage }
		decode(&of)
		r.keys[arn] = key
		if err := r.addResource(arn, of.KeyPolicy); err != nil {
			t.Fatal(err)
		}
	case "AWS::IAM::Role":
		role := deployed.Role{Name: r.ID + "-Replica-" + id, ARN: arn}
		decode(&role)
		r.roles[id] = role
	case "AWS::IAM::Policy":
		var policy attachedPolicy
		decode(&policy)
		r.attached = append(r.attached, policy)
	case "AWS::Lambda::Function":
		function := deployed.Function{Name: id, ARN: arn, LogicalID: "ReplicaFunction"}
		decode(&function)
		r.Functions[arn] = function
	case "AWS::Lambda::Permission":
		var permission deployed.Permission
		decode(&permission)
		r.Permissions = append(r.Permissions, permission)
	}
}

// arnOf is the ARN of a resource of the replica.
func (r *replica) arnOf(template assembly.Template, id string) string {
	switch template.Resources[id].Type {
	case "AWS::IAM::Role":
		return r.arnOfIAM("role/" + id)
	case "AWS::Lambda::Function":
		return r.arn("lambda", "function:"+id)
	case "AWS::Logs::LogGroup":
		return r.arn("logs", "log-group:"+id+":*")
	}
	return r.arn("kms", "key/"+id)
}

// resolved replaces the references in a value of a template.
func (r *replica) resolved(t *testing.T, template assembly.Template, value any) any {
	t.Helper()
	switch v := value.(type) {
	case []any:
		all := make([]any, 0, len(v))
		for _, one := range v {
			all = append(all, r.resolved(t, template, one))
		}
		return all
	case map[string]any:
		if ref, ok := v["Ref"].(string); ok {
			return ref // the name
		}
		if of, ok := v["Fn::GetAtt"].([]any); ok {
			return r.arnOf(template, of[0].(string))
		}
		if of, ok := v["Fn::Join"].([]any); ok {
			var text strings.Builder
			for _, part := range r.resolved(t, template, of[1]).([]any) {
				text.WriteString(part.(string))
			}
			return text.String()
		}
		if of, ok := v["Fn::GetStackOutput"].(map[string]any); ok {
			return map[string]string{"UserPoolId": r.UserPool.ID, "UserPoolKeyArn": "primary"}[of["OutputName"].(string)]
		}
		all := map[string]any{}
		for key, one := range v {
			if strings.HasPrefix(key, "Fn::") {
				t.Fatalf("%s is not understood", key)
			}
			all[key] = r.resolved(t, template, one)
		}
		return all
	}
	return value
}

// attempts are those on the parts of the replica, and on what the account has in its Region.
func (r *replica) attempts() []Attempt {
	all := slices.Concat(r.onKeys(), r.onRoles(), r.onFunctions(), r.onLogs(), r.onMessages(), r.onDefences())
	pool := func(region, id string) string {
		return "arn:aws:cognito-idp:" + region + ":" + r.Account + ":userpool/" + id
	}
	for arn, name := range r.keys {
		l := list{group: name}
		for _, use := range []struct{ on, service, pool string }{
			{"through Cognito, for the pool", "cognito-idp", pool(r.primary.Region, r.UserPool.ID)},
			{"through Cognito, for the copy", "cognito-idp", r.UserPool.ARN},
			{"through Cognito, for another pool", "cognito-idp", pool(r.Region, anotherPool)},
			{"through S3, as if for the pool", "s3", r.UserPool.ARN},
			{"directly, as if for the pool", "", r.UserPool.ARN},
		} {
			within := map[string]string{"aws:cognito-idp:userpool-arn": use.pool}
			context := r.direct(within)
			if use.service != "" {
				context = r.through(use.service, within)
			}
			l.each("kms", []target{{use.on, arn, context}}, nil, `
				Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo CreateGrant PutKeyPolicy`)
		}
		all = append(all, l.all...)
	}
	return all
}
