package main

import (
	"fmt"
	"net/http"
	"testing"
)

func TestKeyMustBeOneUUID(t *testing.T) {
	s := newStockedShop(t)
	const rule = "header Idempotency-Key must be given once and be a UUID"
	for name, values := range map[string][]string{
		"missing":            nil,
		"empty":              {""},
		"twice":              {key, "018f5d0a-3c6e-7d42-8b1a-5e6f7a8b9c0d"},
		"the same twice":     {key, key},
		"a list":             {key + ", " + key},
		"no UUID":            {"order-1"},
		"quoted":             {`"` + key + `"`},
		"in braces":          {"{" + key + "}"},
		"as a URN":           {"urn:uuid:" + key},
		"without hyphens":    {"3f0c7d9a5b1e4c629a7f0d1e2f3a4b5c"},
		"one digit short":    {key[1:]},
		"one digit more":     {key + "0"},
		"no hex digit":       {"g" + key[1:]},
		"a blank after it":   {key + " "},
		"a line after it":    {key + "\n"},
		"full-width digits":  {"３" + key[1:]},
		"the nil UUID":       {"00000000-0000-0000-0000-000000000000"},
		"a Kelvin sign in k": {"\u212a" + key[1:]},
	} {
		t.Run(name, func(t *testing.T) {
			request := orderRequest(t, alice, key, mugs)
			delete(request.Headers, "Idempotency-Key")
			request.MultiValueHeaders["Idempotency-Key"] = values
			s.wantRefusal(t, s.Serve(t, request), http.StatusBadRequest, rule)
		})
	}
}

func TestKeyIsAUUIDOfAnyVersion(t *testing.T) {
	s := newStockedShop(t)
	for version := 1; version <= 8; version++ {
		s.place(t, alice, fmt.Sprintf("3f0c7d9a-5b1e-%dc62-9a7f-0d1e2f3a4b5c", version), mugs)
	}
	if got := len(s.records(t)); got != 8 {
		t.Errorf("%d orders are stored, want 8", got)
	}
}

func TestOrderIDNeverChanges(t *testing.T) {
	// A repeated request may come much later, to another version of this function.
	if got, want := orderID(alice, key), "b455fb9d-5c7a-871e-8c19-875c88801a5b"; got != want {
		t.Errorf("orderID = %s, want %s", got, want)
	}
}
