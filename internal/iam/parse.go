package iam

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// version is the only one that has policy variables. In others "variables such as ${aws:username} aren't recognized as
// variables and are instead treated as literal strings",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html.
const version = "2012-10-17"

// Document is a parsed policy document.
type Document struct {
	statements    []statement
	resourceBased bool // its statements have Principal elements
}

// Parse reads a policy document: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html. The
// error names every problem with the Sid or place of its statement.
//
// Parse refuses everything unknown, and also NotPrincipal, a Version other than 2012-10-17, because it would change the
// meaning of the text, and objects with repeated keys.
func Parse(json []byte) (*Document, error) {
	value, err := decode(json)
	if err != nil {
		return nil, at("policy document", err)
	}
	return ParseValue(value)
}

// ParseValue reads a policy document as encoding/json decodes it into an any. Intrinsic functions of a template must
// already be resolved.
func ParseValue(value any) (*Document, error) {
	elements, ok := value.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("policy document: want an object, got %s", describe(value))
	}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(elements)) {
		if name != "Version" && name != "Id" && name != "Statement" {
			errs = append(errs, fmt.Errorf("unknown element %s", name))
		}
	}
	if elements["Version"] != version {
		got := describe(elements["Version"])
		err := fmt.Errorf("want %q, because older ones have no policy variables, got %s", version, got)
		errs = append(errs, at("Version", err))
	}
	if id, ok := elements["Id"]; ok && !isText(id) {
		errs = append(errs, at("Id", fmt.Errorf("want a string, got %s", describe(id))))
	}
	document := &Document{}
	errs = append(errs, document.parseStatements(elements["Statement"]))
	if err := errors.Join(errs...); err != nil {
		return nil, at("policy document", err)
	}
	return document, nil
}

func (d *Document) parseStatements(value any) error {
	list, ok := value.([]any)
	if _, single := value.(map[string]any); single {
		list, ok = []any{value}, true
	}
	if !ok || len(list) == 0 {
		return at("Statement", fmt.Errorf("want a statement or a list of them, got %s", describe(value)))
	}
	var errs []error
	seen := map[string]bool{}
	for i, element := range list {
		elements, ok := element.(map[string]any)
		if !ok {
			errs = append(errs, at(fmt.Sprintf("Statement[%d]", i), fmt.Errorf("want an object, got %s", describe(element))))
			continue
		}
		s := statement{label: fmt.Sprintf("Statement[%d]", i)}
		if sid, ok := elements["Sid"].(string); ok && sid != "" {
			s.label = sid
		}
		if seen[s.label] {
			errs = append(errs, fmt.Errorf("%s: the Sid is there twice", s.label))
		}
		seen[s.label] = true
		errs = append(errs, at(s.label, s.parse(elements)))
		d.statements = append(d.statements, s)
	}
	d.resourceBased = d.statements != nil && d.statements[0].principals != nil
	for _, s := range d.statements {
		if (s.principals != nil) != d.resourceBased {
			errs = append(errs, fmt.Errorf("%s: either all statements of a document have a Principal element or none", s.label))
		}
	}
	return errors.Join(errs...)
}

// parse reads the elements of a statement.
func (s *statement) parse(elements map[string]any) error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(elements)) {
		var err error
		switch value := elements[name]; name {
		case "Sid":
			if !isText(value) {
				err = fmt.Errorf("want a string, got %s", describe(value))
			}
		case "Effect":
			s.deny = value == "Deny"
			if value != "Allow" && value != "Deny" {
				err = fmt.Errorf("want Allow or Deny, got %s", describe(value))
			}
		case "Principal":
			s.principals, err = parsePrincipals(value)
			s.tests = append(s.tests, s.principals)
		case "Action", "NotAction":
			s.actions.not = name == "NotAction"
			s.actions.patterns, err = parseAll(value, parseAction)
		case "Resource", "NotResource":
			r := resources{not: name == "NotResource"}
			r.patterns, err = parseAll(value, parseResource)
			s.tests = append(s.tests, r)
		case "Condition":
			var conditions []predicate
			conditions, err = parseConditions(value)
			s.tests = append(s.tests, conditions...)
		default:
			err = errors.New("unknown element")
		}
		errs = append(errs, at(name, err))
	}
	return errors.Join(append(errs, checkElements(elements))...)
}

// checkElements refuses statements that lack an element or have two exclusive ones.
func checkElements(elements map[string]any) error {
	has := func(name string) bool { _, ok := elements[name]; return ok }
	var errs []error
	if !has("Effect") {
		errs = append(errs, errors.New("want an Effect"))
	}
	if has("Action") == has("NotAction") {
		errs = append(errs, errors.New("want either Action or NotAction"))
	}
	switch {
	case has("Resource") && has("NotResource"):
		errs = append(errs, errors.New("want either Resource or NotResource"))
	case !has("Resource") && !has("NotResource") && !isTrust(elements):
		errs = append(errs, errors.New("want either Resource or NotResource: "+
			"only trust policies of roles, with actions of sts, have none"))
	}
	return errors.Join(errs...)
}

// isTrust reports whether a statement belongs to a role's trust policy, whose resource is the role.
func isTrust(elements map[string]any) bool {
	_, principal := elements["Principal"]
	actions, err := texts(elements["Action"])
	return principal && err == nil && !slices.ContainsFunc(actions, func(action string) bool {
		service, _, _ := strings.Cut(action, ":")
		return !strings.EqualFold(service, "sts")
	})
}

// parseAll reads a text or a list of them.
func parseAll(value any, parse func(string) (pattern, error)) ([]pattern, error) {
	list, err := texts(value)
	if err != nil {
		return nil, err
	}
	patterns := make([]pattern, len(list))
	errs := make([]error, len(list))
	for i, text := range list {
		patterns[i], errs[i] = parse(text)
	}
	return patterns, errors.Join(errs...)
}
