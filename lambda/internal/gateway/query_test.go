package gateway_test

import (
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/internal/cursor"
	"github.com/securecart/identity/lambda/internal/gateway"
)

const categoryRule = "1 to 64 characters of a-z, 0-9 and -"

var categoryPattern = regexp.MustCompile(`^[a-z0-9-]{1,64}$`)

// of returns a request as API Gateway sends it: each parameter twice.
func of(parameters map[string][]string) events.APIGatewayProxyRequest {
	last := make(map[string]string)
	for name, values := range parameters {
		if len(values) > 0 {
			last[name] = values[len(values)-1]
		}
	}
	return events.APIGatewayProxyRequest{QueryStringParameters: last, MultiValueQueryStringParameters: parameters}
}

type read struct {
	limit            int
	cursor, category string
	detail           string // of the problem, "" if there is none
}

func readAll(t *testing.T, event events.APIGatewayProxyRequest) read {
	t.Helper()
	parameters := gateway.Query(event)
	got := read{
		category: parameters.Text("category", categoryRule, categoryPattern.MatchString),
		limit:    parameters.Limit(),
		cursor:   parameters.Text("cursor", cursor.Form, cursor.WellFormed),
	}
	err := parameters.Err()
	if err == nil {
		return got
	}
	var refused *gateway.Problem
	if !errors.As(err, &refused) || refused.Status != http.StatusBadRequest {
		t.Fatalf("Err() = %v, want a 400 problem", err)
	}
	if refused.Reason != "" {
		t.Errorf("reason %q would put what the caller wrote into the log", refused.Reason)
	}
	return read{detail: refused.Detail}
}

func TestParametersAreReadAsSent(t *testing.T) {
	tests := map[string]struct {
		event events.APIGatewayProxyRequest
		want  read
	}{
		"none": {events.APIGatewayProxyRequest{}, read{limit: gateway.DefaultLimit}},
		"all": {
			of(map[string][]string{"limit": {"7"}, "cursor": {"Ab-_9"}, "category": {"shoes-2"}}),
			read{limit: 7, cursor: "Ab-_9", category: "shoes-2"},
		},
		"least": {of(map[string][]string{"limit": {"1"}}), read{limit: 1}},
		"most":  {of(map[string][]string{"limit": {"100"}}), read{limit: gateway.MaxLimit}},
		"long cursor": {
			of(map[string][]string{"cursor": {strings.Repeat("c", cursor.MaxLength)}}),
			read{limit: gateway.DefaultLimit, cursor: strings.Repeat("c", cursor.MaxLength)},
		},
		"long category": {
			of(map[string][]string{"category": {strings.Repeat("c", 64)}}),
			read{limit: gateway.DefaultLimit, category: strings.Repeat("c", 64)},
		},
		"only the single-value form": {
			events.APIGatewayProxyRequest{QueryStringParameters: map[string]string{"limit": "5"}}, read{limit: 5},
		},
	}
	for name, test := range tests {
		if got := readAll(t, test.event); got != test.want {
			t.Errorf("%s: got %+v, want %+v", name, got, test.want)
		}
	}
}

