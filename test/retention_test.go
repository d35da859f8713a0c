package test

import (
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/test/threats"
)

// stateful are the types whose loss cannot be undone by deploying again.
var stateful = []string{
	"AWS::Cognito::UserPool", "AWS::Cognito::IdentityPool", "AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key",
	"AWS::Logs::LogGroup",
}

// poolKey is the key of a pool with a replica, which every stage retains (threat U55).
const poolKey = "UsersKey"

func TestStatefulResourcesOutliveTheirStackWhereTheStageRetains(t *testing.T) {
	eachStage(t, func(in *threats.Inspection) {
		// RetainExceptOnCreate keeps everything except the remains of a failed creation.
		deletion, replacement := "Delete", "Delete"
		if in.Config.Protection.Retain {
			deletion, replacement = "RetainExceptOnCreate", "Retain"
		} else if in.Config.Purpose == config.Production {
			in.Fail(in.ID, "would lose its customers")
		}
		for _, typ := range stateful {
			for _, r := range in.Every(typ) {
				if r.Name() == "UserPool."+poolKey {
					continue
				}
				if r.DeletionPolicy != deletion || r.UpdateReplacePolicy != replacement {
					r.Fail("on deletion is %q, on replacement %q, want %q and %q",
						r.DeletionPolicy, r.UpdateReplacePolicy, deletion, replacement)
				}
			}
		}
	})
}

// granting are the types that grant permissions on, or to, another resource. A retained predecessor would still grant
// them.
var granting = []string{
	"AWS::IAM::Role", "AWS::IAM::Policy", "AWS::Lambda::Permission", "AWS::SNS::TopicPolicy",
	"AWS::Cognito::LogDeliveryConfiguration",
}

// TestB8ARetainedPoolKeepsAllItNeeds: a retained pool without its SMS role refuses every update, one without its
// triggers every sign-in.
func TestB8ARetainedPoolKeepsAllItNeeds(t *testing.T) {
	eachStage(t, func(in *threats.Inspection) {
		for _, id := range []string{"UserPool", "IdentityProviders"} {
			stack, _ := in.Stack(id)
			if len(stack.Template.Resources) == 0 {
				in.Fail(id, "has no resource")
			}
			for name, r := range stack.Template.Resources {
				if isKept(r) != in.Config.Protection.Retain && name != poolKey {
					in.Fail(id+"/"+name, "on deletion of its stack is %q", r.DeletionPolicy)
				}
				if slices.Contains(granting, r.Type) && isKept(r) && r.UpdateReplacePolicy != "Delete" {
					in.Fail(id+"/"+name, "would go on granting after it was replaced")
				}
			}
		}
	})
}

func isKept(r assembly.Resource) bool { return strings.HasPrefix(r.DeletionPolicy, "Retain") }
