package threats

import (
	"reflect"

	"github.com/securecart/identity/internal/assembly"
)

// kept is what was read of a stage before a change: texts of references, and statements of policies, by the address of
// the decoded object that they are written as. A change has other objects for what it changes, and shares all others.
type kept struct {
	texts      map[uintptr]string
	statements map[uintptr]statement
}

func address(object map[string]any) uintptr { return reflect.ValueOf(object).Pointer() }

// keep reads all that can be read without a problem.
func (s *Target) keep() *kept {
	k := &kept{texts: map[uintptr]string{}, statements: map[uintptr]statement{}}
	reading := &Target{Synthesized: s.Synthesized}
	for i := range s.Stacks {
		for _, r := range s.Stacks[i].Template.Resources {
			k.read(reading, &s.Stacks[i], r.Properties)
		}
	}
	return k
}

func (k *kept) read(s *Target, stack *assembly.Stack, value any) {
	switch v := value.(type) {
	case []any:
		for _, element := range v {
			k.read(s, stack, element)
		}
	case map[string]any:
		if text, err := s.Text(*stack, v); err == nil {
			k.texts[address(v)] = text
		}
		for _, inner := range v {
			k.read(s, stack, inner)
		}
		reader := &policyReader{stage: s, stack: stack}
		if v["Effect"] == nil {
			return
		}
		if read := reader.read(v); len(reader.problems) == 0 {
			k.statements[address(v)] = read
		}
	}
}

// text is the form of Synthesized.Text of a value of a stack.
func (s *Target) text(stack *assembly.Stack, value any) (string, error) {
	if object, isObject := value.(map[string]any); isObject && s.kept != nil {
		if text, known := s.kept().texts[address(object)]; known {
			return text, nil
		}
	}
	return s.Text(*stack, value)
}
