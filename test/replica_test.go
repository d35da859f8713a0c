package test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/assembly"
)

// replicated are the variants with a replica.
func replicated(t *testing.T) []config.Stage {
	t.Helper()
	stages := slices.DeleteFunc(variants(), func(s config.Stage) bool { return s.Replica == "" })
	if len(stages) < 2 {
		t.Fatalf("%d variants with a replica, want one with a domain of its own and one without", len(stages))
	}
	return stages
}

// replicaNames are the names of the stacks of a stage's replica, if it has one.
func replicaNames(cfg config.Stage) []string {
	if cfg.Replica == "" {
		return nil
	}
	return []string{cfg.ID() + "-ReplicaKey", cfg.ID() + "-Copy", cfg.ID() + "-Replica"}
}

// replicaStacks are these stacks, in the order in which they are deployed.
func replicaStacks(cfg config.Stage) []assembly.Stack {
	names := replicaNames(cfg)
	return slices.DeleteFunc(slices.Clone(synthesized().Outside), func(s assembly.Stack) bool {
		return !slices.Contains(names, s.Name)
	})
}

// one is the one resource of a type in a stack.
func one(t *testing.T, stack assembly.Stack, typ string) (string, assembly.Resource) {
	t.Helper()
	all := stack.Template.OfType(typ)
	if len(all) != 1 {
		t.Fatalf("%s has %d %s, want one", stack.Name, len(all), typ)
	}
	for id, r := range all {
		return id, r
	}
	panic("unreachable")
}

func wantJSON(t *testing.T, what, want string, got any) {
	t.Helper()
	raw, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var expected, found any
	if err := json.Unmarshal([]byte(want), &expected); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if err := json.Unmarshal(raw, &found); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(expected, found); diff != "" {
		t.Errorf("%s (-want +got)\n%s", what, diff)
	}
}

func fromPool(cfg config.Stage, output string) string {
	return fmt.Sprintf(`{"Fn::GetStackOutput":{"StackName":"%s-UserPool","OutputName":%q,"Region":%q}}`,
		cfg.ID(), output, cfg.Region)
}

func TestAReplicaIsDeployedKeyFirstThenCopyThenItsOwnParts(t *testing.T) {
	for _, cfg := range replicated(t) {
		var got []string
		for _, s := range replicaStacks(cfg) {
			got = append(got, fmt.Sprint(s.Name, " in ", s.Region, " of ", s.Account, " after ", s.DependsOn))
			if s.TerminationProtection != cfg.Protection.TerminationProtection {
				t.Errorf("%s: termination protection %t", s.Name, s.TerminationProtection)
			}
		}
		id := cfg.ID()
		want := []string{
			fmt.Sprint(id, "-ReplicaKey in ", cfg.Replica, " of ", cfg.Account, " after []"),
			fmt.Sprint(id, "-Copy in ", cfg.Region, " of ", cfg.Account, " after [", id, "-ReplicaKey]"),
			fmt.Sprint(id, "-Replica in ", cfg.Replica, " of ", cfg.Account, " after [", id, "-Copy]"),
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", id, diff)
		}
		stage, _ := synthesized().Stage(id)
		users, _ := stage.Stack("UserPool")
		for _, output := range []string{"UserPoolId", "UserPoolKeyArn"} {
			if _, has := users.Template.Outputs[output]; !has {
				t.Errorf("%s has no output %s, which the replica's stacks read", users.Name, output)
			}
		}
	}
}

func TestAReplicaHasThePoolsKeyAndIsTheOneCopy(t *testing.T) {
	for _, cfg := range replicated(t) {
		all := replicaStacks(cfg)
		_, key := one(t, all[0], "AWS::KMS::ReplicaKey")
		wantJSON(t, "the replica key's primary", fromPool(cfg, "UserPoolKeyArn"), key.Properties["PrimaryKeyArn"])
		if key.DeletionPolicy != "Retain" || key.UpdateReplacePolicy != "Retain" {
			t.Errorf("%s: the key of the replica can be lost", cfg.ID())
		}
		wantJSON(t, "how long the replica's key can be got back", "30", key.Properties["PendingWindowInDays"])
		wantJSON(t, "who may use the replica's key", replicaKeyPolicy(cfg), key.Properties["KeyPolicy"])
		_, replica := one(t, all[1], "AWS::Cognito::UserPoolReplica")
		// A tag that changes would replace the replica, of which there can be only one.
		wantJSON(t, "the copy", fmt.Sprintf(`{"UserPoolId":%s,"RegionName":%q}`, fromPool(cfg, "UserPoolId"), cfg.Replica),
			replica.Properties)
	}
}

