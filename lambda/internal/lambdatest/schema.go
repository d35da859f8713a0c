package lambdatest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/securecart/identity/internal/module"
)

// templates are the synthesized templates with tables. Tests with a schema of their own would not notice when the
// provisioned one changes.
var templates = []string{
	"test/testdata/golden/SecureCart-Dev-Data.json", "test/testdata/golden/SecureCart-Dev-UserPool.json",
}

// schema has the properties of AWS::DynamoDB::Table that the engine knows. The SDK's types have CloudFormation's names.
type schema struct {
	AttributeDefinitions   []types.AttributeDefinition
	KeySchema              []types.KeySchemaElement
	LocalSecondaryIndexes  []types.LocalSecondaryIndex
	GlobalSecondaryIndexes []types.GlobalSecondaryIndex
	BillingMode            types.BillingMode
}

// provisioned returns the schema of the one table whose logical id begins so.
func provisioned(name string) (schema, error) {
	all, err := schemas()
	if err != nil {
		return schema{}, err
	}
	var found []schema
	for id, one := range all {
		if strings.HasPrefix(id, name) {
			found = append(found, one)
		}
	}
	if len(found) != 1 {
		return schema{}, fmt.Errorf("%d tables have a logical id that begins with %q, want 1", len(found), name)
	}
	return found[0], nil
}

// schemas returns the schema of every table by its logical id. It reads the templates once: they are long.
var schemas = sync.OnceValues(func() (map[string]schema, error) {
	root, err := module.Root()
	if err != nil {
		return nil, err
	}
	all := map[string]schema{}
	for _, template := range templates {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(template)))
		if err != nil {
			return nil, err
		}
		var stack struct {
			Resources map[string]struct {
				Type       string
				Properties schema
			}
		}
		if err := json.Unmarshal(text, &stack); err != nil {
			return nil, fmt.Errorf("%s: %w", template, err)
		}
		for id, resource := range stack.Resources {
			if resource.Type == "AWS::DynamoDB::Table" {
				all[id] = resource.Properties
			}
		}
	}
	return all, nil
})
