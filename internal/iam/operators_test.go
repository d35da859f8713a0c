package iam

import (
	"fmt"
	"strings"
	"testing"
)

func TestOrderOperatorsCompareAsTheirNamesSay(t *testing.T) {
	// The results for a request's value less than, equal to and greater than the policy's.
	for operator, want := range map[string][3]bool{
		"Equals":            {false, true, false},
		"NotEquals":         {true, false, true},
		"LessThan":          {true, false, false},
		"LessThanEquals":    {true, true, false},
		"GreaterThan":       {false, false, true},
		"GreaterThanEquals": {false, true, true},
	} {
		for _, kind := range []struct {
			name, key, policy string
			values            [3]string
		}{
			{"Numeric", "s3:TlsVersion", "1.2", [3]string{"1.19999999999999999999", "1.20", "10"}},
			{"Numeric", "s3:signatureAge", "-9007199254740993", [3]string{"-9007199254740994", "-9007199254740993", "0"}},
			{
				"Date", "aws:CurrentTime", "2020-01-01T00:00:00Z",
				[3]string{"2020-01-01T00:30:00+01:00", "1577836800", "2020-01-01T00:00:00.5Z"},
			},
		} {
			document := must(t, when(fmt.Sprintf(`%q: {%q: %q}`, kind.name+operator, kind.key, kind.policy)))
			for i, value := range kind.values {
				d, err := Evaluate([]Policy{{"P", document}}, s3Object(map[string][]string{kind.key: {value}}))
				if err != nil || (d.Outcome == Allowed) != want[i] {
					t.Errorf("%s %s%s %s: got %s, %v", value, kind.name, operator, kind.policy, d, err)
				}
			}
		}
	}
}

func TestNegatedOperatorsAreTheOppositeWhereTheKeyIsPresent(t *testing.T) {
	for operator, c := range map[string]struct{ negated, key, policy, same, other string }{
		"StringEquals":           {"StringNotEquals", "aws:username", "Ana*", "Ana*", "Anabel"},
		"StringEqualsIgnoreCase": {"StringNotEqualsIgnoreCase", "aws:username", "Ana", "aNA", "Anabel"},
		"StringLike":             {"StringNotLike", "aws:username", "Ana*", "Anabel", "ana"},
		"ArnEquals": {
			"ArnNotEquals", "aws:SourceArn", "arn:aws:sns:*:*:${aws:Username}", "arn:aws:sns:r:a:u", "arn:aws:sns:r:a:v",
		},
		"ArnLike": {
			"ArnNotLike", "aws:SourceArn", "arn:aws:sns:*:1?3:t", "arn:aws:sns::123:t", "arn:aws:sns::1234:t",
		},
		"IpAddress": {"NotIpAddress", "aws:SourceIp", "203.0.113.0/24", "203.0.113.9", "203.0.114.9"},
	} {
		for _, name := range []string{operator, c.negated} {
			document := must(t, when(fmt.Sprintf(`%q: {%q: %q}`, name, c.key, c.policy)))
			for _, value := range []string{c.same, c.other} {
				context := map[string][]string{"aws:username": {"u"}}
				context[c.key] = []string{value}
				d, err := Evaluate([]Policy{{"P", document}}, s3Object(context))
				if want := (value == c.same) == (name == operator); err != nil || (d.Outcome == Allowed) != want {
					t.Errorf("%s %s %s: got %s, %v", value, name, c.policy, d, err)
				}
			}
		}
	}
}

// Without its key a condition is false, and true if it is negated or ends in IfExists.
func TestConditionsWithoutTheirKey(t *testing.T) {
	values := map[string]string{
		"String": "x", "Arn": "arn:aws:sns:*:*:t", "Bool": "true", "Numeric": "1",
		"Date": "2020-01-01T00:00:00Z", "Ip": "10.0.0.0/8",
	}
	for name, operator := range operators {
		value := ""
		for kind := range values {
			if strings.HasPrefix(strings.TrimPrefix(name, "Not"), kind) {
				value = values[kind]
			}
		}
		for _, suffix := range []string{"", "IfExists"} {
			document := must(t, when(fmt.Sprintf(`%q: {"aws:SourceVpc": %q}`, name+suffix, value)))
			d, err := Evaluate([]Policy{{"P", document}}, s3Object(nil))
			if want := operator.negated || suffix != ""; err != nil || (d.Outcome == Allowed) != want {
				t.Errorf("%s%s: got %s, %v", name, suffix, d, err)
			}
		}
	}
}
