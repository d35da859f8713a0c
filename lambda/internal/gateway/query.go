package gateway

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// The number of items of a page.
const (
	DefaultLimit = 20
	MaxLimit     = 100
)

// maxUnknown is how many unknown parameters a response names.
const maxUnknown = 5

// Parameters are the query parameters of one request. Read each parameter of the route by one of the methods, then call
// Err, which reports all others as unknown.
type Parameters struct {
	values   map[string][]string
	known    []string
	problems []string
}

// Query takes the parameters from an event. API Gateway has already decoded them; it lists them twice, once with only
// the last value of each.
func Query(event events.APIGatewayProxyRequest) *Parameters {
	values := make(map[string][]string)
	for name, value := range event.QueryStringParameters {
		values[name] = []string{value}
	}
	for name, all := range event.MultiValueQueryStringParameters {
		values[name] = all
	}
	return &Parameters{values: values}
}

// Limit returns the requested number of items, 1 to [MaxLimit]; [DefaultLimit] if the request has none.
func (p *Parameters) Limit() int {
	text, given := p.one("limit")
	if !given {
		return DefaultLimit
	}
	limit, err := strconv.Atoi(text)
	// Atoi also accepts "+5" and "007".
	if err != nil || strconv.Itoa(limit) != text || limit < 1 || limit > MaxLimit {
		p.refuse("limit must be a whole number from 1 to %d, got %s", MaxLimit, Quoted(text))
		return DefaultLimit
	}
	return limit
}

// Text returns a parameter that valid must accept, or "" if the request does not have it. The rule describes valid in
// words.
func (p *Parameters) Text(name, rule string, valid func(string) bool) string {
	text, given := p.one(name)
	if given && !valid(text) {
		p.refuse("%s must be %s, got %s", name, rule, Quoted(text))
		return ""
	}
	return text
}

// Err returns a 400 Problem with all mistakes, or nil.
func (p *Parameters) Err() error {
	problems := append(slices.Clone(p.problems), p.unknown()...)
	if len(problems) == 0 {
		return nil
	}
	return BadRequest(strings.Join(problems, "; "))
}

// one returns the only value of a parameter. Choosing one of several would be a guess, as for [Header].
func (p *Parameters) one(name string) (value string, given bool) {
	p.known = append(p.known, name)
	values := p.values[name]
	switch len(values) {
	case 0:
		return "", false
	case 1:
		return values[0], true
	default:
		p.refuse("%s must be given once, got %d values", name, len(values))
		return "", false
	}
}

func (p *Parameters) unknown() []string {
	var names []string
	for name := range p.values {
		if !slices.Contains(p.known, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	rest := ""
	if len(names) > maxUnknown {
		rest = fmt.Sprintf(" and %d more", len(names)-maxUnknown)
		names = names[:maxUnknown]
	}
	for i, name := range names {
		names[i] = Quoted(name)
	}
	return []string{fmt.Sprintf("unknown parameter %s%s, known are %s",
		strings.Join(names, ", "), rest, strings.Join(p.known, ", "))}
}

func (p *Parameters) refuse(format string, args ...any) {
	p.problems = append(p.problems, fmt.Sprintf(format, args...))
}
