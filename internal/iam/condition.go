package iam

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// condition is one key of one operator in a Condition element. Several of them must all hold:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html.
type condition struct {
	text     string // operator and key as the policy has them, for errors
	key      string // in lower case
	set      set
	ifExists bool
	negated  bool
	values   []comparison
}

// set is how an operator treats several values of a key in a request:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html.
type set byte

const (
	noSet set = iota
	forAllValues
	forAnyValue
)

// comparison compares a value of the request with one value of the policy. The error is errNoValue if the policy's
// value is a variable without a value.
type comparison func(q *query, got string) (bool, error)

func (c condition) holds(q *query) (bool, error) {
	values, present := q.context[c.key]
	holds, err := false, error(nil)
	if present {
		holds, err = c.compare(q, values)
	} else {
		holds, err = c.absent(q)
	}
	return holds, at(c.text, err)
}

// absent is the condition's result if the request does not have its key: false, but true for negated operators, for
// operators that end in IfExists and for ForAllValues.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func (c condition) absent(q *query) (bool, error) {
	switch {
	case c.set == forAnyValue && (c.ifExists || c.negated):
		return false, errors.New("the request has no such key, " +
			"and AWS documents both true (of the operator) and false (of ForAnyValue)")
	case c.set == forAllValues && !c.ifExists && !c.negated && c.lacksValue(q):
		return false, errors.New("the request has neither this key nor a value for the variable, " +
			"and AWS documents both true and false")
	}
	return c.ifExists || c.negated || c.set == forAllValues, nil
}

// lacksValue reports whether a value of the policy is a variable without a value.
func (c condition) lacksValue(q *query) bool {
	return slices.ContainsFunc(c.values, func(v comparison) bool {
		_, err := v(q, "")
		return errors.Is(err, errNoValue)
	})
}

func (c condition) compare(q *query, values []string) (bool, error) {
	if c.set == forAllValues && slices.Contains(values, "") {
		return false, errors.New("a value in the request is empty, and AWS documents it both as a value and as none")
	}
	var unknown error
	for _, v := range values {
		holds, err := c.compareOne(q, v)
		switch {
		case err != nil:
			unknown = errors.Join(unknown, err)
		case holds && c.set == forAnyValue:
			return true, nil
		case !holds && c.set != forAnyValue:
			return false, nil
		}
	}
	return unknown == nil && c.set != forAnyValue, unknown
}

// compareOne compares one value of the request with all of the policy: any may match, or none if the operator is
// negated.
//
// "When you use a variable with no value in the condition element of an IAM policy, condition operators like
// StringEquals or StringLike do not match, and the policy statement does not take effect. Inverted condition operators
// like StringNotEquals or StringNotLike do match against a null value":
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value.
func (c condition) compareOne(q *query, got string) (bool, error) {
	matched, noValue, unknown := anyOf(c.values, func(c comparison) (bool, error) { return c(q, got) })
	switch {
	case noValue && !c.negated:
		return false, nil
	case unknown != nil && !matched:
		return false, unknown
	}
	return matched != c.negated, nil
}

// null is a condition of the operator Null: whether a key is absent.
type null struct {
	text   string
	key    string
	absent bool
}

func (n null) holds(q *query) (bool, error) {
	values, present := q.context[n.key]
	if slices.Contains(values, "") {
		return false, fmt.Errorf("%s: a value in the request is empty, "+
			"and AWS does not document whether that is null", n.text)
	}
	return present != n.absent, nil
}

// parseConditions reads a Condition element. Its order does not depend on the document's.
func parseConditions(value any) ([]predicate, error) {
	block, ok := value.(map[string]any)
	if !ok || len(block) == 0 {
		return nil, fmt.Errorf("want an object of operators, got %s", describe(value))
	}
	var (
		tests []predicate
		errs  []error
	)
	for _, operator := range slices.Sorted(maps.Keys(block)) {
		keys, ok := block[operator].(map[string]any)
		if !ok || len(keys) == 0 {
			errs = append(errs, fmt.Errorf("%s: want an object of condition keys, got %s", operator, describe(block[operator])))
			continue
		}
		seen := map[string]bool{}
		for _, name := range slices.Sorted(maps.Keys(keys)) {
			test, err := parseCondition(operator, name, keys[name])
			if seen[strings.ToLower(name)] {
				err = errors.New("the key is there twice, in different letter case")
			}
			seen[strings.ToLower(name)] = true
			errs = append(errs, at(operator+" "+name, err))
			tests = append(tests, test)
		}
	}
	return tests, errors.Join(errs...)
}

func parseCondition(operator, name string, value any) (predicate, error) {
	key, err := lookUp(name)
	if err != nil {
		return nil, err
	}
	texts, err := scalars(value)
	if err != nil {
		return nil, err
	}
	text := operator + " " + name
	if operator == "Null" {
		if len(texts) != 1 || texts[0] != "true" && texts[0] != "false" {
			return nil, fmt.Errorf("want one value, true or false, got %q", texts)
		}
		return null{text: text, key: key.name, absent: texts[0] == "true"}, nil
	}
	c := condition{text: text, key: key.name}
	op, err := c.parseOperator(operator)
	if err != nil {
		return nil, err
	}
	if key.multivalued && c.set == noSet {
		return nil, errors.New("the key may have several values, " +
			"so its operator wants ForAllValues: or ForAnyValue: before it")
	}
	c.negated = op.negated
	var errs []error
	for _, t := range texts {
		compare, err := op.compile(t)
		errs = append(errs, err)
		c.values = append(c.values, compare)
	}
	return c, errors.Join(errs...)
}

// parseOperator splits off an operator's prefix and suffix, and looks up the rest.
func (c *condition) parseOperator(text string) (operator, error) {
	name := text
	if rest, ok := strings.CutPrefix(name, "ForAllValues:"); ok {
		name, c.set = rest, forAllValues
	} else if rest, ok := strings.CutPrefix(name, "ForAnyValue:"); ok {
		name, c.set = rest, forAnyValue
	}
	name, c.ifExists = strings.CutSuffix(name, "IfExists")
	op, known := operators[name]
	switch {
	case !known:
		return operator{}, errors.New("unknown condition operator")
	case c.set != noSet && !op.sets:
		return operator{}, errors.New("AWS documents set operators only with string, ARN and Bool operators")
	}
	return op, nil
}
