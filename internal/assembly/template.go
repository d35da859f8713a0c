package assembly

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
)

// Template is a decoded CloudFormation template.
type Template struct {
	Description string              `json:"Description"`
	Resources   map[string]Resource `json:"Resources"`
	Outputs     map[string]Output   `json:"Outputs"`
	Parameters  map[string]any      `json:"Parameters"`
	Conditions  map[string]any      `json:"Conditions"`
	Mappings    map[string]any      `json:"Mappings"`
	Transform   any                 `json:"Transform"`
	Metadata    map[string]any      `json:"Metadata"`
}

// Resource is one resource of a template. Values inside Properties are as encoding/json decodes them: intrinsic
// functions are maps with one key, such as {"Ref": …}.
type Resource struct {
	Type                string         `json:"Type"`
	Properties          map[string]any `json:"Properties"`
	DependsOn           []string       `json:"DependsOn"`
	DeletionPolicy      string         `json:"DeletionPolicy"`
	UpdateReplacePolicy string         `json:"UpdateReplacePolicy"`
	Metadata            map[string]any `json:"Metadata"`
	Condition           string         `json:"Condition"`
	CreationPolicy      any            `json:"CreationPolicy"`
	UpdatePolicy        any            `json:"UpdatePolicy"`
}

// Output is one output of a template.
type Output struct {
	Description string `json:"Description"`
	Value       any    `json:"Value"`
	Export      struct {
		Name string `json:"Name"`
	} `json:"Export"`
}

// OfType returns the resources of a type by logical id.
func (t Template) OfType(typ string) map[string]Resource {
	found := map[string]Resource{}
	for id, resource := range t.Resources {
		if resource.Type == typ {
			found[id] = resource
		}
	}
	return found
}

// IDs are the logical ids of all resources, sorted.
func (t Template) IDs() []string { return slices.Sorted(maps.Keys(t.Resources)) }

func readTemplate(file string) (Template, []byte, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return Template{}, nil, fmt.Errorf("read template: %w", err)
	}
	var t Template
	if err := json.Unmarshal(data, &t); err != nil {
		return Template{}, nil, fmt.Errorf("read template %s: %w", file, err)
	}
	return t, data, nil
}