func TestMistakeIsAnsweredWithParameterRuleAndValue(t *testing.T) {
	const category = "category must be 1 to 64 characters of a-z, 0-9 and -, got "
	limit := func(value string) string { return "limit must be a whole number from 1 to 100, got " + value }
	tests := map[string]struct {
		parameters map[string][]string
		want       string
	}{
		"limit empty":         {map[string][]string{"limit": {""}}, limit(`""`)},
		"limit zero":          {map[string][]string{"limit": {"0"}}, limit(`"0"`)},
		"limit negative":      {map[string][]string{"limit": {"-1"}}, limit(`"-1"`)},
		"limit over the most": {map[string][]string{"limit": {"101"}}, limit(`"101"`)},
		"limit huge": {
			map[string][]string{"limit": {strings.Repeat("9", 50)}}, limit(`"` + strings.Repeat("9", 40) + `"…`),
		},
		"limit with a sign":   {map[string][]string{"limit": {"+5"}}, limit(`"+5"`)},
		"limit with a zero":   {map[string][]string{"limit": {"05"}}, limit(`"05"`)},
		"limit with a blank":  {map[string][]string{"limit": {" 5"}}, limit(`" 5"`)},
		"limit with decimals": {map[string][]string{"limit": {"5.0"}}, limit(`"5.0"`)},
		"limit hexadecimal":   {map[string][]string{"limit": {"0x5"}}, limit(`"0x5"`)},
		"limit foreign":       {map[string][]string{"limit": {"٥"}}, limit(`"\u0665"`)},
		"limit not a number":  {map[string][]string{"limit": {"<b>\n"}}, limit(`"<b>\n"`)},
		"limit twice":         {map[string][]string{"limit": {"5", "5"}}, "limit must be given once, got 2 values"},
		"cursor empty": {map[string][]string{"cursor": {""}},
			`cursor must be 1 to 1024 characters of A-Z, a-z, 0-9, - and _, got ""`},
		"cursor of other characters": {map[string][]string{"cursor": {"a+b/c="}},
			`cursor must be 1 to 1024 characters of A-Z, a-z, 0-9, - and _, got "a+b/c="`},
		"cursor too long": {map[string][]string{"cursor": {strings.Repeat("c", 1025)}},
			`cursor must be 1 to 1024 characters of A-Z, a-z, 0-9, - and _, got "` + strings.Repeat("c", 40) + `"…`},
		"category empty":    {map[string][]string{"category": {""}}, category + `""`},
		"category in caps":  {map[string][]string{"category": {"Shoes"}}, category + `"Shoes"`},
		"category with a #": {map[string][]string{"category": {"shoes#"}}, category + `"shoes#"`},
		"category too long": {map[string][]string{"category": {strings.Repeat("c", 65)}},
			`category must be 1 to 64 characters of a-z, 0-9 and -, got "` + strings.Repeat("c", 40) + `"…`},
		"category too long and foreign": {map[string][]string{"category": {"٥" + strings.Repeat("c", 65)}},
			`category must be 1 to 64 characters of a-z, 0-9 and -, got "\u0665` + strings.Repeat("c", 39) + `"…`},
		"unknown": {map[string][]string{"Limit": {"5"}}, `unknown parameter "Limit", known are category, limit, cursor`},
		"unknown without a value": {map[string][]string{"x": {}},
			`unknown parameter "x", known are category, limit, cursor`},
		"many unknown": {map[string][]string{"a": {""}, "b": {""}, "c": {""}, "d": {""}, "e": {""}, "f": {""}, "g": {""}},
			`unknown parameter "a", "b", "c", "d", "e" and 2 more, known are category, limit, cursor`},
		"all at once": {map[string][]string{"limit": {"0"}, "cursor": {"!"}, "category": {"A"}, "customerId": {"x"}},
			`category must be 1 to 64 characters of a-z, 0-9 and -, got "A"; ` + limit(`"0"`) + `; ` +
				`cursor must be 1 to 1024 characters of A-Z, a-z, 0-9, - and _, got "!"; ` +
				`unknown parameter "customerId", known are category, limit, cursor`},
	}
	for name, test := range tests {
		if got := readAll(t, of(test.parameters)).detail; got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, test.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("limit", "20", "cursor", "QUJD", false)
	f.Add("limit", "+1", "category", "shoes", false)
	f.Add("limit", "5", "limit", "6", true)
	f.Add("category", "shoes\u202egnp", "x\x00", "\xff", false)
	f.Add("cursor", strings.Repeat("a", 2000), "Cursor", "", true)
	f.Fuzz(func(t *testing.T, name1, value1, name2, value2 string, repeated bool) {
		parameters := map[string][]string{name1: {value1}}
		parameters[name2] = append(parameters[name2], value2)
		if repeated {
			parameters[name1] = append(parameters[name1], value1)
		}
		if got := readAll(t, of(parameters)); got.detail != "" {
			checkDetail(t, got.detail)
		} else {
			checkRead(t, got, parameters)
		}
	})
}

// checkRead checks that every parameter was read as sent and keeps its rule.
func checkRead(t *testing.T, got read, parameters map[string][]string) {
	t.Helper()
	for name, values := range parameters {
		if len(values) != 1 || sent(got, name) != values[0] {
			t.Errorf("%q=%q is read as %+v without a complaint", name, values, got)
		}
	}
	if got.limit < 1 || got.limit > gateway.MaxLimit {
		t.Errorf("limit %d is accepted", got.limit)
	}
	if got.cursor != "" && !cursor.WellFormed(got.cursor) {
		t.Errorf("cursor %q is accepted", got.cursor)
	}
	if got.category != "" && !categoryPattern.MatchString(got.category) {
		t.Errorf("category %q is accepted", got.category)
	}
}

// sent is the text of a parameter that is read as got.
func sent(got read, name string) string {
	switch name {
	case "limit":
		return strconv.Itoa(got.limit)
	case "cursor":
		return got.cursor
	case "category":
		return got.category
	default:
		return "no such parameter: " + name
	}
}

func checkDetail(t *testing.T, detail string) {
	t.Helper()
	if len(detail) > 2000 {
		t.Errorf("the detail has %d bytes: %s", len(detail), detail)
	}
	for _, r := range strings.ReplaceAll(detail, "…", "") {
		if r > unicode.MaxASCII || !unicode.IsPrint(r) {
			t.Errorf("the detail holds %q: %q", r, detail)
		}
	}
}
