package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/securecart/identity/config/configtest"
	"github.com/securecart/identity/test/access"
	"github.com/securecart/identity/test/threats"
)

const root = "../.."

// TestPagesAreWhatIsCommitted compares every committed page with one generated now.
func TestPagesAreWhatIsCommitted(t *testing.T) {
	for _, p := range pages {
		t.Run(p.file, func(t *testing.T) {
			t.Parallel()
			got, err := p.generate(root)
			if err != nil {
				t.Fatal(err)
			}
			committed, err := os.ReadFile(filepath.Join(root, p.file))
			if err != nil {
				t.Fatalf("%v; run `make docs`", err)
			}
			if was := string(committed); was != got {
				t.Errorf("%s is out of date; run `make docs` and review what goes:\n%s\nand what comes:\n%s", p.file,
					strings.Join(difference(got, was), "\n"), strings.Join(difference(was, got), "\n"))
			}
		})
	}
}

func TestMatrixShowsWhatAPolicyGrants(t *testing.T) {
	s, err := readStage(root, configtest.Stage("Dev"))
	if err != nil {
		t.Fatal(err)
	}
	before := textOf(t, "docs/access-matrix.md")
	guest := s.Stage.Roles[s.PoolRoles.Roles.Unauthenticated]
	guest.Policies[0].PolicyDocument = json.RawMessage(`{"Version": "2012-10-17", "Statement": [
		{"Sid": "ReadEverything", "Effect": "Allow", "Action": "dynamodb:Scan", "Resource": "*"},
		{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}]}`)
	s.Stage.Roles[guest.ARN] = guest
	widened, err := access.Read(s.Stage)
	if err != nil {
		t.Fatal(err)
	}
	after, err := matrixOf(widened)
	if err != nil {
		t.Fatal(err)
	}
	const row = "| `dynamodb:Scan` | all rows by index byCreatedAt; all rows by index another; all rows " +
		"| no | **yes** `ReadEverything`, `Statement[1]` | – | – | – | no | no | no |"
	if !strings.Contains(after, row) || strings.Contains(before, row) {
		t.Errorf("the matrix does not show that guests may scan:\n%s", strings.Join(difference(before, after), "\n"))
	}
	if len(difference(before, after)) == 0 || len(difference(before, before)) != 0 {
		t.Error("stages that differ look the same, or one differs from itself")
	}
}

func TestProofThatIsNotThereIsAnError(t *testing.T) {
	s := &sources{root: root}
	for _, threat := range []threats.Threat{
		{ID: "U1", Proofs: []threats.Proof{threats.Code}, Tests: []string{"lambda/tokens.TestNobodyWrote"}},
		{ID: "U1", Proofs: []threats.Proof{threats.Code}, Tests: []string{"lambda/nowhere.TestDecision"}},
		{ID: "X99", Proofs: []threats.Proof{threats.Templates}},
	} {
		if proof, err := s.of(threat); err == nil {
			t.Errorf("%s: got %s, want an error", threat.ID, proof)
		}
	}
}

func TestTextsStayWithinTheirCells(t *testing.T) {
	var d document
	d.table([]string{"a", "b"}, [][]string{{plain("s3:* on <any> | all"), "two\nlines"}})
	const want = "| a | b |\n|---|---|\n| s3:\\* on &lt;any> \\| all | two lines |\n\n"
	if got := d.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWhatCanBeStolenHasALineEach(t *testing.T) {
	const table = "text\n\n| stolen | what is lost |\n|---|---|\n| token | Much. |\n| `lambda/orders` | More. |\n"
	for name, test := range map[string]struct {
		wanted []string
		says   string
	}{
		"each":                {[]string{"token", "lambda/orders"}, ""},
		"a role without":      {[]string{"token", "lambda/orders", "lambda/new"}, `"lambda/new" has 0 lines`},
		"a line for nothing":  {[]string{"token"}, `"lambda/orders" in "If it is stolen" is no role`},
		"nothing to be found": {nil, `"token" in "If it is stolen" is no role`},
	} {
		err := linesFor(table, test.wanted)
		if (err == nil) != (test.says == "") || (err != nil && !strings.Contains(err.Error(), test.says)) {
			t.Errorf("%s: got %v, want %q", name, err, test.says)
		}
	}
	if err := linesFor(table+"| token | Twice. |\n", []string{"token", "lambda/orders"}); err == nil {
		t.Error("two lines for one thing are taken for one")
	}
}
