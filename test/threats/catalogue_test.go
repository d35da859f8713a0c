package threats

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/assembly"
)

func TestCatalogueHasEveryThreatOnceAndInOrder(t *testing.T) {
	var want, got []string
	for _, area := range []struct {
		letter string
		last   int
	}{{"U", 55}, {"I", 14}, {"A", 25}} {
		for n := range area.last {
			want = append(want, fmt.Sprint(area.letter, n+1))
		}
	}
	for _, threat := range All() {
		got = append(got, threat.ID)
	}
	if diff := cmp.Diff(want, got); diff != "" || len(got) != 94 {
		t.Errorf("%d threats, want 94 (-want +got)\n%s", len(got), diff)
	}
	for _, id := range got {
		if threat, found := ByID(id); !found || threat.ID != id {
			t.Errorf("ByID(%q) = %s, %t", id, threat.ID, found)
		}
	}
	if threat, found := ByID("U56"); found {
		t.Errorf("found %s", threat.ID)
	}
}

func TestEveryThreatSaysWhatItIsAndHowItIsProven(t *testing.T) {
	for _, threat := range All() {
		if threat.Title == "" || threat.Closed == "" || len(threat.Sources) == 0 || slices.Contains(threat.Sources, "") {
			t.Errorf("%s lacks a title, a closing property or a source", threat.ID)
		}
		onTemplates := slices.Contains(threat.Proofs, Templates) || slices.Contains(threat.Proofs, Policies)
		if onTemplates != threat.Checked() {
			t.Errorf("%s: proofs %v, checked on templates: %t", threat.ID, threat.Proofs, threat.Checked())
		}
		if inCode := slices.Contains(threat.Proofs, Code); inCode != (len(threat.Tests) > 0) {
			t.Errorf("%s: proofs %v, tests %v", threat.ID, threat.Proofs, threat.Tests)
		}
		if threat.Accepted() && threat.Limit == "" {
			t.Errorf("%s is accepted without a reason", threat.ID)
		}
	}
}

// TestEveryTestThatIsNamedExists fails if a named test was renamed or removed.
func TestEveryTestThatIsNamedExists(t *testing.T) {
	tests, named := map[string][]string{}, 0
	names := map[string][]string{}
	for _, threat := range All() {
		names[threat.ID] = threat.Tests
	}
	for _, x := range decidesNothing {
		names[x.why] = x.judges
	}
	for id, list := range names {
		for _, name := range list {
			named++
			folder, function, _ := strings.Cut(name, ".")
			if tests[folder] == nil {
				tests[folder] = testsIn(t, filepath.Join("..", "..", folder))
			}
			if !slices.Contains(tests[folder], function) {
				t.Errorf("%s: there is no test %s in %s", id, function, folder)
			}
		}
	}
	if named < 30 {
		t.Errorf("only %d tests are named: this would prove little", named)
	}
}

// testsIn returns the names of the test functions in a folder.
func testsIn(t *testing.T, folder string) []string {
	t.Helper()
	names := []string{}
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		for _, declaration := range parse(t, file).Decls {
			f, ok := declaration.(*ast.FuncDecl)
			if ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "Test") && f.Type.Params.NumFields() == 1 {
				names = append(names, f.Name.Name)
			}
		}
	}
	return names
}

func parse(t *testing.T, file string) *ast.File {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// TestTheOneCustomAttributeIsComparedByLinksAlone: a customer's attributes are the customer's own to choose, as far as
// a client may write them. The one custom attribute is a provider's address; the function links compares it, the export
// of users copies it, and no other may look at it.
func TestTheOneCustomAttributeIsComparedByLinksAlone(t *testing.T) {
	texts, reads := 0, map[string]int{}
	lambda := filepath.Join("..", "..", "lambda")
	if err := filepath.WalkDir(lambda, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		folder, err := filepath.Rel(lambda, filepath.Dir(file))
		if err != nil {
			return err
		}
		ast.Inspect(parse(t, file), func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.BasicLit:
				if node.Kind == token.STRING {
					texts++
					if strings.Contains(node.Value, "cognito:groups") ||
						(strings.Contains(node.Value,
							"custom:") && (folder != "contract" || node.Value != `"`+providerEmail+`"`)) {
						t.Errorf("%s reads %s", file, node.Value)
					}
				}
			case *ast.SelectorExpr:
				if node.Sel.Name == "ProviderEmail" {
					reads[folder]++
				}
			}
			return true
		})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int{"links": 1, "userexport": 1}, reads); diff != "" {
		t.Errorf("reads of the provider's address, by function (-want +got)\n%s", diff)
	}
	if texts < 200 {
		t.Errorf("looked at %d texts only", texts)
	}
}

// TestNothingToCheckIsAFinding: a check that passes on nothing would pass for a stage whose resources were renamed.
func TestNothingToCheckIsAFinding(t *testing.T) {
	var bare []assembly.Stack
	for _, id := range []string{"UserPool", "IdentityProviders", "Data", "Api", "IdentityPool", "Operations"} {
		bare = append(bare, assembly.Stack{ID: id, Name: "SecureCart-Test-" + id})
	}
	for _, stacks := range [][]assembly.Stack{nil, bare} {
		for _, purpose := range []config.Purpose{config.Development, config.Production} {
			s := NewTarget(
				assembly.Synthesized{ID: "SecureCart-Test", Stacks: stacks},
				config.Stage{Name: "Test", Region: "eu-central-1", Purpose: purpose},
			)
			for _, threat := range All() {
				if threat.Checked() && len(threat.Check(s)) == 0 {
					t.Errorf("%s: the check finds nothing wrong with %d empty stacks in %s", threat.ID, len(stacks), purpose)
				}
			}
		}
	}
}

func TestStatusIsOneOfThree(t *testing.T) {
	for _, c := range []struct {
		threat Threat
		want   string
	}{
		{Threat{Proofs: []Proof{Templates}}, "closed"},
		{Threat{Proofs: []Proof{Code}, Limit: "not on Sundays"}, "closed, with a limit"},
		{Threat{Limit: "too rare"}, "accepted"},
	} {
		if got := c.threat.Status(); got != c.want {
			t.Errorf("%+v is %q, want %q", c.threat, got, c.want)
		}
	}
}
