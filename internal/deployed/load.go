package deployed

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/securecart/identity/internal/assembly"
)

type loader struct {
	resolver
	stage *Stage
	errs  []error

	// later are steps that need all resources.
	later []func() error
	// singles are the logical ids of resources of which a stage may have only one, by type.
	singles map[string]string
	// paths are the parts of the API's paths by resource id.
	paths map[string]pathPart
}

// resource is one resource while it is loaded.
type resource struct {
	stack      assembly.Stack
	id         string
	properties map[string]any
	metadata   map[string]any
}

// Ignored is a property that has no effect here, such as a tag. It is listed nevertheless, because an unlisted property
// stops the start.
type Ignored struct{}

// UnmarshalJSON accepts everything.
func (*Ignored) UnmarshalJSON([]byte) error { return nil }

// bootstrapVersion is the CDK's own parameter, which only its rule about the bootstrap stack uses.
const bootstrapVersion = "BootstrapVersion"

// unconditional refuses conditions, mappings, transforms and parameters, which would change what the template says.
func unconditional(template assembly.Template) error {
	var errs []error
	for what, there := range map[string]bool{
		"Conditions": len(template.Conditions) > 0,
		"Mappings":   len(template.Mappings) > 0,
		"Transform":  template.Transform != nil,
	} {
		if there {
			errs = append(errs, fmt.Errorf("the template has %s, which are not understood", what))
		}
	}
	for name := range template.Parameters {
		if name != bootstrapVersion {
			errs = append(errs, fmt.Errorf("the template has a parameter %s, which is not understood", name))
		}
	}
	for _, id := range template.IDs() {
		if r := template.Resources[id]; r.Condition != "" || r.CreationPolicy != nil || r.UpdatePolicy != nil {
			errs = append(errs, fmt.Errorf("%s (%s): Condition, CreationPolicy and UpdatePolicy are not understood", id, r.Type))
		}
	}
	return errors.Join(errs...)
}

func (l *loader) loadStack(stack assembly.Stack) {
	if err := unconditional(stack.Template); err != nil {
		l.errs = append(l.errs, fmt.Errorf("stack %s: %w", stack.Name, err))
	}
	for _, id := range stack.Template.IDs() {
		from := stack.Template.Resources[id]
		r := resource{stack: stack, id: id, properties: from.Properties, metadata: from.Metadata}
		if err := l.load(from.Type, r); err != nil {
			l.errs = append(l.errs, fmt.Errorf("stack %s, %s (%s): %w", stack.Name, id, from.Type, err))
		}
	}
	for name, output := range stack.Template.Outputs {
		if output.Export.Name != "" {
			continue
		}
		value, err := l.value(stack, output.Value)
		if err != nil {
			l.errs = append(l.errs, fmt.Errorf("stack %s, output %s: %w", stack.Name, name, err))
		}
		l.stage.Outputs[name] = fmt.Sprint(value)
	}
}

func (l *loader) load(typ string, r resource) error {
	if _, not := NotServed[typ]; not {
		return nil
	}
	read, ok := readers[typ]
	if !ok {
		return errors.New("do not know this resource type: " +
			"teach readers what it means, or list it in NotServed with a reason")
	}
	return read(l, r)
}

// attach runs the steps that need all resources.
func (l *loader) attach() {
	for _, do := range l.later {
		if err := do(); err != nil {
			l.errs = append(l.errs, err)
		}
	}
}

// ref is what a Ref to r returns.
func (l *loader) ref(r resource) (string, error) { return l.attribute(r.stack, r.id, "") }

// name fills in what a Ref to r and Fn::GetAtt of its Arn return.
func (l *loader) name(r resource, ref, arn *string) error {
	var errs [2]error
	*ref, errs[0] = l.ref(r)
	*arn, errs[1] = l.attribute(r.stack, r.id, "Arn")
	return errors.Join(errs[:]...)
}

// Described keeps the template's properties with every reference resolved, for operations that describe the resource.
type Described struct {
	Properties map[string]any `json:"-"`
}

func (d *Described) describe(properties map[string]any) { d.Properties = properties }

// decode resolves the properties of r and writes them to target, which must have a field for each.
func decode[T any](l *loader, r resource) (T, error) {
	var target T
	resolved, err := l.value(r.stack, r.properties)
	if err != nil {
		return target, err
	}
	if described, ok := any(&target).(interface{ describe(map[string]any) }); ok {
		properties, _ := resolved.(map[string]any)
		described.describe(properties)
	}
	text, err := json.Marshal(resolved)
	if err != nil {
		return target, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&target); err != nil {
		return target, fmt.Errorf("a property is not understood: %w", err)
	}
	return target, nil
}

// stated refuses a resource without one of these properties: this package does not know CloudFormation's defaults.
func (r resource) stated(properties ...string) error {
	missing := slices.DeleteFunc(properties, func(name string) bool { _, ok := r.properties[name]; return ok })
	if len(missing) > 0 {
		return fmt.Errorf("%s must be stated: what AWS does without is not served", strings.Join(missing, ", "))
	}
	return nil
}
