package assembly

import (
	"fmt"
	"strings"
)

// Unhashed is a logical id without the eight hexadecimal digits that the CDK makes of the construct's path.
func Unhashed(id string) string {
	end := len(id) - 8
	if end < 0 || strings.Trim(id[end:], "0123456789ABCDEF") != "" {
		return id
	}
	return id[:end]
}

// Text writes a value of a template in readable form: strings unchanged, references as "${Stack.Id}" or
// "${Stack.Id.Attribute}" without the hash in the id, joins joined, imports followed to the other stack's export.
// Anything else is an error.
func (s Synthesized) Text(stack Stack, value any) (string, error) {
	switch v := value.(type) {
	case string:
		return v, nil
	case map[string]any:
		if len(v) == 1 {
			for function, argument := range v {
				return s.call(stack, function, argument)
			}
		}
	}
	return "", fmt.Errorf("stack %s: want a string or an intrinsic function, got %v", stack.Name, value)
}

func (s Synthesized) call(stack Stack, function string, argument any) (string, error) {
	switch a := argument.(type) {
	case string:
		switch {
		case function == "Ref" && strings.HasPrefix(a, "AWS::"):
			return "${" + a + "}", nil
		case function == "Ref":
			return reference(stack, a, "")
		case function == "Fn::ImportValue":
			return s.imported(stack, a)
		}
	case []any:
		switch {
		case function == "Fn::GetAtt" && len(a) == 2:
			return reference(stack, fmt.Sprint(a[0]), "."+fmt.Sprint(a[1]))
		case function == "Fn::Join" && len(a) == 2:
			return s.joined(stack, fmt.Sprint(a[0]), a[1])
		}
	}
	return "", fmt.Errorf("stack %s: do not know how to write %s of %v", stack.Name, function, argument)
}

func reference(stack Stack, id, attribute string) (string, error) {
	if _, ok := stack.Template.Resources[id]; !ok {
		return "", fmt.Errorf("stack %s: reference to %s, which is no resource of its template", stack.Name, id)
	}
	return "${" + stack.ID + "." + Unhashed(id) + attribute + "}", nil
}

// imported follows an import to the stack of this stage that exports it.
func (s Synthesized) imported(stack Stack, export string) (string, error) {
	for _, other := range s.Stacks {
		for _, output := range other.Template.Outputs {
			if output.Export.Name == export {
				return s.Text(other, output.Value)
			}
		}
	}
	return "", fmt.Errorf("stack %s: import of %s, which no stack of %s exports", stack.Name, export, s.ID)
}

func (s Synthesized) joined(stack Stack, separator string, parts any) (string, error) {
	list, ok := parts.([]any)
	if !ok {
		return "", fmt.Errorf("stack %s: Fn::Join of %v, which is no list", stack.Name, parts)
	}
	texts := make([]string, 0, len(list))
	for _, part := range list {
		text, err := s.Text(stack, part)
		if err != nil {
			return "", err
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, separator), nil
}
