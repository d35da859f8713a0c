package cursor_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/securecart/identity/lambda/internal/cursor"
)

type position struct {
	ID string `json:"id"`
	At string `json:"at"`
}

var end = position{ID: "o-17", At: "2026-07-15T11:46:02.123Z"}

func TestEncodedPositionComesBack(t *testing.T) {
	for _, want := range []position{end, {}, {ID: `<"&é\` + "\u2028"}} {
		text, err := cursor.Encode(want)
		if err != nil {
			t.Fatalf("Encode(%+v): %v", want, err)
		}
		if !cursor.WellFormed(text) {
			t.Errorf("Encode(%+v) = %q, which is not well-formed", want, text)
		}
		got, err := cursor.Decode[position](text)
		if err != nil || got != want {
			t.Errorf("Decode(Encode(%+v)) = %+v, %v", want, got, err)
		}
	}
}

func TestDecodeTakesOnlyWhatEncodeMakes(t *testing.T) {
	encoded := func(content string) string { return base64.RawURLEncoding.EncodeToString([]byte(content)) }
	canonical := encoded(`{"id":"o-1","at":"t"}`)
	// Its last character has four unused bits.
	spare := encoded(`{"id":"o-1","at":"tt"}`)
	for _, text := range []string{canonical, spare} {
		if _, err := cursor.Decode[position](text); err != nil {
			t.Fatalf("Decode(%q): %v; the cases below would prove nothing", text, err)
		}
	}
	for name, text := range map[string]string{
		"empty":               "",
		"padding":             base64.URLEncoding.EncodeToString([]byte(`{"id":"o-1","at":"tt"}`)),
		"alphabet of base64":  base64.RawStdEncoding.EncodeToString([]byte(`{"id":"???","at":"~~~"}`)),
		"line break inside":   canonical[:4] + "\n" + canonical[4:],
		"line break after":    canonical + "\r\n",
		"blank":               canonical + " ",
		"one character more":  canonical + "A",
		"bits past the end":   spare[:len(spare)-1] + string(spare[len(spare)-1]+1),
		"not JSON":            encoded(`id=o-1`),
		"other bytes":         encoded("\x00\xff"),
		"null":                encoded(`null`),
		"a list":              encoded(`[]`),
		"nothing in it":       encoded(`{}`),
		"a field missing":     encoded(`{"id":"o-1"}`),
		"a field more":        encoded(`{"id":"o-1","at":"t","customer":"other"}`),
		"a field twice":       encoded(`{"id":"o-1","id":"o-1","at":"t"}`),
		"a field in capitals": encoded(`{"ID":"o-1","at":"t"}`),
		"fields in disorder":  encoded(`{"at":"t","id":"o-1"}`),
		"a number":            encoded(`{"id":1,"at":"t"}`),
		"blanks in it":        encoded(`{"id": "o-1","at":"t"}`),
		"text after it":       encoded(`{"id":"o-1","at":"t"}{}`),
		"invalid UTF-8":       encoded("{\"id\":\"\xff\",\"at\":\"t\"}"),
		"escaped needlessly":  encoded(`{"id":"\u006f-1","at":"t"}`),
		"too long":            encoded(`{"id":"` + strings.Repeat("o", cursor.MaxLength) + `","at":"t"}`),
	} {
		if got, err := cursor.Decode[position](text); !errors.Is(err, cursor.ErrInvalid) {
			t.Errorf("%s: Decode(%q) = %+v, %v; want ErrInvalid", name, text, got, err)
		}
	}
}

func TestEncodeRefusesWhatDecodeWouldNotTakeBack(t *testing.T) {
	text, err := cursor.Encode(position{ID: strings.Repeat("o", cursor.MaxLength)})
	if err == nil {
		t.Errorf("Encode made a cursor of %d characters, which ends the list early: no request may send it", len(text))
	}
	if _, err := cursor.Encode(func() {}); err == nil {
		t.Error("Encode took a function for a position")
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("")
	f.Add("e30")
	f.Add(base64.RawURLEncoding.EncodeToString([]byte(`{"id":"o-1","at":"2026-07-15T11:46:02.123Z"}`)))
	f.Add(base64.RawURLEncoding.EncodeToString([]byte(`{"id":"o-1","at":"t","x":[[[[]]]]}`)))
	f.Add("eyJpZCI6Im8tMSIsImF0IjoidCJ9\n")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := cursor.Decode[position](text)
		if err != nil {
			if !errors.Is(err, cursor.ErrInvalid) || got != (position{}) {
				t.Errorf("Decode(%q) = %+v, %v; want nothing and ErrInvalid", text, got, err)
			}
			return
		}
		again, err := cursor.Encode(got)
		if err != nil || again != text {
			t.Errorf("Decode(%q) = %+v, whose cursor is %q, %v: one position must have one cursor", text, got, again, err)
		}
	})
}

func FuzzEncode(f *testing.F) {
	f.Add("o-17", "2026-07-15T11:46:02.123Z")
	f.Add("\xff", "\u2028<>&")
	f.Fuzz(func(t *testing.T, id, at string) {
		want := position{ID: strings.ToValidUTF8(id, ""), At: strings.ToValidUTF8(at, "")}
		text, err := cursor.Encode(want)
		if err != nil {
			return // too long, which TestEncodeRefusesWhatDecodeWouldNotTakeBack covers
		}
		got, err := cursor.Decode[position](text)
		if err != nil || got != want {
			t.Errorf("Decode(Encode(%+v)) = %+v, %v", want, got, err)
		}
	})
}
