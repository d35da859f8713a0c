package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/securecart/identity/lambda/contract"
)

func TestDecisionIsThatOfTheTableAndOfNoNeighbour(t *testing.T) {
	b := newRig(t)
	b.knows(t, bob, proven(suspended))
	for i, test := range signIns {
		t.Run(fmt.Sprint(i, " ", test.client, " ", test.source), func(t *testing.T) {
			b.enrolled(test.user)
			b.knows(t, alice, test.stored)
			got := b.sign(t, with(from(t, test.client, test.source), test.verifier))
			wantChanges(t, fmt.Sprint(test), got, test.want)
			users, table := test.asks()
			want := append(slices.Repeat([]string{"AdminGetUser"}, users), table...)
			if asked := b.asked(); !slices.Equal(asked, want) {
				t.Errorf("Cognito and the table Proofs were asked %v, want %v", asked, want)
			}
			b.wantStored(t, alice, test.becomes())
		})
	}
	b.wantStored(t, bob, proven(suspended))
}

// The test compares the code's table with the package comment, row by row and cell by cell.
func TestTableIsTheOneInThePackageComment(t *testing.T) {
	rows, words := documentedTable(t)
	heading := []string{
		"client", "source", "factor", "trust", "proof", "outcome", "adds", "keeps", "suppresses", "writes",
	}
	if len(rows) != len(table)+1 || !slices.Equal(rows[0], heading) {
		t.Fatalf("the comment has %d lines with cells, want the heading %v and %d rows", len(rows), heading, len(table))
	}
	for i, r := range table {
		code := []string{
			list(r.clients, ""), list(r.sources, "TokenGeneration_"), list(r.factors, ""),
			list(r.trusted, ""), list(r.proven, ""), r.outcome,
			strings.Join(r.adds, ", "), strings.Join(r.keeps, ", "), strings.Join(r.suppresses, ", "), string(r.writes),
		}
		for k, name := range heading {
			said := rows[i+1][k]
			if name != "outcome" { // an outcome may be called like the scopes that it adds
				said = words.expand(said)
			}
			if said != code[k] && (said != "-" || code[k] != "") {
				t.Errorf("row %d, %s: the comment says %q, the code %q", i+1, name, said, code[k])
			}
		}
	}
}

// A vocabulary maps the comment's words to their meaning.
type vocabulary map[string]string

// expand replaces words by their meaning, until none is left.
func (v vocabulary) expand(cell string) string {
	var all []string
	for word := range strings.SplitSeq(cell, ", ") {
		if meaning, found := v[word]; found {
			word = v.expand(meaning)
		}
		all = append(all, word)
	}
	return strings.Join(all, ", ")
}

// documentedTable returns the cells of the table in the package comment, and its words.
func documentedTable(t *testing.T) (rows [][]string, words vocabulary) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "main.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	words = vocabulary{
		"contract.ReadScopes":     strings.Join(contract.ReadScopes(), ", "),
		"contract.HighRiskScopes": strings.Join(contract.HighRiskScopes(), ", "),
	}
	for line := range strings.Lines(file.Doc.Text()) {
		if name, meaning, found := strings.Cut(strings.TrimSpace(line), " = "); found {
			words[strings.TrimSpace(name)] = meaning
		}
		if cells := strings.Split(line, "|"); len(cells) > 1 {
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			rows = append(rows, cells)
		}
	}
	return rows, words
}

func list[T ~string](values []T, prefix string) string {
	if values == nil {
		return "any"
	}
	var texts []string
	for _, value := range values {
		texts = append(texts, strings.TrimPrefix(string(value), prefix))
	}
	return strings.Join(texts, ", ")
}

// anyOf draws one of the values that matter or, for unforeseen cases, any other text.
func anyOf[T ~string](values ...T) *rapid.Generator[T] {
	random := rapid.Map(rapid.String(), func(s string) T { return T(s) })
	return rapid.OneOf(rapid.SampledFrom(values), rapid.SampledFrom(values), random)
}
