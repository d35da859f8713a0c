package iam

import (
	"errors"
	"fmt"
	"strings"
)

// statement is one statement, ready to be evaluated.
type statement struct {
	label      string // Sid, or place in the document
	deny       bool
	actions    actions
	principals *principals // nil in identity-based policies
	tests      []predicate // the principals, the resources and every condition
}

// predicate is one of the elements that must all match for a statement to apply.
type predicate interface {
	// holds reports whether the element matches. The error says why that is unknown.
	holds(q *query) (bool, error)
}

// evaluate returns the outcome of the statement alone.
func (s *statement) evaluate(q *query) (Outcome, error) {
	applies, err := s.applies(q)
	switch {
	case err != nil || !applies:
		return ImplicitDeny, err
	case s.deny:
		return ExplicitDeny, nil
	case s.principals != nil && s.principals.onlyAccount(q):
		return Delegated, nil
	}
	return Allowed, nil
}

// applies is true if every element matches and false if one does not, even if others are undecidable.
func (s *statement) applies(q *query) (bool, error) {
	if !s.actions.match(q.action) {
		return false, nil
	}
	var unknown []error
	for _, t := range s.tests {
		holds, err := t.holds(q)
		if err != nil {
			unknown = append(unknown, err)
		} else if !holds {
			return false, nil
		}
	}
	return len(unknown) == 0, errors.Join(unknown...)
}

// query is a request in the form that statements compare with.
type query struct {
	action    string // lower case
	resource  string
	principal Principal
	identity  identity            // of a principal of type AWS
	context   map[string][]string // names in lower case
}

func newQuery(r Request) (*query, error) {
	q := &query{
		action: strings.ToLower(r.Action), resource: r.Resource, principal: r.Principal,
		context: make(map[string][]string, len(r.Context)),
	}
	var errs []error
	if service, name, ok := strings.Cut(r.Action, ":"); !ok || !isWord(service) || !isWord(name) {
		err := fmt.Errorf("%q: want service:Name without wildcards, such as dynamodb:GetItem", r.Action)
		errs = append(errs, at("Action", err))
	}
	if r.Resource != "*" && !isARN(r.Resource) {
		errs = append(errs, at("Resource", fmt.Errorf("%q: want an ARN, or * for an action without a resource", r.Resource)))
	}
	var err error
	q.identity, err = r.Principal.check()
	errs = append(errs, at("Principal", err))
	for name, values := range r.Context {
		errs = append(errs, at("Context", q.addContext(name, values)))
	}
	return q, errors.Join(errs...)
}

func (q *query) addContext(name string, values []string) error {
	key, err := lookUp(name)
	if err != nil {
		return err
	}
	_, twice := q.context[key.name]
	q.context[key.name] = values
	switch {
	case twice:
		return fmt.Errorf("%s is there twice, in different letter case", key.name)
	case len(values) == 0:
		return fmt.Errorf("%s has no value: leave it out", name)
	case len(values) > 1 && !key.multivalued:
		return fmt.Errorf("%s has %d values, and AWS documents it with one", name, len(values))
	}
	return nil
}

// actions is an Action or NotAction element.
type actions struct {
	not      bool
	patterns []pattern
}

// match compares with an action in lower case: "The prefix and the action name are case insensitive",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html.
func (a actions) match(action string) bool {
	for _, p := range a.patterns {
		if p.match(action, false) {
			return !a.not
		}
	}
	return a.not
}

// parseAction reads "*" or "service:Name", with wildcards in the name only: the page above documents none in the
// service.
func parseAction(text string) (pattern, error) {
	if text != "*" {
		service, name, ok := strings.Cut(text, ":")
		if !ok || !isWord(service) || !isWord(strings.NewReplacer("*", "x", "?", "x").Replace(name)) {
			return pattern{}, fmt.Errorf("%q: want * or service:Name, with * and ? in the name only", text)
		}
	}
	return parsePattern(strings.ToLower(text), wildcards)
}

// isWord reports whether s can be the name of a service or action: ASCII letters, digits and hyphens.
func isWord(s string) bool {
	for _, c := range []byte(s) {
		if c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return s != ""
}
