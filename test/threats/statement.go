package threats

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/securecart/identity/internal/assembly"
)

// statement is one statement of a policy, with its references written out.
type statement struct {
	effect                         string
	actions, resources, principals []string
	// conditions read "<operator> <key> <value>,<value>".
	conditions []string
}

// String writes the statement in one line: "Allow <actions> [to <principals>] [on <resources>] [if <conditions>]".
func (s statement) String() string {
	line := s.effect + " " + strings.Join(s.actions, ",")
	if len(s.principals) > 0 {
		line += " to " + strings.Join(s.principals, ",")
	}
	if len(s.resources) > 0 {
		line += " on " + strings.Join(s.resources, ",")
	}
	if len(s.conditions) > 0 {
		line += " if " + strings.Join(s.conditions, " and ")
	}
	return line
}

// lines writes statements for a comparison.
func lines(statements []statement) []string {
	texts := make([]string, 0, len(statements))
	for _, s := range statements {
		texts = append(texts, s.String())
	}
	return texts
}

// policyReader reads the policy documents of one stack and records every problem: an unknown element, such as
// NotAction, could turn a statement into its opposite.
type policyReader struct {
	stage    *Target
	stack    *assembly.Stack
	problems []string
}

func (p *policyReader) problem(format string, args ...any) {
	p.problems = append(p.problems, fmt.Sprintf(format, args...))
}

// policyVersion is the version of all policies; in the older one a variable such as ${aws:PrincipalTag/customer} is
// plain text. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
const policyVersion = "2012-10-17"

func (p *policyReader) document(document any) []statement {
	parts, _ := document.(map[string]any)
	if others := difference(slices.Collect(maps.Keys(parts)), []string{"Statement", "Version"}); len(others) > 0 {
		p.problem("policy elements %v are not understood", others)
	}
	if parts["Version"] != policyVersion {
		p.problem("a policy of version %s, want %s", shown{parts["Version"]}, policyVersion)
	}
	list, isList := parts["Statement"].([]any)
	if !isList || len(list) == 0 {
		p.problem("a policy without statements: %s", shown{document})
	}
	statements, ids := make([]statement, 0, len(list)), map[any]bool{}
	for _, raw := range list {
		statements = append(statements, p.statement(raw))
		if id := dig(raw, "Sid"); id != nil {
			if ids[id] {
				p.problem("two statements called %s: IAM would refuse the policy in the middle of a deploy", id)
			}
			ids[id] = true
		}
	}
	return statements
}

func (p *policyReader) statement(raw any) statement {
	elements, isObject := raw.(map[string]any)
	if isObject && p.stage.kept != nil {
		if read, known := p.stage.kept().statements[originOf(p.stack, elements)]; known {
			return read
		}
	}
	return p.read(elements)
}

func (p *policyReader) read(elements map[string]any) statement {
	for element := range elements {
		if !slices.Contains([]string{"Sid", "Effect", "Action", "Resource", "Principal", "Condition"}, element) {
			p.problem("statement element %s is not understood", element)
		}
	}
	s := statement{
		effect:    fmt.Sprint(elements["Effect"]),
		actions:   p.Texts(elements["Action"]),
		resources: p.Texts(elements["Resource"]),
	}
	switch principal := elements["Principal"].(type) {
	case map[string]any:
		for _, kind := range slices.Sorted(maps.Keys(principal)) {
			s.principals = append(s.principals, kind+" "+strings.Join(p.Texts(principal[kind]), ","))
		}
	case string:
		s.principals = []string{principal}
	}
	conditions, _ := elements["Condition"].(map[string]any)
	for operator, keys := range conditions {
		byKey, _ := keys.(map[string]any)
		if len(byKey) == 0 {
			p.problem("condition %s %s is not understood", operator, shown{keys})
		}
		for key, values := range byKey {
			s.conditions = append(s.conditions, operator+" "+key+" "+strings.Join(p.Texts(values), ","))
		}
	}
	slices.Sort(s.conditions)
	return s
}

// Texts writes one value, or several, sorted. An element that is not set has none.
func (p *policyReader) Texts(raw any) []string {
	switch v := raw.(type) {
	case nil:
		return nil
	case []any:
		var texts []string
		for _, element := range v {
			texts = append(texts, p.Texts(element)...)
		}
		slices.Sort(texts)
		return texts
	case bool, float64:
		return []string{fmt.Sprint(v)}
	default:
		text, err := p.stage.text(p.stack, v)
		if err != nil {
			p.problem("cannot be judged: %v", err)
		}
		return []string{text}
	}
}
