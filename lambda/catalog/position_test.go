package main

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/securecart/identity/lambda/internal/cursor"
	"github.com/securecart/identity/lambda/internal/lambdatest"
	"github.com/securecart/identity/lambda/internal/shop"
	"github.com/securecart/identity/lambda/internal/table"
)

func TestCursorOfAnotherListIsRefused(t *testing.T) {
	api := newTestAPI(t)
	lambdatest.Put(t, api.table, productOf("mugs", "mug-1"), productOf("mugs", "mug-2"), productOf("caps", "cap-1"))
	ofAll := api.read(t, parameters{"limit": "2"}).NextCursor
	ofMugs := api.read(t, parameters{"limit": "1", "category": "mugs"}).NextCursor
	for name, sent := range map[string]parameters{
		"all for mugs":  {"cursor": ofAll, "category": "mugs"},
		"mugs for all":  {"cursor": ofMugs},
		"mugs for caps": {"cursor": ofMugs, "category": "caps"},
	} {
		response := api.Serve(t, requestOf(t, sent))
		if response.StatusCode != http.StatusBadRequest || !strings.Contains(response.Body, "cursor must be") {
			t.Errorf("%s: %d %s; want a 400 problem about the cursor", name, response.StatusCode, response.Body)
		}
	}
}

func TestForgedPositionOutsideTheRulesIsRefused(t *testing.T) {
	long := strings.Repeat("x", 65)
	for name, test := range map[string]struct {
		category string // of the request
		forged   position
	}{
		"nothing":                     {"", position{}},
		"no sku":                      {"", position{Category: "mugs"}},
		"no category":                 {"", position{SKU: "mug-1"}},
		"category in capitals":        {"", position{Category: "Mugs", SKU: "mug-1"}},
		"category with the separator": {"", position{Category: "mugs#x", SKU: "mug-1"}},
		"category too long":           {"", position{Category: long, SKU: "mug-1"}},
		"sku with the separator":      {"", position{Category: "mugs", SKU: "mug#1"}},
		"sku with blanks":             {"", position{Category: "mugs", SKU: "mug 1"}},
		"sku too long":                {"", position{Category: "mugs", SKU: long}},
		"filter of its own":           {"", position{Filter: "mugs", Category: "mugs", SKU: "mug-1"}},
		"another filter":              {"mugs", position{Filter: "caps", Category: "caps", SKU: "cap-1"}},
		"another category inside":     {"mugs", position{Filter: "mugs", Category: "caps", SKU: "cap-1"}},
	} {
		forged, err := cursor.Encode(test.forged)
		if err != nil {
			t.Fatal(err)
		}
		if start, err := startAfter(test.category, forged); !errors.Is(err, cursor.ErrInvalid) {
			t.Errorf("%s: startAfter = %v, %v; want ErrInvalid", name, start, err)
		}
	}
}

func TestForgedPositionShowsOnlyWhatIsForSale(t *testing.T) {
	api := newTestAPI(t)
	hidden := productOf("mugs", "mug-2")
	hidden.Shelf = ""
	lambdatest.Put(t, api.table, productOf("mugs", "mug-1"), hidden, productOf("mugs", "mug-3"))
	for before, want := range map[string]int{"mug-0": 2, "mug-1": 1, "mug-2": 1, "mug-3": 0} {
		forged, err := cursor.Encode(position{Category: "mugs", SKU: before})
		if err != nil {
			t.Fatal(err)
		}
		got := skus(api.read(t, parameters{"cursor": forged}).Products)
		if len(got) != want || strings.Contains(strings.Join(got, " "), "mug-2") {
			t.Errorf("after %s: %v, want %d products without the hidden mug-2", before, got, want)
		}
	}
}

func FuzzStartAfter(f *testing.F) {
	for _, text := range []string{
		`{"filter":"","category":"mugs","sku":"mug-1"}`,
		`{"filter":"mugs","category":"mugs","sku":"mug-1"}`,
		`{"filter":"mugs","category":"caps","sku":"cap-1"}`,
		`{"filter":"","category":"#","sku":""}`,
		`null`,
	} {
		encoded := base64.RawURLEncoding.EncodeToString([]byte(text))
		f.Add("", encoded)
		f.Add("mugs", encoded)
	}
	f.Fuzz(func(t *testing.T, category, resume string) {
		start, err := startAfter(category, resume)
		switch {
		case err != nil:
			if !errors.Is(err, cursor.ErrInvalid) || start != nil {
				t.Errorf("startAfter(%q, %q) = %v, %v; want nothing and ErrInvalid", category, resume, start, err)
			}
		case resume == "":
			if start != nil {
				t.Errorf("startAfter(%q, \"\") = %v, want the beginning", category, start)
			}
		default:
			checkStart(t, category, resume, start)
		}
	})
}

// checkStart checks that start is a key of the index, inside the category, with exactly one cursor.
func checkStart(t *testing.T, category, resume string, start table.Item) {
	t.Helper()
	of, sku, found := strings.Cut(table.Text(start, "categorySku"), separator)
	if !found || sku != table.Text(start, "sku") || table.Text(start, "shelf") != shop.ForSale || len(start) != 3 {
		t.Errorf("startAfter(%q, %q) = %v, which is no key of the index", category, resume, start)
	}
	if !isCategory(of) || !shop.IsSKU(sku) || category != "" && of != category {
		t.Errorf("startAfter(%q, %q) accepts category %q and sku %q", category, resume, of, sku)
	}
	if again, err := endOf(category, start); err != nil || again != resume {
		t.Errorf("startAfter(%q, %q) has the cursor %q, %v", category, resume, again, err)
	}
}
