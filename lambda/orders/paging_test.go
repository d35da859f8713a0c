package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"github.com/securecart/identity/lambda/internal/cursor"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

// Few times, so that many orders have the same.
var times = []string{
	"2025-12-31T23:59:59.999Z", "2026-01-01T00:00:00.000Z", "2026-07-15T12:00:00.000Z", "2026-07-15T12:00:00.001Z",
}

func TestPagesTogetherAreAllOrdersNewestFirst(t *testing.T) {
	api := newTestAPI(t)
	var customers atomic.Int64
	rapid.Check(t, func(r *rapid.T) {
		customer := fmt.Sprintf("a11ce000-0000-4000-8000-%012x", customers.Add(1))
		created := make(map[string]string)
		var orders []placed
		for i, at := range rapid.SliceOfN(rapid.SampledFrom(times), 0, 16).Draw(r, "created") {
			id := fmt.Sprintf("o-%d", i)
			created[id] = at
			orders = append(orders, orderOf(customer, id, at), orderOf(bob, customer+id, at))
		}
		lambdatest.Put(t, api.table, orders...)

		limit := func() int { return rapid.IntRange(1, 20).Draw(r, "limit") }
		all := lambdatest.Pages(t, parameters{}, limit, func(sent map[string]string) ([]order, string) {
			page := api.read(t, customer, sent)
			return page.Orders, page.NextCursor
		})
		if err := newestFirst(all, created); err != nil {
			r.Fatal(err)
		}
	})
}

// newestFirst returns an error unless orders are those created, by id, newest first. Orders of the same time may come
// in any order.
func newestFirst(orders []order, created map[string]string) error {
	seen, last := make(map[string]bool), times[len(times)-1]
	for _, one := range orders {
		if seen[one.ID] || one.CreatedAt != created[one.ID] || one.CreatedAt > last {
			return fmt.Errorf("order %s of %s comes after %s (seen before: %t, stored with %q)",
				one.ID, one.CreatedAt, last, seen[one.ID], created[one.ID])
		}
		seen[one.ID], last = true, one.CreatedAt
	}
	if len(seen) != len(created) {
		return fmt.Errorf("the pages hold %d orders, want %d", len(seen), len(created))
	}
	return nil
}

// paged returns a shop in which Alice has more than one page, and the cursor that leads her to the second.
func paged(t *testing.T) (*api, string) {
	t.Helper()
	api := newTestAPI(t)
	for i := range 3 {
		lambdatest.Put(t, api.table,
			orderOf(alice, fmt.Sprintf("a-%d", i), noon), orderOf(bob, fmt.Sprintf("b-%d", i), noon))
	}
	next := api.read(t, alice, parameters{"limit": "1"}).NextCursor
	if got := api.read(t, alice, parameters{"cursor": next}).Orders; len(got) != 2 {
		t.Fatalf("the cursor leads to %v, want two orders", ids(got))
	}
	return api, next
}

func TestCursorOfAnotherCustomerIsRefused(t *testing.T) {
	api, next := paged(t)
	wantRefused(t, api, bob, next)
}

// Package cursor tests that a change of any bit is noticed.
func TestChangedCursorIsRefused(t *testing.T) {
	api, next := paged(t)
	plain, err := cursor.Encode(position{OrderID: "a-0", CreatedAt: noon})
	if err != nil {
		t.Fatal(err)
	}
	for _, forged := range []string{
		plain, "A", next[1:], next + "A", next + next, next + "\n", next + "=", strings.Repeat("A", 1025),
	} {
		wantRefused(t, api, alice, forged)
	}
}

func TestSealedPositionOutsideTheRulesIsRefused(t *testing.T) {
	api := newTestAPI(t)
	for name, outside := range map[string]position{
		"nothing":           {},
		"no id":             {CreatedAt: noon},
		"no time":           {OrderID: "a-0"},
		"an id with blanks": {OrderID: "a 0", CreatedAt: noon},
		"a long id":         {OrderID: strings.Repeat("a", 129), CreatedAt: noon},
		"another time zone": {OrderID: "a-0", CreatedAt: "2026-07-15T12:00:00.000+02:00"},
		"whole seconds":     {OrderID: "a-0", CreatedAt: "2026-07-15T12:00:00Z"},
		"microseconds":      {OrderID: "a-0", CreatedAt: "2026-07-15T12:00:00.000000Z"},
		"a comma":           {OrderID: "a-0", CreatedAt: "2026-07-15T12:00:00,000Z"},
		"the 31st of June":  {OrderID: "a-0", CreatedAt: "2026-06-31T12:00:00.000Z"},
	} {
		sealed, err := cursor.Seal(t.Context(), api.sealer, alice, outside)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		t.Run(name, func(t *testing.T) { wantRefused(t, api, alice, sealed) })
	}
}

func TestCursorThatNamesAnOrderOfAnotherCustomerShowsNoneOfTheirs(t *testing.T) {
	api, _ := paged(t)
	sealed, err := cursor.Seal(t.Context(), api.sealer, alice, position{OrderID: "b-2", CreatedAt: noon})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids(api.read(t, alice, parameters{"cursor": sealed}).Orders) {
		if id[0] != 'a' {
			t.Errorf("Alice sees %s of another customer", id)
		}
	}
}

func wantRefused(t *testing.T, api *api, customer, forged string) {
	t.Helper()
	response := api.Serve(t, requestOf(t, customer, parameters{"cursor": forged}))
	if response.StatusCode != http.StatusBadRequest || !strings.Contains(response.Body, "cursor must be") {
		t.Errorf("cursor %q: %d %s; want a 400 problem about the cursor", forged, response.StatusCode, response.Body)
	}
}
