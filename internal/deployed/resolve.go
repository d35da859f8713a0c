package deployed

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/securecart/identity/internal/assembly"
)

// resolver replaces intrinsic functions by values.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
type resolver struct {
	from            assembly.Synthesized
	region, account string
}

// value resolves a value of a template, however deep. Dynamic references ("{{resolve:…}}") stay as they are: the only
// ones in use are the secrets of identity providers, which local/identityprovider.Secrets resolves.
func (r resolver) value(stack assembly.Stack, value any) (any, error) {
	switch v := value.(type) {
	case []any:
		return r.list(stack, v)
	case map[string]any:
		if function, argument, ok := intrinsic(v); ok {
			return r.call(stack, function, argument)
		}
		return r.object(stack, v)
	default:
		return v, nil
	}
}

// intrinsic reports whether an object is a call of an intrinsic function, which is its only key.
func intrinsic(object map[string]any) (function string, argument any, ok bool) {
	if len(object) == 1 {
		for name, argument := range object {
			return name, argument, name == "Ref" || strings.HasPrefix(name, "Fn::")
		}
	}
	return "", nil, false
}

func (r resolver) list(stack assembly.Stack, list []any) ([]any, error) {
	resolved := make([]any, len(list))
	for i, element := range list {
		value, err := r.value(stack, element)
		if err != nil {
			return nil, err
		}
		resolved[i] = value
	}
	return resolved, nil
}

func (r resolver) object(stack assembly.Stack, object map[string]any) (map[string]any, error) {
	resolved := make(map[string]any, len(object))
	for name, element := range object {
		value, err := r.value(stack, element)
		if err != nil {
			return nil, err
		}
		resolved[name] = value
	}
	return resolved, nil
}

func (r resolver) call(stack assembly.Stack, function string, argument any) (any, error) {
	switch a := argument.(type) {
	case string:
		switch function {
		case "Ref":
			return r.reference(stack, a)
		case "Fn::ImportValue":
			return r.imported(a)
		case "Fn::Sub":
			return r.substituted(stack, a)
		}
	case []any:
		switch {
		case function == "Fn::GetAtt" && len(a) == 2:
			return r.attribute(stack, fmt.Sprint(a[0]), fmt.Sprint(a[1]))
		case function == "Fn::Join" && len(a) == 2:
			return r.joined(stack, fmt.Sprint(a[0]), a[1])
		}
	}
	return nil, fmt.Errorf("do not know the intrinsic function %s of %v", function, argument)
}

func (r resolver) reference(stack assembly.Stack, id string) (string, error) {
	switch id {
	case "AWS::AccountId":
		return r.account, nil
	case "AWS::Region":
		return r.region, nil
	case "AWS::Partition":
		return "aws", nil
	case "AWS::URLSuffix":
		return "amazonaws.com", nil
	case "AWS::StackName":
		return stack.Name, nil
	}
	return r.attribute(stack, id, "")
}

func (r resolver) imported(export string) (any, error) {
	for _, stack := range r.from.Stacks {
		for _, output := range stack.Template.Outputs {
			if output.Export.Name == export {
				return r.value(stack, output.Value)
			}
		}
	}
	return nil, fmt.Errorf("import of %s, which no stack exports", export)
}

var placeholder = regexp.MustCompile(`\$\{([^}]*)\}`)

func (r resolver) substituted(stack assembly.Stack, text string) (string, error) {
	var failed error
	replaced := placeholder.ReplaceAllStringFunc(text, func(match string) string {
		id, attribute, isAttribute := strings.Cut(match[2:len(match)-1], ".")
		var value string
		var err error
		if isAttribute {
			value, err = r.attribute(stack, id, attribute)
		} else {
			value, err = r.reference(stack, id)
		}
		if err != nil {
			failed = err
		}
		return value
	})
	return replaced, failed
}

func (r resolver) joined(stack assembly.Stack, separator string, parts any) (string, error) {
	resolved, err := r.value(stack, parts)
	if err != nil {
		return "", err
	}
	list, ok := resolved.([]any)
	if !ok {
		return "", fmt.Errorf("Fn::Join of %v, which is no list", parts)
	}
	texts := make([]string, len(list))
	for i, part := range list {
		text, ok := part.(string)
		if !ok {
			return "", fmt.Errorf("Fn::Join with %v, which is no string", part)
		}
		texts[i] = text
	}
	return strings.Join(texts, separator), nil
}
