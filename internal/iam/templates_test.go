package iam

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// resolved replaces the intrinsic functions of a template by ARNs and names that look like theirs. What they really
// stand for does not matter here.
func resolved(value any) any {
	switch v := value.(type) {
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = resolved(v[i])
		}
		return list
	case map[string]any:
		if joined, ok := v["Fn::Join"].([]any); ok {
			var text strings.Builder
			for _, part := range joined[1].([]any) {
				fmt.Fprint(&text, resolved(part))
			}
			return text.String()
		}
		if v["Ref"] == "AWS::AccountId" {
			return "111122223333"
		}
		if v["Ref"] != nil || v["Fn::GetAtt"] != nil || v["Fn::ImportValue"] != nil {
			return fmt.Sprintf("arn:aws:someservice:eu-central-1:111122223333:%v", slices.Collect(maps.Values(v)))
		}
		object := map[string]any{}
		for key := range v {
			object[key] = resolved(v[key])
		}
		return object
	}
	return value
}

// policiesIn finds every policy document in a template.
func policiesIn(place string, value any, found map[string]any) {
	switch v := value.(type) {
	case []any:
		for i := range v {
			policiesIn(fmt.Sprintf("%s[%d]", place, i), v[i], found)
		}
	case map[string]any:
		if v["Statement"] != nil && v["Version"] != nil {
			found[place] = v
			return
		}
		for key := range v {
			policiesIn(place+"/"+key, v[key], found)
		}
	}
}

func TestEveryPolicyOfTheTemplatesIsUnderstood(t *testing.T) {
	files, err := filepath.Glob("../../test/testdata/golden/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no templates: %v", err)
	}
	documents, conditions := 0, map[string]bool{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var template any
		if err := json.Unmarshal(data, &template); err != nil {
			t.Fatal(err)
		}
		found := map[string]any{}
		policiesIn(filepath.Base(file), template, found)
		for place, policy := range found {
			document, err := ParseValue(resolved(policy))
			if err != nil {
				t.Errorf("%s: %v", place, err)
				continue
			}
			documents++
			for _, s := range document.statements {
				for _, test := range s.tests {
					if c, ok := test.(condition); ok {
						conditions[c.text] = true
					}
				}
			}
		}
	}
	if documents < len(files) || len(conditions) == 0 {
		t.Errorf("found %d documents with conditions %v: are these the templates?", documents, conditions)
	}
}
