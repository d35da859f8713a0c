package gateway_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/lambda/internal/gateway"
)

func short(text string) bool { return len(text) > 0 && len(text) <= 3 }

type item struct {
	SKU      string `json:"sku"`
	Quantity int64  `json:"quantity"`
}

type cart struct {
	Items []item  `json:"items"`
	Note  *string `json:"note,omitempty"`
}

// readCart reads a body as a handler does.
func readCart(text string) (cart, error) {
	document, err := gateway.JSON(event("application/json", text))
	if err != nil {
		return cart{}, err
	}
	var read cart
	for _, entry := range document.Objects("items", 1, 3) {
		read.Items = append(read.Items, item{entry.Text("sku", "short", short), entry.Whole("quantity", 1, 99)})
	}
	if note, given := document.Optional("note", "short", short); given {
		read.Note = &note
	}
	return read, document.Err()
}

func TestContentIsRead(t *testing.T) {
	note := "ü"
	for text, want := range map[string]cart{
		`{"items":[{"sku":"a","quantity":1}]}`: {Items: []item{{"a", 1}}},
		`{ "note" : "\u00fc" , "items" : [ { "quantity" : 99 , "sku" : "a\n" } ] }`: {
			Items: []item{{"a\n", 99}}, Note: &note,
		},
	} {
		got, err := readCart(text)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", text, err, diff)
		}
	}
}

func TestWrongContentIsNamedByItsPath(t *testing.T) {
	line := func(fields string) string { return `{"items":[{"sku":"a","quantity":1},{` + fields + `}]}` }
	const quantity = "items[1].quantity must be a whole number from 1 to 99"
	for text, detail := range map[string]string{
		`[]`:                                  "body must be an object",
		`null`:                                "body must be an object",
		`"x"`:                                 "body must be an object",
		`{}`:                                  "items is missing",
		`{"Items":[]}`:                        "items is missing; Items is unknown",
		`{"items":null}`:                      "items must be a list of 1 to 3 entries",
		`{"items":{}}`:                        "items must be a list of 1 to 3 entries",
		`{"items":[]}`:                        "items must be a list of 1 to 3 entries",
		`{"items":[{},{},{},{}]}`:             "items must be a list of 1 to 3 entries",
		`{"items":[1]}`:                       "items[0] must be an object",
		line(``):                              "items[1].sku is missing; items[1].quantity is missing",
		line(`"sku":"","quantity":1`):         "items[1].sku must be short",
		line(`"sku":"long","quantity":1`):     "items[1].sku must be short",
		line(`"sku":null,"quantity":1`):       "items[1].sku must be short",
		line(`"sku":7,"quantity":1`):          "items[1].sku must be short",
		line(`"sku":["a"],"quantity":1`):      "items[1].sku must be short",
		line(`"sku":"a","quantity":0`):        quantity,
		line(`"sku":"a","quantity":-0`):       quantity,
		line(`"sku":"a","quantity":-1`):       quantity,
		line(`"sku":"a","quantity":100`):      quantity,
		line(`"sku":"a","quantity":1e9`):      quantity,
		line(`"sku":"a","quantity":1e0`):      quantity,
		line(`"sku":"a","quantity":1.5`):      quantity,
		line(`"sku":"a","quantity":1.0`):      quantity,
		line(`"sku":"a","quantity":1e999999`): quantity,
		line(`"sku":"a","quantity":` + nines): quantity,
		line(`"sku":"a","quantity":"1"`):      quantity,
		line(`"sku":"a","quantity":true`):     quantity,
		line(`"sku":"a","quantity":null`):     quantity,
		line(`"sku":"a","quantity":{}`):       quantity,
		line(`"sku":"a","quantity":1,"price":1,"currency":"EUR"`): "items[1].currency is unknown; items[1].price is unknown",
		line(`"sku":"a","quantity":1,"\u0000":1`):                 `items[1]."\x00" is unknown`,
		line(`"sku":"","quantity":0,"price":1`) + " ": "items[1].sku must be short; " +
			quantity + "; items[1].price is unknown",
	} {
		_, err := readCart(text)
		wantRefusal(t, err, http.StatusUnprocessableEntity, detail)
	}
}

var nines = strings.Repeat("9", 30)

func TestAnswerToManyMistakesIsShort(t *testing.T) {
	fields := make([]string, 1000)
	for i := range fields {
		fields[i] = fmt.Sprintf(`"f%03d":1`, i)
	}
	_, err := readCart(`{` + strings.Join(fields, ",") + `}`)
	wantRefusal(t, err, http.StatusUnprocessableEntity, "items is missing; f000 is unknown;")
	wantRefusal(t, err, http.StatusUnprocessableEntity, "f018 is unknown; 981 more")
	_, err = readCart(`{"` + strings.Repeat("x", 10_000) + `":1}`)
	wantRefusal(t, err, http.StatusUnprocessableEntity, `"`+strings.Repeat("x", 40)+`"… is unknown`)
}

// An accepted body equals encoding/json's result, and survives encoding and decoding.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"", `{}`, `[]`, `null`, `{"items":[{"sku":"a","quantity":1}],"note":"n"}`,
		`{"items":[{"sku":"a","quantity":1,"sku":"b"}]}`, `{"items":[{"sku":"\ud800","quantity":1}]}`, "{\"\xff\":1}",
		`{"items":[[[[[[[[[[]]]]]]]]]]}`, `{"items":[{"sku":"a","quantity":1.0}]} `,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := readCart(text)
		if err != nil {
			if !strings.Contains(err.Error(), "Invalid") && !strings.Contains(err.Error(), "TooLarge") {
				t.Errorf("readCart(%q) failed with %v, want a problem of the caller's", text, err)
			}
			return
		}
		if !utf8.ValidString(text) {
			t.Errorf("readCart took %q, which is not UTF-8", text)
		}
		var want cart
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&want); err != nil {
			t.Fatalf("readCart took %q, encoding/json says %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("readCart(%q) (-encoding/json +got):\n%s", text, diff)
		}
		again, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		if twice, err := readCart(string(again)); err != nil || !cmp.Equal(twice, got) {
			t.Errorf("readCart(%q) = %+v, %v; want %+v as before", again, twice, err, got)
		}
	})
}
