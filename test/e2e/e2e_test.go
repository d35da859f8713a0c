package e2e_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/internal/readme"
	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/test/e2e"
)

// leftover is the age at which this run removes a customer of an earlier run.
const leftover = time.Hour

// cast returns Jane and John, and removes them when the test ends, also after a failure.
func cast(t *testing.T) *e2e.Cast {
	t.Helper()
	stage := open(t)
	c := e2e.NewCast(stage)
	for _, customer := range c.Customers() {
		removeAfter(t, stage, customer)
	}
	clearUp, err := stage.Arrange(t.Context())
	t.Cleanup(func() {
		if err := errors.Join(c.RemoveDocuments(context.Background()), clearUp(context.Background())); err != nil {
			t.Errorf("clear up: %v", err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// customer is a customer who has not signed up yet.
func customer(t *testing.T, stage *e2e.Running) *e2e.Customer {
	t.Helper()
	c := e2e.NewCustomer("Jane Doe")
	removeAfter(t, stage, c)
	return c
}

func removeAfter(t *testing.T, stage *e2e.Running, c *e2e.Customer) {
	t.Helper()
	t.Cleanup(func() {
		// t.Context has ended by now.
		if err := stage.Remove(context.Background(), c.Email); err != nil {
			t.Error(err)
		}
	})
}

// TestACustomersWayThroughTheShop tells the story of `make demo` and tries every cell of README's "Who may do what".
func TestACustomersWayThroughTheShop(t *testing.T) {
	t.Parallel()
	c := cast(t)
	must.Do(t, c.Stage.RemoveLeftovers(t.Context(), leftover))
	tell(t, c, e2e.Story(c.Stage)...)
	documented := must.Get(readme.Rows("../../README.md"))(t)
	rows := must.Get(e2e.Matrix(t.Context(), c, documented))(t)
	for _, row := range rows {
		for i, cell := range row.Cells {
			if cell.Wrong != "" {
				t.Errorf("%s as %s: %s", row.Action, readme.Callers[i], cell.Wrong)
			}
		}
	}
	t.Run("the matrix notices what README does not say", func(t *testing.T) { noticesLies(t, c, documented) })
	tell(t, c, e2e.Farewell())
}

// tell runs the steps in order.
func tell(t *testing.T, c *e2e.Cast, steps ...e2e.Step) {
	t.Helper()
	for _, step := range steps {
		seen, err := step.Do(t.Context(), c)
		if err != nil {
			t.Fatalf("%s: %v", step.Title, err)
		}
		t.Logf("%s: %s", step.Title, seen)
	}
}

// noticesLies inverts the documented cells: a matrix that agreed with them too would prove nothing.
func noticesLies(t *testing.T, c *e2e.Cast, documented []readme.Row) {
	lies := lie(documented)
	rows, err := e2e.Matrix(t.Context(), c, documented)
	if err != nil {
		t.Fatal(err)
	}
	var noticed int
	for _, row := range rows {
		for _, cell := range row.Cells {
			if cell.Wrong != "" {
				noticed++
			}
		}
	}
	if noticed != lies || lies == 0 {
		t.Errorf("noticed %d of %d cells that are not as documented", noticed, lies)
	}
	longer := slices.Concat(documented, []readme.Row{{Action: "coupons"}})
	if _, err := e2e.Matrix(t.Context(), c, longer); err == nil || !strings.Contains(err.Error(), "coupons") {
		t.Errorf("a row that nobody can try: got %v, want an error", err)
	}
	_, err = e2e.Matrix(t.Context(), c, documented[:len(documented)-1])
	if missing := documented[len(documented)-1].Action; err == nil || !strings.Contains(err.Error(), missing) {
		t.Errorf("a row that is missing: got %v, want an error", err)
	}
	documented[1].Cells[0] = "perhaps"
	if _, err := e2e.Matrix(t.Context(), c, documented); err == nil || !strings.Contains(err.Error(), `"perhaps"`) {
		t.Errorf("a cell that nobody can try: got %v, want an error", err)
	}
}

// lie inverts every cell: "no" becomes a grant of another caller in the row, and everything else becomes "no". It
// returns the number of changed cells. The row "anything else" has no grant, so it stays.
func lie(documented []readme.Row) (lies int) {
	for _, row := range documented {
		grants := slices.IndexFunc(row.Cells, func(cell string) bool { return cell != "no" && cell != "–" })
		if grants < 0 {
			continue
		}
		granted := row.Cells[grants]
		for i, cell := range row.Cells {
			switch cell {
			case "–":
				continue
			case "no":
				row.Cells[i] = granted
			default:
				row.Cells[i] = "no"
			}
			lies++
		}
	}
	return lies
}

func TestASecondFactorIsAskedForOnceItIsEnrolled(t *testing.T) {
	t.Parallel()
	stage := open(t)
	c, _ := protected(t, stage)
	for name, client := range clients(stage) {
		thief := &e2e.Customer{Email: c.Email, Password: c.Password}
		if _, err := stage.SignIn(t.Context(), thief, client); !errors.Is(err, e2e.ErrSecondFactor) {
			t.Errorf("client %s, password only: got %v, want to be asked for a code", name, err)
		}
	}
}

// clients returns the ids of the app clients by name.
func clients(stage *e2e.Running) map[string]string {
	return map[string]string{"Web": stage.WebClientID, "StepUp": stage.StepUpClientID, "Account": stage.AccountClientID}
}
