package iam

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// anyStatement draws from few words, so that many statements apply to many requests and some are undecidable.
func anyStatement(effect *rapid.Generator[string]) *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		not := rapid.SampledFrom([]string{"", "", "Not"})
		s := map[string]any{"Effect": effect.Draw(t, "effect")}
		s[not.Draw(t, "not")+"Action"] = rapid.SampledFrom([]string{
			"*", "s3:*", "s3:Get*", "s3:GetObject", "s3:?etObject", "sqs:*",
		}).Draw(t, "action")
		s[not.Draw(t, "not")+"Resource"] = rapid.SliceOfN(rapid.SampledFrom([]any{
			"*", "arn:aws:s3:::b/*", "arn:aws:s3:::b/o", "arn:aws:s3:::*/o",
			"arn:aws:s3:::b/${aws:username}", "arn:aws:s3:::c/*",
		}), 1, 2).Draw(t, "resources")
		if rapid.Bool().Draw(t, "conditional") {
			s["Condition"] = map[string]any{anyOperator.Draw(t, "operator"): map[string]any{
				"aws:TagKeys": rapid.SliceOfN(rapid.SampledFrom([]any{"a", "b", "a*", "${aws:username}"}), 1, 2).Draw(t, "values"),
			}}
		}
		return s
	})
}

var (
	anyOperator = rapid.Custom(func(t *rapid.T) string {
		return rapid.SampledFrom([]string{"ForAllValues:", "ForAnyValue:"}).Draw(t, "set") +
			rapid.SampledFrom([]string{"StringEquals", "StringNotEquals", "StringLike", "StringNotLike"}).Draw(t, "name") +
			rapid.SampledFrom([]string{"", "", "IfExists"}).Draw(t, "suffix")
	})
	anyEffect   = rapid.SampledFrom([]string{"Allow", "Allow", "Deny"})
	anyPolicies = rapid.Custom(func(t *rapid.T) []Policy {
		list := rapid.SliceOfN(rapid.SliceOfN(anyStatement(anyEffect), 1, 3), 0, 3).Draw(t, "documents")
		policies := make([]Policy, len(list))
		for i, statements := range list {
			policies[i] = policyOf(t, fmt.Sprint(i), statements)
		}
		return policies
	})
	anyRequest = rapid.Custom(func(t *rapid.T) Request {
		resources := []string{"*", "arn:aws:s3:::b/o", "arn:aws:s3:::b/ana", "arn:aws:s3:::b/x:y/o"}
		r := Request{
			Action:   rapid.SampledFrom([]string{"s3:GetObject", "s3:PutObject", "sqs:SendMessage"}).Draw(t, "action"),
			Resource: rapid.SampledFrom(resources).Draw(t, "resource"),
			Context:  map[string][]string{},
		}
		if tags := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "ab", "ana"}), 0, 2).Draw(t, "tags"); len(tags) > 0 {
			r.Context["aws:TagKeys"] = tags
		}
		if rapid.Bool().Draw(t, "user") {
			r.Context["aws:username"] = []string{"ana"}
		}
		return r
	})
)

func policyOf(t *rapid.T, name string, statements []any) Policy {
	document, err := ParseValue(map[string]any{"Version": "2012-10-17", "Statement": statements})
	if err != nil {
		t.Fatal(err)
	}
	return Policy{name, document}
}

func TestAnAddedDenyNeverWidens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policies, r := anyPolicies.Draw(t, "policies"), anyRequest.Draw(t, "request")
		deny := policyOf(t, "deny", []any{anyStatement(rapid.Just("Deny")).Draw(t, "deny")})
		before, beforeErr := Evaluate(policies, r)
		after, err := Evaluate(append(policies, deny), r)
		if beforeErr != nil && err == nil {
			t.Fatalf("%s where it was not known: %v", after, beforeErr)
		}
		if err == nil && after.Outcome != ExplicitDeny && after != before {
			t.Fatalf("%s became %s", before, after)
		}
	})
}

func TestAnAddedAllowNeverOverridesADeny(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policies, r := anyPolicies.Draw(t, "policies"), anyRequest.Draw(t, "request")
		allow := policyOf(t, "allow", []any{map[string]any{"Effect": "Allow", "Action": "*", "Resource": "*"}})
		before, beforeErr := Evaluate(policies, r)
		after, err := Evaluate(append(policies, allow), r)
		if (err == nil) != (beforeErr == nil) {
			t.Fatalf("error %v became %v", beforeErr, err)
		}
		if want := max(before.Outcome, Allowed); err == nil && after.Outcome != want {
			t.Fatalf("%s became %s", before, after)
		}
	})
}

func TestTheOrderOfStatementsChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		statements := rapid.SliceOfN(anyStatement(anyEffect), 1, 5).Draw(t, "statements")
		r := anyRequest.Draw(t, "request")
		before, beforeErr := Evaluate([]Policy{policyOf(t, "p", statements)}, r)
		after, err := Evaluate([]Policy{policyOf(t, "p", rapid.Permutation(statements).Draw(t, "permuted"))}, r)
		if before.Outcome != after.Outcome || (beforeErr == nil) != (err == nil) {
			t.Fatalf("%s, %v became %s, %v", before, beforeErr, after, err)
		}
	})
}

func TestSetOperatorsAreDual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"Equals", "Like", "EqualsIgnoreCase"}).Draw(t, "operator")
		values := rapid.SliceOfN(rapid.SampledFrom([]any{"a", "B", "a*", "?"}), 1, 3).Draw(t, "values")
		r := anyRequest.Draw(t, "request")
		r.Context["aws:TagKeys"] = rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "ab", "c"}), 1, 3).Draw(t, "tags")
		applies := func(operator string) bool {
			statement := map[string]any{
				"Effect": "Allow", "Action": "*", "Resource": "*",
				"Condition": map[string]any{operator: map[string]any{"aws:TagKeys": values}},
			}
			got, err := Evaluate([]Policy{policyOf(t, "p", []any{statement})}, r)
			if err != nil {
				t.Fatal(err)
			}
			return got.Outcome == Allowed
		}
		if applies("ForAnyValue:String"+name) == applies("ForAllValues:StringNot"+name) {
			t.Fatalf("any of %v is %s of %v exactly if not all are not", r.Context["aws:TagKeys"], name, values)
		}
	})
}

const alphabet = `a:/*?é`

func textOf(characters string) *rapid.Generator[string] {
	return rapid.StringOfN(rapid.SampledFrom([]rune(characters)), 0, 8, -1)
}

func TestWildcardsMatchAsARegularExpressionDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, s := textOf(alphabet).Draw(t, "pattern"), textOf(alphabet).Draw(t, "text")
		p, err := parsePattern(text, wildcards)
		if err != nil {
			t.Fatal(err)
		}
		oracle := strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(regexp.QuoteMeta(text))
		if want := regexp.MustCompile(`(?s)^` + oracle + `$`).MatchString(s); p.match(s, false) != want {
			t.Fatalf("%q and %q: got %v, want %v", text, s, !want, want)
		}
	})
}

func TestAQuestionMarkIsOneCharacter(t *testing.T) {
	for text, want := range map[string]bool{"": false, "e": true, "é": true, "ee": false} {
		p, err := parsePattern("?", wildcards)
		if err != nil || p.match(text, false) != want {
			t.Errorf("%q: got %v, %v, want %v", text, !want, err, want)
		}
	}
}

func TestResourcesMatchAsARegularExpressionDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// The colons split every pattern into six components.
		pattern := "arn:aws:s3:" + textOf(alphabet).Draw(t, "region") + "::" + textOf(alphabet).Draw(t, "resource")
		s := "arn:aws:s3:" + textOf("a:/é").Draw(t, "region and account") + ":" + textOf("a:/é").Draw(t, "resource")
		p, err := parseResource(pattern)
		if err != nil {
			t.Fatal(err)
		}
		// Asterisks at the end of a segment are replaced first: only they match colons.
		quoted := regexp.QuoteMeta(pattern) + ":"
		quoted = strings.TrimSuffix(strings.ReplaceAll(quoted, `\*:`, `.*:`), ":")
		oracle := strings.NewReplacer(`\*`, `[^:]*`, `\?`, `[^:]`).Replace(quoted)
		if want := regexp.MustCompile(`(?s)^` + oracle + `$`).MatchString(s); p.match(s, true) != want {
			t.Fatalf("%q and %q: got %v, want %v", pattern, s, !want, want)
		}
	})
}

// anyARN has short components of some characters, and colons in its resource now and then.
func anyARN(characters string) *rapid.Generator[string] {
	component := rapid.StringOfN(rapid.SampledFrom([]rune(characters)), 0, 2, -1)
	return rapid.Custom(func(t *rapid.T) string {
		return "arn:" + strings.Join(rapid.SliceOfN(component, components-1, components).Draw(t, "components"), ":")
	})
}

func TestARNOperatorsCompareComponentByComponent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := anyARN("a/*?é").Draw(t, "pattern")
		s := anyARN("a/é").Draw(t, "text")
		compare, err := compileARN(pattern)
		if err != nil {
			t.Fatal(err)
		}
		want := true
		values := strings.SplitN(s, ":", 6)
		for i, part := range strings.SplitN(pattern, ":", 6) {
			oracle := strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(regexp.QuoteMeta(part))
			want = want && regexp.MustCompile(`(?s)^`+oracle+`$`).MatchString(values[i])
		}
		if got, err := compare(nil, s); err != nil || got != want {
			t.Fatalf("%q and %q: got %v, %v, want %v", pattern, s, got, err, want)
		}
	})
}
