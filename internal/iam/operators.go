package iam

import (
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// operator is a condition operator without its set prefix and without IfExists.
type operator struct {
	negated bool
	sets    bool // may be qualified by ForAllValues and ForAnyValue
	compile func(text string) (comparison, error)
}

// operators are all known condition operators except Null, which does not compare:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html. BinaryEquals
// is left out, because that page does not say in which encoding a request has its value.
var operators = map[string]operator{
	"StringEquals":              {sets: true, compile: compileText(exactly, isSame)},
	"StringNotEquals":           {sets: true, compile: compileText(exactly, isSame), negated: true},
	"StringEqualsIgnoreCase":    {sets: true, compile: compileText(exactly, isSameIgnoringCase)},
	"StringNotEqualsIgnoreCase": {sets: true, compile: compileText(exactly, isSameIgnoringCase), negated: true},
	"StringLike":                {sets: true, compile: compileText(wildcards, isSame)},
	"StringNotLike":             {sets: true, compile: compileText(wildcards, isSame), negated: true},
	"ArnEquals":                 {sets: true, compile: compileARN},
	"ArnLike":                   {sets: true, compile: compileARN},
	"ArnNotEquals":              {sets: true, compile: compileARN, negated: true},
	"ArnNotLike":                {sets: true, compile: compileARN, negated: true},
	"Bool":                      {sets: true, compile: compileBool},
	"NumericEquals":             {compile: compileOrder(parseNumber, func(o int) bool { return o == 0 })},
	"NumericNotEquals":          {compile: compileOrder(parseNumber, func(o int) bool { return o == 0 }), negated: true},
	"NumericLessThan":           {compile: compileOrder(parseNumber, func(o int) bool { return o < 0 })},
	"NumericLessThanEquals":     {compile: compileOrder(parseNumber, func(o int) bool { return o <= 0 })},
	"NumericGreaterThan":        {compile: compileOrder(parseNumber, func(o int) bool { return o > 0 })},
	"NumericGreaterThanEquals":  {compile: compileOrder(parseNumber, func(o int) bool { return o >= 0 })},
	"DateEquals":                {compile: compileOrder(parseDate, func(o int) bool { return o == 0 })},
	"DateNotEquals":             {compile: compileOrder(parseDate, func(o int) bool { return o == 0 }), negated: true},
	"DateLessThan":              {compile: compileOrder(parseDate, func(o int) bool { return o < 0 })},
	"DateLessThanEquals":        {compile: compileOrder(parseDate, func(o int) bool { return o <= 0 })},
	"DateGreaterThan":           {compile: compileOrder(parseDate, func(o int) bool { return o > 0 })},
	"DateGreaterThanEquals":     {compile: compileOrder(parseDate, func(o int) bool { return o >= 0 })},
	"IpAddress":                 {compile: compileNetwork},
	"NotIpAddress":              {compile: compileNetwork, negated: true},
}

func isSame(p pattern, got string) bool { return p.match(got, false) }

// isSameIgnoringCase compares patterns without wildcards and variables, which are one text.
func isSameIgnoringCase(p pattern, got string) bool {
	text, _ := p.constant()
	return strings.EqualFold(text, got)
}

func compileText(wild bool, same func(pattern, string) bool) func(string) (comparison, error) {
	return func(text string) (comparison, error) {
		p, err := parsePattern(text, wild)
		return func(q *query, got string) (bool, error) {
			p, err := p.resolve(q)
			return err == nil && same(p, got), err
		}, err
	}
}

// compileARN reads the pattern of an ARN: "Each of the six colon-delimited components of the ARN is checked separately
// and each can include" wildcards.
func compileARN(text string) (comparison, error) {
	whole, err := parsePattern(text, wildcards)
	if err != nil {
		return nil, err
	}
	parts, err := whole.split()
	if err != nil {
		return nil, fmt.Errorf("%q: %w", text, err)
	}
	return func(q *query, got string) (bool, error) {
		resource, err := parts[components-1].resolve(q)
		switch {
		case err != nil:
			return false, err
		case !isARN(got):
			return false, errors.New("the request's value is no ARN")
		}
		for _, p := range parts[:components-1] {
			component, rest, _ := strings.Cut(got, ":")
			if !p.match(component, false) {
				return false, nil
			}
			got = rest
		}
		return resource.match(got, false), nil
	}, nil
}

// compileBool accepts no policy variables: the page on variables excludes them, although the page on operators includes
// them.
func compileBool(text string) (comparison, error) {
	want, err := parseBool(text)
	return func(_ *query, got string) (bool, error) {
		value, err := parseBool(got)
		if err != nil {
			return false, errors.New("the request's value is neither true nor false")
		}
		return value == want, nil
	}, err
}

func parseBool(text string) (bool, error) {
	if text != "true" && text != "false" {
		return false, fmt.Errorf("%q: want true or false", text)
	}
	return text == "true", nil
}

// ordered is a number or date.
type ordered[T any] interface{ Compare(T) int }

// compileOrder reads a number or date. The order is -1, 0 or 1 if the request's value is less than, equal to or greater
// than it.
func compileOrder[T ordered[T]](
	parse func(string) (T, error), holds func(order int) bool,
) func(string) (comparison, error) {
	return func(text string) (comparison, error) {
		want, err := parse(text)
		return func(_ *query, got string) (bool, error) {
			value, err := parse(got)
			if err != nil {
				return false, errors.New("the request's value is not of the operator's type")
			}
			return holds(value.Compare(want)), nil
		}, err
	}
}

// number is an exact decimal number.
type number struct{ *big.Rat }

// Compare returns -1, 0 or 1.
func (n number) Compare(other number) int { return n.Cmp(other.Rat) }

var decimal = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

func parseNumber(text string) (number, error) {
	if !decimal.MatchString(text) {
		return number{}, fmt.Errorf("%q: want an integer or decimal number", text)
	}
	n, _ := new(big.Rat).SetString(text)
	return number{n}, nil
}

// unixTime requires more digits than a year has: a year would be a date without a time of day.
var unixTime = regexp.MustCompile(`^[0-9]{5,}$`)

// parseDate reads Unix time in seconds, or the forms of https://www.w3.org/TR/NOTE-datetime that name one instant.
// Forms without a time of day do not: the documentation does not say in which time zone the day begins.
func parseDate(text string) (time.Time, error) {
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil && unixTime.MatchString(text) {
		return time.Unix(seconds, 0), nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q: want a date with time and zone, such as 2006-01-02T15:04:05Z, "+
		"or Unix time in seconds", text)
}

// compileNetwork reads a CIDR block or a single IPv4 address. An IPv6 address requires a prefix length, because the
// documented default, /32, is meant for IPv4.
func compileNetwork(text string) (comparison, error) {
	block, err := netip.ParsePrefix(text)
	if address, notAddress := netip.ParseAddr(text); notAddress == nil && address.Is4() {
		block, err = netip.PrefixFrom(address, address.BitLen()), nil
	}
	if err != nil || block.Masked() != block {
		return nil, fmt.Errorf("%q: want a CIDR block without host bits, such as 203.0.113.0/24, or an IPv4 address", text)
	}
	return func(_ *query, got string) (bool, error) {
		address, err := netip.ParseAddr(got)
		if err != nil || address.Zone() != "" || address.Is4In6() {
			return false, errors.New("the request's value is no plain IPv4 or IPv6 address")
		}
		return block.Contains(address), nil
	}, nil
}
