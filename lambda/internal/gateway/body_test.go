package gateway_test

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/internal/gateway"
)

func event(contentType, text string) events.APIGatewayProxyRequest {
	return events.APIGatewayProxyRequest{Headers: map[string]string{"content-type": contentType}, Body: text}
}

func encoded(contentType, text string) events.APIGatewayProxyRequest {
	sent := event(contentType, base64.StdEncoding.EncodeToString([]byte(text)))
	sent.IsBase64Encoded = true
	return sent
}

// wantProblem checks status and detail, and that the log gets nothing of the body.
func wantRefusal(t *testing.T, err error, status int, detail string) {
	t.Helper()
	var refused *gateway.Problem
	if !errors.As(err, &refused) || refused.Status != status || !strings.Contains(refused.Detail, detail) {
		t.Errorf("error %v, %+v; want status %d and %q", err, refused, status, detail)
		return
	}
	if refused.Reason != "" {
		t.Errorf("reason %q is logged, want none: it could hold what the body does", refused.Reason)
	}
}

func TestBodyMustBeDeclaredAsJSON(t *testing.T) {
	for contentType, taken := range map[string]bool{
		"application/json":                                true,
		"application/json; charset=utf-8":                 true,
		"Application/JSON;charset=\"UTF-8\"":              true,
		"":                                                false,
		"text/plain":                                      false,
		"text/plain; application/json":                    false,
		"text/json":                                       false,
		"application/problem+json":                        false,
		"application/x-www-form-urlencoded":               false,
		"application/json; charset=utf-16":                false,
		"application/json; charset=iso-8859-1":            false,
		"application/json; charset=utf-8; charset=utf-16": false,
		"application/json; version=1":                     false,
		"application/json, application/json":              false,
		"application/json; charset":                       false,
	} {
		document, err := gateway.JSON(event(contentType, `{}`))
		if taken && (err != nil || document.Err() != nil) {
			t.Errorf("%q: %v, want it taken", contentType, err)
		}
		if !taken {
			wantRefusal(t, err, http.StatusUnsupportedMediaType, "application/json")
		}
	}
	_, err := gateway.JSON(events.APIGatewayProxyRequest{Body: `{}`})
	wantRefusal(t, err, http.StatusUnsupportedMediaType, "application/json")
}

func TestBodyMayBeSixteenKiBLong(t *testing.T) {
	padded := func(length int) string { return `{}` + strings.Repeat(" ", length-2) }
	for _, send := range []func(string, string) events.APIGatewayProxyRequest{event, encoded} {
		for _, length := range []int{16<<10 - 1, 16 << 10} {
			if _, err := gateway.JSON(send("application/json", padded(length))); err != nil {
				t.Errorf("%d bytes: %v, want them taken", length, err)
			}
		}
		for _, length := range []int{16<<10 + 1, 16<<10 + 2, 16<<10 + 3, 1 << 20} {
			_, err := gateway.JSON(send("application/json", padded(length)))
			wantRefusal(t, err, http.StatusRequestEntityTooLarge, "16384 bytes")
		}
	}
}

func TestBodyInBase64IsDecoded(t *testing.T) {
	document, err := gateway.JSON(encoded("application/json", `{"a":"ü"}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := document.Text("a", "", func(string) bool { return true }); got != "ü" || document.Err() != nil {
		t.Errorf("a is %q, %v; want ü", got, document.Err())
	}
	broken := event("application/json", `{"a":"b"}`)
	broken.IsBase64Encoded = true
	_, err = gateway.JSON(broken)
	wantRefusal(t, err, http.StatusBadRequest, "base64")
}

func TestBodyThatCannotBeReadIsRefused(t *testing.T) {
	nested := func(depth int) string {
		return `{"a":` + strings.Repeat(`[`, depth-1) + strings.Repeat(`]`, depth-1) + `}`
	}
	tests := map[string]struct{ text, detail string }{
		"nothing":                  {"", "must not be empty"},
		"blanks":                   {" \n", "at byte 2"},
		"no JSON":                  {"items=1", "at byte 1"},
		"no quotes":                {`{items:1}`, "at byte 2"},
		"a comma too many":         {`{"a":1,}`, "at byte 8"},
		"a comment":                {`{"a":1/**/}`, "at byte 7"},
		"cut off":                  {`{"a":[1,2`, "at byte 9"},
		"another value after":      {`{"a":1}{"a":2}`, "at byte 8"},
		"text after":               {`{"a":1} x`, "at byte 9"},
		"a byte order mark":        {"\ufeff{}", "at byte 1"},
		"NaN":                      {`{"a":NaN}`, "at byte 6"},
		"a leading zero":           {`{"a":01}`, "at byte 7"},
		"a bare control character": {"{\"a\":\"\x00\"}", "at byte 7"},
		"invalid UTF-8 in a value": {"{\"a\":\"\xff\"}", "must be UTF-8"},
		"invalid UTF-8 in a name":  {"{\"\xc3\x28\":1}", "must be UTF-8"},
		"a surrogate as UTF-8":     {"{\"a\":\"\xed\xa0\x80\"}", "must be UTF-8"},
		"UTF-16":                   {"{\x00}\x00", "at byte 2"},
		"a name twice":             {`{"a":1,"a":1}`, "a is given more than once"},
		"a name twice, escaped":    {`{"a":1,"\u0061":2}`, "a is given more than once"},
		"a name twice in a list": {
			`{"items":[{},{"sku":"x","b":1,"sku":"y"}]}`, "items[1].sku is given more than once",
		},
		"a name twice, far inside":     {`{"a":{"b":{"c":1,"c":2}}}`, "a.b.c is given more than once"},
		"a name twice, an object":      {`{"a":{},"a":{"b":1}}`, "a is given more than once"},
		"an odd name twice":            {`{"a \n":1,"a \n":1}`, `"a \n" is given more than once`},
		"nested nine deep":             {nested(9), "a[0][0][0][0][0][0][0] is nested more than 8 deep"},
		"nested as deep as it can":     {strings.Repeat(`[`, 8192) + strings.Repeat(`]`, 8192), "deep"},
		"opened as often as it can be": {strings.Repeat(`[`, 16384), "body must be one JSON value"},
		"nested objects":               {strings.Repeat(`{"a":`, 2000) + "1" + strings.Repeat(`}`, 2000), "deep"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := gateway.JSON(event("application/json", test.text))
			wantRefusal(t, err, http.StatusBadRequest, test.detail)
		})
	}
	if _, err := gateway.JSON(event("application/json", nested(8))); err != nil {
		t.Errorf("nested eight deep: %v, want it read", err)
	}
}
