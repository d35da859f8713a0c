package iam

import (
	"errors"
	"fmt"
	"strings"
)

// components of an ARN: arn, partition, service, region, account, resource. Only the last may hold colons.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
const (
	components       = 6
	serviceComponent = 2
)

func isARN(s string) bool {
	return strings.HasPrefix(s, "arn:") && strings.Count(s, ":") >= components-1
}

// split cuts the pattern of an ARN at its first five colons. A policy variable is allowed "only in the resource portion
// of the ARN", https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html.
func (p pattern) split() ([]pattern, error) {
	parts := []pattern{{wildcards: p.wildcards}}
	for _, t := range p.tokens {
		for t.kind == literal && len(parts) < components {
			before, after, found := strings.Cut(t.text, ":")
			if !found {
				break
			}
			parts[len(parts)-1].add(token{text: before})
			parts = append(parts, pattern{wildcards: p.wildcards})
			t.text = after
		}
		if t.kind == variable && len(parts) < components {
			return nil, errors.New("a policy variable may stand only behind the fifth colon of an ARN")
		}
		parts[len(parts)-1].add(t)
	}
	if prefix, _ := parts[0].constant(); prefix != "arn" || len(parts) < components {
		return nil, errors.New("want an ARN, arn:partition:service:region:account:resource")
	}
	return parts, nil
}

// resources is a Resource or NotResource element.
type resources struct {
	not      bool
	patterns []pattern
}

// parseResource reads "*" or the pattern of an ARN:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html.
func parseResource(text string) (pattern, error) {
	p, err := parsePattern(text, wildcards)
	if err != nil {
		return pattern{}, err
	}
	if text != "*" {
		parts, err := p.split()
		if err != nil {
			return pattern{}, fmt.Errorf("%q: %w", text, err)
		}
		if service, ok := parts[serviceComponent].constant(); !ok || service == "" {
			return pattern{}, fmt.Errorf("%q: the service of an ARN may not be empty or hold a wildcard", text)
		}
	}
	// "If the * wildcard is the last character of a resource ARN segment, it can expand to match beyond the colon
	// boundaries."
	for i := range p.tokens {
		t := &p.tokens[i]
		last := i+1 == len(p.tokens) || strings.HasPrefix(p.tokens[i+1].text, ":") && p.tokens[i+1].kind == literal
		t.crosses = t.kind == anyText && last
	}
	return p, nil
}

// holds reports whether the request's resource is one of those named. "If a variable that has no value in the
// authorization context is used as part of the Resource or NotResource element of a policy, the resource that includes
// a policy variable with no value will not match any resource"; the same page says that it may invalidate the whole
// statement. Where the two readings differ, the result is unknown.
func (r resources) holds(q *query) (bool, error) {
	matched, noValue, unknown := anyOf(r.patterns, func(p pattern) (bool, error) { return matchResource(p, q) })
	switch {
	case matched && r.not:
		return false, nil
	case noValue && matched != r.not:
		return false, errors.New("AWS does not document whether a statement applies by its other resources " +
			"if a variable in one has no value")
	case unknown != nil && !matched:
		return false, unknown
	}
	return matched != r.not, nil
}

func matchResource(p pattern, q *query) (bool, error) {
	p, err := p.resolve(q)
	if err != nil || p.match(q.resource, true) {
		return err == nil, err
	}
	// By the documentation, wildcards inside a segment do not match colons. If matching colons would change the result,
	// the documentation is not clear enough for a decision.
	if p.match(q.resource, false) {
		return false, fmt.Errorf("%s matches only if a wildcard inside a segment matches colons, "+
			"which AWS does not document", q.resource)
	}
	return false, nil
}
