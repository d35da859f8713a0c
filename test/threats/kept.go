package threats

import (
	"reflect"

	"github.com/securecart/identity/internal/assembly"
)

// kept is what was read of a stage before a change: texts of references, and statements of policies. A change has other
// objects for what it changes, and shares all others.
type kept struct {
	texts      map[origin]string
	statements map[origin]statement
}

// origin is a decoded object in a stack. A change may put an object into another stack, where its references mean
// something else. The address belongs to no other object, because every changed stage still has those of the original.
type origin struct {
	stack   string
	address uintptr
}

func originOf(stack *assembly.Stack, object map[string]any) origin {
	return origin{stack.ID, reflect.ValueOf(object).Pointer()}
}

// keep reads all that can be read without a problem.
func (s *Target) keep() *kept {
	k := &kept{texts: map[origin]string{}, statements: map[origin]statement{}}
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
			k.texts[originOf(stack, v)] = text
		}
		for _, inner := range v {
			k.read(s, stack, inner)
		}
		if v["Effect"] == nil {
			return
		}
		reader := &policyReader{stage: s, stack: stack}
		if read := reader.read(v); len(reader.problems) == 0 {
			k.statements[originOf(stack, v)] = read
		}
	}
}

// text is what Synthesized.Text returns for a value of a stack.
func (s *Target) text(stack *assembly.Stack, value any) (string, error) {
	if object, isObject := value.(map[string]any); isObject && s.kept != nil {
		if text, known := s.kept().texts[originOf(stack, object)]; known {
			return text, nil
		}
	}
	return s.Text(*stack, value)
}
