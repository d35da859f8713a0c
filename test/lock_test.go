package test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/assembly"
)

// immutable are, for every type that holds data, the properties that cannot change after creation (CloudFormation's
// resource type reference: "Update requires: Replacement", and for user pools the update that Cognito refuses).
var immutable = map[string][]string{
	"AWS::Cognito::UserPool":     {"Schema", "UsernameAttributes", "AliasAttributes", "UsernameConfiguration"},
	"AWS::Cognito::IdentityPool": {},
	// A customer's user name begins with the provider's name: after a renaming everybody would be a new customer.
	"AWS::Cognito::UserPoolIdentityProvider": {"ProviderName", "ProviderType"},

	"AWS::DynamoDB::Table": {"KeySchema", "LocalSecondaryIndexes", "TableName"},
	"AWS::S3::Bucket":      {"BucketName"},
	"AWS::KMS::Key":        {"KeySpec", "MultiRegion"},
}

// TestNothingThatHoldsCustomersIsReplaced locks immutable properties and logical ids: under another id CloudFormation
// creates a new, empty resource. No command updates the lock. Edit it by hand before the first deploy; after it, a
// change here is a migration.
func TestNothingThatHoldsCustomersIsReplaced(t *testing.T) {
	const file = "testdata/immutable.json"
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var locked map[string]map[string]any
	if err := json.Unmarshal(data, &locked); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	for _, cfg := range config.Stages() {
		stage, _ := synthesized().Stage(cfg.ID())
		got := map[string]any{}
		for _, stack := range stage.Stacks {
			for id, r := range stack.Template.Resources {
				if properties, holds := immutable[r.Type]; holds {
					got[stack.ID+"/"+id] = fixed(r, properties)
				}
			}
		}
		whole := entry(t, got)
		was, isLocked := locked[cfg.Name]
		delete(locked, cfg.Name)
		if !isLocked {
			t.Errorf("%s locks nothing of %s. The whole entry, to be pasted:\n %q: %s", file, cfg.Name, cfg.Name, whole)
		} else if diff := cmp.Diff(was, got); diff != "" {
			t.Errorf("%s: users, orders or files would be lost or the update refused; undo the change, or migrate and "+
				"edit %s by hand\n(-locked +synthesized)\n%s\nThe whole entry:\n %q: %s", cfg.Name, file, diff, cfg.Name, whole)
		}
	}
	for name := range locked {
		t.Errorf("%s locks %s, which is no stage", file, name)
	}
}

// entry is what a stage locks, as the file has it: one line for each resource.
func entry(t *testing.T, locked map[string]any) string {
	t.Helper()
	var lines []string
	for _, id := range slices.Sorted(maps.Keys(locked)) {
		line, err := json.Marshal(locked[id])
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf("  %q: %s", id, line))
	}
	return "{\n" + strings.Join(lines, ",\n") + "\n }"
}

func fixed(r assembly.Resource, properties []string) any {
	values := map[string]any{"Type": r.Type}
	for _, property := range properties {
		if value, set := r.Properties[property]; set {
			values[property] = value
		}
	}
	return values
}
