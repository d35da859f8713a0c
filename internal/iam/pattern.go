package iam

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// token is a piece of a pattern.
type token struct {
	kind kind
	// text is the literal, or the condition key of a variable in lower case.
	text string
	// fallback is a variable's value if the request has none. Nil if the policy gives none.
	fallback *string
	// crosses is set on a wildcard that may match colons where other wildcards may not.
	crosses bool
}

type kind byte

const (
	literal  kind = iota
	variable      // ${key}, replaced by the request's value
	anyText       // *, any characters or none
	anyChar       // ?, exactly one character
)

// pattern is text of a policy that is compared with a request's text, literally or with wildcards.
type pattern struct {
	tokens    []token
	wildcards bool
	variables bool
}

const (
	wildcards = true
	exactly   = false
)

// errNoValue says that a policy variable has no value in this request.
var errNoValue = errors.New("policy variable without a value")

// parsePattern reads text with policy variables and, if wild, with wildcards:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html.
func parsePattern(text string, wild bool) (pattern, error) {
	p := pattern{wildcards: wild}
	special := "$"
	if wild {
		special = "*?$"
	}
	for rest := text; rest != ""; {
		t, length := token{kind: literal}, strings.IndexAny(rest, special)
		var err error
		switch {
		case length < 0:
			length = len(rest)
			t.text = rest
		case length > 0:
			t.text = rest[:length]
		case rest[0] == '*':
			t.kind, length = anyText, 1
		case rest[0] == '?':
			t.kind, length = anyChar, 1
		default:
			t, length, err = parseVariable(rest)
		}
		if err != nil {
			return pattern{}, fmt.Errorf("%q: %w", text, err)
		}
		p.add(t)
		rest = rest[length:]
	}
	return p, nil
}

// add appends a token, and joins adjacent literals.
func (p *pattern) add(t token) {
	p.variables = p.variables || t.kind == variable
	if last := len(p.tokens) - 1; t.kind == literal && last >= 0 && p.tokens[last].kind == literal {
		p.tokens[last].text += t.text
		return
	}
	p.tokens = append(p.tokens, t)
}

// parseVariable reads ${key}, ${key, 'default'} or one of the characters ${*}, ${?} and ${$} from the beginning of
// text, and returns how long it is.
func parseVariable(text string) (token, int, error) {
	end := strings.IndexByte(text, '}')
	if !strings.HasPrefix(text, "${") || end < 0 {
		return token{}, 0, errors.New("a $ begins a policy variable, ${…}: write ${$} for the character")
	}
	inside := text[len("${"):end]
	if inside == "*" || inside == "?" || inside == "$" {
		return token{text: inside}, end + 1, nil
	}
	name, rest, hasDefault := strings.Cut(inside, ",")
	key, err := lookUp(name)
	if err != nil {
		return token{}, 0, fmt.Errorf("policy variable ${%s}: %w", inside, err)
	}
	if key.multivalued {
		return token{}, 0, fmt.Errorf("policy variable ${%s}: a key with several values cannot be a variable", inside)
	}
	t := token{kind: variable, text: key.name}
	if hasDefault {
		value, err := parseDefault(rest)
		if err != nil {
			return token{}, 0, fmt.Errorf("policy variable ${%s}: %w", inside, err)
		}
		t.fallback = &value
	}
	return t, end + 1, nil
}

// parseDefault reads " 'text'". Special characters are refused: AWS does not document whether they keep their meaning.
func parseDefault(text string) (string, error) {
	value, open := strings.CutPrefix(text, " '")
	value, closed := strings.CutSuffix(value, "'")
	if !open || !closed || value == "" || strings.ContainsAny(value, "'*?${") {
		return "", errors.New("want ${key, 'default'}, the default without any of ' * ? $ {")
	}
	return value, nil
}

// resolve replaces variables by the request's values. The error is errNoValue if the request has no value for one.
func (p pattern) resolve(q *query) (pattern, error) {
	if !p.variables {
		return p, nil
	}
	resolved := pattern{wildcards: p.wildcards, tokens: make([]token, 0, len(p.tokens))}
	for _, t := range p.tokens {
		if t.kind == variable {
			value, err := t.value(q)
			if err != nil {
				return pattern{}, err
			}
			if p.wildcards && strings.ContainsAny(value, "*?") {
				return pattern{}, fmt.Errorf("the value of ${%s} has a * or ?, "+
					"and AWS does not document what it then matches", t.text)
			}
			t = token{text: value}
		}
		resolved.add(t)
	}
	return resolved, nil
}

func (t token) value(q *query) (string, error) {
	values, present := q.context[t.text]
	switch {
	case present && values[0] == "":
		return "", fmt.Errorf("the value of ${%s} is empty, and AWS does not document whether that is a value", t.text)
	case present:
		return values[0], nil
	case t.fallback != nil:
		return *t.fallback, nil
	}
	return "", errNoValue
}

// match reports whether a pattern without variables matches all of s. With segments, wildcards do not match colons,
// except those that cross. The time is at most the product of both lengths, so a long resource name cannot stall it.
func (p pattern) match(s string, segments bool) bool {
	if text, ok := p.constant(); ok {
		return text == s
	}
	if !strings.HasPrefix(s, p.prefix()) {
		return false
	}
	// reached[i] says that the tokens so far match s[:i].
	reached, next := make([]bool, len(s)+1), make([]bool, len(s)+1)
	reached[0] = true
	for _, t := range p.tokens {
		clear(next)
		colons := !segments || t.crosses
		for i, ok := range reached {
			if ok {
				t.advance(s, i, colons, next)
			}
		}
		reached, next = next, reached
	}
	return reached[len(s)]
}

// advance marks where t can end if it begins at s[i:].
func (t token) advance(s string, i int, colons bool, next []bool) {
	switch t.kind {
	case literal:
		if strings.HasPrefix(s[i:], t.text) {
			next[i+len(t.text)] = true
		}
	case anyText:
		// A marked position was reached from a lower i, and so were all following ones.
		for j := i; !next[j]; j++ {
			next[j] = true
			if j == len(s) || s[j] == ':' && !colons {
				return
			}
		}
	case anyChar:
		if i < len(s) && (colons || s[i] != ':') {
			_, size := utf8.DecodeRuneInString(s[i:])
			next[i+size] = true
		}
	}
}

// constant returns the only text that the pattern matches, if there is only one.
func (p pattern) constant() (string, bool) {
	switch {
	case len(p.tokens) == 0:
		return "", true
	case len(p.tokens) == 1 && p.tokens[0].kind == literal:
		return p.tokens[0].text, true
	}
	return "", false
}

// prefix is the literal prefix of all texts that the pattern matches.
func (p pattern) prefix() string {
	if len(p.tokens) > 0 && p.tokens[0].kind == literal {
		return p.tokens[0].text
	}
	return ""
}

// anyOf tries every value. It returns whether one matched, whether a policy variable in one had no value, and the
// errors of undecidable values.
func anyOf[T any](values []T, matches func(T) (bool, error)) (matched, noValue bool, unknown error) {
	for _, value := range values {
		ok, err := matches(value)
		switch {
		case errors.Is(err, errNoValue):
			noValue = true
		case err != nil:
			unknown = errors.Join(unknown, err)
		case ok:
			matched = true
		}
	}
	return matched, noValue, unknown
}