// replicaKeyPolicy admits Cognito for the one pool and its copy, and the account's callers of Cognito in the copy's
// Region.
func replicaKeyPolicy(cfg config.Stage) string {
	arn := func(region string) string {
		return fmt.Sprintf(`{"Fn::Join":["",["arn:aws:cognito-idp:%s:%s:userpool/",%s]]}`,
			region, cfg.Account, fromPool(cfg, "UserPoolId"))
	}
	return strings.NewReplacer(
		"POOLS", "["+arn(cfg.Region)+","+arn(cfg.Replica)+"]",
		"USE", `["kms:Decrypt","kms:Encrypt","kms:GenerateDataKeyWithoutPlaintext","kms:ReEncryptFrom","kms:ReEncryptTo"]`,
		"COGNITO", `{"Service":["cognito-idp.amazonaws.com","identitystore.amazonaws.com"]}`,
		"CALLERS", `{"kms:CallerAccount":"`+cfg.Account+`","kms:ViaService":"cognito-idp.`+cfg.Replica+`.amazonaws.com"}`,
	).Replace(strings.ReplaceAll(`{"Version":"2012-10-17","Statement":[
		{"Sid":"DelegateToIAM","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::ACCOUNT:root"},"Action":["kms:*"],
			"Resource":"*"},
		{"Sid":"EncryptUsers","Effect":"Allow","Principal":COGNITO,"Action":USE,"Resource":"*","Condition":{
			"StringEquals":{"aws:SourceAccount":"ACCOUNT"},"ArnLike":{"aws:SourceArn":POOLS},
			"StringLike":{"kms:EncryptionContext:aws:cognito-idp:userpool-arn":POOLS}}},
		{"Sid":"DescribeKey","Effect":"Allow","Principal":COGNITO,"Action":["kms:DescribeKey"],"Resource":"*","Condition":{
			"StringEquals":{"aws:SourceAccount":"ACCOUNT"},"ArnLike":{"aws:SourceArn":POOLS}}},
		{"Sid":"ThroughCognito","Effect":"Allow","Principal":{"AWS":"*"},"Action":USE,"Resource":"*","Condition":{
			"StringEquals":CALLERS,"StringLike":{"kms:EncryptionContext:aws:cognito-idp:userpool-arn":POOLS}}},
		{"Sid":"DescribeThroughCognito","Effect":"Allow","Principal":{"AWS":"*"},"Action":["kms:DescribeKey"],
			"Resource":"*","Condition":{"StringEquals":CALLERS}}
	]}`, "ACCOUNT", cfg.Account))
}

// TestAReplicaIssuesNothingThatThePoolRefuses is about the resources that decide whether a copy is open: its state, its
// triggers, who may call them, and what they may do.
func TestAReplicaIssuesNothingThatThePoolRefuses(t *testing.T) {
	for _, cfg := range replicated(t) {
		stack := replicaStacks(cfg)[2]
		function, program := one(t, stack, "AWS::Lambda::Function")
		invoke := fmt.Sprintf(`{"Fn::GetAtt":[%q,"Arn"]}`, function)
		attachment, settings := one(t, stack, "AWS::Cognito::UserPoolRegionalConfigurationAttachment")
		wantJSON(t, "the state", `"INACTIVE"`, settings.Properties["Status"])
		wantJSON(t, "the triggers", fmt.Sprintf(`{"PreSignUp":%[1]s,
			"PreTokenGenerationConfig":{"LambdaArn":%[1]s,"LambdaVersion":"V2_0"}}`, invoke),
			settings.Properties["LambdaConfig"])
		wantJSON(t, "the pool", fromPool(cfg, "UserPoolId"), settings.Properties["UserPoolId"])
		if settings.DeletionPolicy != "Retain" {
			t.Errorf("%s/%s: deleting it would leave an active copy without triggers", stack.Name, attachment)
		}
		permission, may := one(t, stack, "AWS::Lambda::Permission")
		wantJSON(t, "who calls the trigger", fmt.Sprintf(`{"Action":"lambda:InvokeFunction","FunctionName":%s,
			"Principal":"cognito-idp.amazonaws.com",
			"SourceArn":{"Fn::Join":["",["arn:aws:cognito-idp:%s:%s:userpool/",%s]]}}`,
			invoke, cfg.Replica, cfg.Account, fromPool(cfg, "UserPoolId")), may.Properties)
		wantJSON(t, "the order", fmt.Sprintf(`[%q]`, permission), settings.DependsOn)
		// The template names no program; the role's description is made of the same name.
		role, _ := program.Properties["Role"].(map[string]any)["Fn::GetAtt"].([]any)[0].(string)
		wantJSON(t, "the trigger's program", `"Function lambda/replica"`,
			stack.Template.Resources[role].Properties["Description"])
		if env := program.Properties["Environment"]; env != nil {
			t.Errorf("the trigger has an environment, %v: whatever it looks up could make it give more", env)
		}
		wantGrants(t, stack)
	}
}

// wantGrants expects the roles of a replica's stack to write the trigger's log and traces, and to send SMS, only.
func wantGrants(t *testing.T, stack assembly.Stack) {
	t.Helper()
	allowed := []string{
		"logs:CreateLogStream", "logs:PutLogEvents", "sns:Publish", "xray:PutTelemetryRecords", "xray:PutTraceSegments",
	}
	for _, typ := range []string{"AWS::IAM::Policy", "AWS::IAM::Role"} {
		for id, r := range stack.Template.OfType(typ) {
			walk(r.Properties, func(value any) {
				statement, _ := value.(map[string]any)
				if statement["Effect"] != "Allow" || statement["Principal"] != nil {
					return
				}
				for _, action := range strings.Fields(strings.Trim(fmt.Sprint(statement["Action"]), "[]")) {
					if !slices.Contains(allowed, action) {
						t.Errorf("%s/%s may %s", stack.Name, id, action)
					}
				}
			})
			if r.Properties["ManagedPolicyArns"] != nil {
				t.Errorf("%s/%s has managed policies", stack.Name, id)
			}
		}
	}
}

func TestAStageWithoutAReplicaHasNoPartOfOne(t *testing.T) {
	for _, stack := range synthesized().Outside {
		if !strings.HasPrefix(stack.Name, "SecureCart-Delivery-") &&
			!slices.ContainsFunc(replicated(t), func(s config.Stage) bool { return strings.HasPrefix(stack.Name, s.ID()+"-") }) {
			t.Errorf("%s belongs to no pipeline and no replica", stack.Name)
		}
	}
}
