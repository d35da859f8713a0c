package access

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/internal/readme"
	"github.com/securecart/identity/lambda/contract"
)

// dataRows are the rows of README's table "Who may do what" that are not routes, by attempt.
var dataRows = map[string]string{
	"Bucket media, products/":                                                  "bucket Media, products/*",
	"Bucket documents, own customers/":                                         "bucket Documents, customers/<own sub>/*",
	"Table Orders, of own row, what customers are shown":                       ordersRow,
	"Table Orders, of own rows, what customers are shown":                      ordersRow,
	"Table Orders, of own rows by index byCreatedAt, what customers are shown": ordersRow,
	"User pool, on oneself, own account":                                       selfServiceRow,
}

const (
	ordersRow      = "table Orders and its index, own rows, listed attributes"
	selfServiceRow = "the user pool's own operations on oneself (factors, phone, password, deletion)"
)

// TestREADMESaysWhoMayDoWhat computes each cell of the table from the templates of every stage. A row that no template
// has is an error, and so is a permission that no row has.
func TestREADMESaysWhoMayDoWhat(t *testing.T) {
	rows, err := readme.Rows(filepath.Join(stagetest.Root(t), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	eachStageIsWritten(t, `README's "Who may do what"`, row, func(t *testing.T, s *Subject) (listed, got byName) {
		got = byName{"anything else": {}}
		callers := slices.DeleteFunc(s.callers(t), func(c Caller) bool { return strings.HasSuffix(c.Name, " role") })
		for _, c := range callers {
			s.addCells(t, got, c)
			got["anything else"][c.Name] = []string{"no"}
		}
		listed = byName{}
		for _, row := range rows {
			listed[row.Action] = map[string][]string{}
			for i, cell := range row.Cells {
				listed[row.Action][readme.Callers[i]] = strings.Split(cell, ", ")
			}
		}
		return listed, got
	})
}

// row is a whole row in README's form.
func row(action string, _, cells map[string][]string) string {
	text := "| `" + action + "` |"
	for _, caller := range readme.Callers {
		text += " " + strings.Join(cells[caller], ", ") + " |"
	}
	return text
}

// addCells adds a caller's cells of all rows.
func (s *Subject) addCells(t *testing.T, rows byName, c Caller) {
	t.Helper()
	for _, o := range s.triedBy(t, c) {
		row, isRow := rowOf(o.Attempt)
		if !isRow && o.allowed {
			t.Errorf("README has no row for %s, which is allowed to %s", o, c.Name)
		}
		if row == "" {
			continue
		}
		if rows[row] == nil {
			rows[row] = map[string][]string{}
		}
		rows[row][c.Name] = cellWith(rows[row][c.Name], o.Attempt, o.allowed, c.Applies(o.Attempt))
	}
}

// cellWith adds the verdict of one more attempt to a cell.
func cellWith(cell []string, a Attempt, allowed, applies bool) []string {
	said := word(a)
	switch {
	case allowed && (cell == nil || cell[0] == "no"):
		return []string{said}
	case allowed && !slices.Contains(cell, said):
		return append(cell, said)
	case cell == nil && !applies:
		return []string{"–"}
	case cell == nil:
		return []string{"no"}
	}
	return cell
}

// rowOf is the row that shows an attempt. It is empty for attempts that the text above the table covers, and for keys,
// which are used through the data that they encrypt.
func rowOf(a Attempt) (row string, isRow bool) {
	switch {
	case a.Group == "Signing in" || strings.HasPrefix(a.On, "OPTIONS ") || strings.HasSuffix(a.Group, " key"):
		return "", true
	case a.method != nil:
		return a.On, true
	}
	row, isRow = dataRows[a.Group+", "+a.On]
	return row, isRow
}

// word is the text of a cell whose attempt is allowed.
func word(a Attempt) string {
	switch {
	case a.method != nil && a.method.AuthorizationType == "AWS_IAM":
		return "yes"
	case a.method != nil && slices.Contains(a.method.AuthorizationScopes, contract.LinksOffer):
		return "federated only" // lambda/links asks the user pool.
	case a.method != nil || a.asks == forToken:
		return "own" // The token decides: handlers use only claims.sub.
	case a.Action == "s3:GetObject":
		return "read"
	}
	_, name, _ := strings.Cut(a.Action, ":")
	return name
}

func TestEveryRouteIsForSomebody(t *testing.T) {
	problems := map[string]bool{}
	for _, cfg := range config.Stages() {
		for _, problem := range reviewed(t, cfg.ID()).unobtainable(t) {
			problems[problem] = true
		}
	}
	for _, problem := range sorted(problems) {
		t.Error(problem)
	}
}

// unobtainable names the routes that require a scope which no client can obtain.
func (s *Subject) unobtainable(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, a := range s.Attempts() {
		if a.method == nil || a.method.AuthorizationType != "COGNITO_USER_POOLS" {
			continue
		}
		obtains := func(c Caller) bool { return c.shows(a.method.AuthorizationScopes...).Allowed }
		if !slices.ContainsFunc(s.callers(t), obtains) {
			all = append(all, a.On+" wants "+strings.Join(a.method.AuthorizationScopes, " or ")+": no client can obtain "+
				"this scope. It belongs into ReadScopes, BrowseScopes or HighRiskScopes of lambda/contract")
		}
	}
	return all
}

func TestScopeThatNoTokenHasIsNamed(t *testing.T) {
	loaded := stagetest.Dev(t)
	for i := range loaded.API.Methods {
		if slices.Contains(loaded.API.Methods[i].AuthorizationScopes, contract.OrdersRead) {
			loaded.API.Methods[i].AuthorizationScopes = []string{"securecart/coupons.read"}
		}
	}
	got := read(t, loaded).unobtainable(t)
	want := "GET /orders wants securecart/coupons.read: no client can obtain this scope"
	if !slices.ContainsFunc(got, func(problem string) bool { return strings.HasPrefix(problem, want) }) {
		t.Errorf("got %q, want one with %s", got, want)
	}
}
