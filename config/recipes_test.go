package config

import (
	"go/ast"
	"go/parser"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// literal is a provider as docs/providers.md writes it.
var literal = regexp.MustCompile("(?s)`(\\{Kind: .*?\\})`")

// TestRecipesNameFieldsThatThereAre: every literal of docs/providers.md is one that compiles but for its placeholders,
// and there is one for each kind.
func TestRecipesNameFieldsThatThereAre(t *testing.T) {
	text, err := os.ReadFile("../docs/providers.md")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[ProviderKind]bool{}
	for _, found := range literal.FindAllStringSubmatch(string(text), -1) {
		expression, err := parser.ParseExpr("Provider" + strings.Join(strings.Fields(found[1]), " "))
		if err != nil {
			t.Errorf("%s: %v", found[1], err)
			continue
		}
		fields(t, expression.(*ast.CompositeLit), reflect.TypeFor[Provider](), kinds)
	}
	for _, kind := range ProviderKinds() {
		if !kinds[kind] {
			t.Errorf("docs/providers.md has no recipe for %s", kind)
		}
	}
}

// fields demands that a struct has the fields of a literal, and notes the kind that it names.
func fields(t *testing.T, literal *ast.CompositeLit, of reflect.Type, kinds map[ProviderKind]bool) {
	t.Helper()
	constants := map[string]ProviderKind{
		"Google": Google, "Facebook": Facebook, "Apple": Apple, "Amazon": Amazon, "OIDC": OIDC, "SAML": SAML,
	}
	if name := literal.Type.(*ast.Ident).Name; name != of.Name() {
		t.Errorf("a literal of %s stands where %s belongs", name, of.Name())
	}
	for _, element := range literal.Elts {
		pair := element.(*ast.KeyValueExpr)
		name := pair.Key.(*ast.Ident).Name
		field, is := of.FieldByName(name)
		if !is {
			t.Errorf("%s has no field %s", of.Name(), name)
			continue
		}
		switch value := pair.Value.(type) {
		case *ast.CompositeLit:
			fields(t, value, field.Type, kinds)
		case *ast.Ident:
			if kind, is := constants[value.Name]; is && name == "Kind" {
				kinds[kind] = true
			}
		}
	}
}
