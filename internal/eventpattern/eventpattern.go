// Package eventpattern matches events with patterns as EventBridge does, as far as the stages' rules go. A pattern that
// uses more is an error: whether it matches is then not known.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
package eventpattern

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// Pattern is a decoded pattern.
type Pattern map[string]any

// Parse decodes a pattern, which is a JSON object.
func Parse(text []byte) (Pattern, error) {
	var p Pattern
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, fmt.Errorf("pattern: %w", err)
	}
	return p, nil
}

// Matches tells whether the pattern lets a decoded event through.
func (p Pattern) Matches(event map[string]any) (bool, error) { return object(p, event) }

// object matches if every field of the pattern does.
func object(pattern map[string]any, event any) (bool, error) {
	all := true
	for name, want := range pattern {
		matched, err := field(name, want, event)
		if err != nil {
			return false, fmt.Errorf("%s: %w", name, err)
		}
		all = all && matched
	}
	return all, nil
}

func field(name string, want, event any) (bool, error) {
	switch want := want.(type) {
	case []any:
		if name == "$or" {
			return either(want, event)
		}
		return leaf(want, within(event, name))
	case map[string]any:
		values := within(event, name)
		if len(values) == 0 {
			values = []any{map[string]any{}}
		}
		for _, value := range values {
			if matched, err := object(want, value); matched || err != nil {
				return matched, err
			}
		}
		return false, nil
	}
	return false, fmt.Errorf("%v is neither a list nor an object", want)
}

// within are the values of a field, of each element if the event is a list of objects: their order says nothing.
func within(event any, name string) []any {
	var values []any
	switch e := event.(type) {
	case []any:
		for _, element := range e {
			values = append(values, within(element, name)...)
		}
	case map[string]any:
		value, found := e[name]
		if list, several := value.([]any); several {
			return list
		}
		if found {
			return []any{value}
		}
	}
	return values
}

func either(patterns []any, event any) (bool, error) {
	for _, one := range patterns {
		pattern, ok := one.(map[string]any)
		if !ok {
			return false, fmt.Errorf("%v is no pattern", one)
		}
		if matched, err := object(pattern, event); matched || err != nil {
			return matched, err
		}
	}
	return false, nil
}

// leaf matches if one of the values does with one of the comparisons. A field that is not there matches none but
// {"exists": false}, which stands alone.
func leaf(comparisons, values []any) (bool, error) {
	for _, comparison := range comparisons {
		if absent(comparison) {
			return len(values) == 0, nil
		}
		for _, value := range values {
			if matched, err := compare(comparison, value); matched || err != nil {
				return matched, err
			}
		}
	}
	return false, nil
}

// absent tells whether a comparison is {"exists": false}.
func absent(comparison any) bool {
	operator, _ := comparison.(map[string]any)
	return len(operator) == 1 && operator["exists"] == false
}

func compare(comparison, value any) (bool, error) {
	operator, ok := comparison.(map[string]any)
	if !ok {
		return reflect.DeepEqual(comparison, value), nil
	}
	if len(operator) != 1 {
		return false, fmt.Errorf("%v is not one comparison", operator)
	}
	text, isText := value.(string)
	for name, operand := range operator {
		of, _ := operand.(string)
		switch {
		case name == "prefix" && of != "":
			return isText && strings.HasPrefix(text, of), nil
		case name == "wildcard" && of != "":
			return isText && wildcard(of, text), nil
		case name == "anything-but":
			if _, several := operand.([]any); several {
				return false, fmt.Errorf("%v is a list, which is not known here", operand)
			}
			matched, err := compare(operand, value)
			return !matched, err
		}
	}
	return false, fmt.Errorf("%v is a comparison that is not known here", operator)
}

// wildcard matches "*" with any number of characters.
func wildcard(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if !strings.HasPrefix(text, parts[0]) {
		return false
	}
	text = text[len(parts[0]):]
	for i, part := range parts[1:] {
		if i == len(parts)-2 {
			return strings.HasSuffix(text, part)
		}
		at := strings.Index(text, part)
		if at < 0 {
			return false
		}
		text = text[at+len(part):]
	}
	return text == ""
}
