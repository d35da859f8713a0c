package function_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/securecart/identity/lambda/internal/function"
)

func TestReaderReturnsWhatIsSet(t *testing.T) {
	t.Setenv("SOME_TABLE", "orders")
	t.Setenv("SOME_ORIGIN", "https://shop.example")
	var env function.Environment
	table, origin := env.Required("SOME_TABLE"), env.Origin("SOME_ORIGIN")
	if table != "orders" || origin != "https://shop.example" || env.Err() != nil {
		t.Errorf("got %q, %q, %v", table, origin, env.Err())
	}
}

func TestReaderNamesEveryMissingVariableAtOnce(t *testing.T) {
	t.Setenv("EMPTY_VARIABLE", "")
	var env function.Environment
	env.Required("MISSING_VARIABLE")
	env.Required("EMPTY_VARIABLE")
	env.Origin("MISSING_ORIGIN")
	want := "MISSING_VARIABLE must be set\nEMPTY_VARIABLE must be set\nMISSING_ORIGIN must be set"
	if err := env.Err(); err == nil || err.Error() != want {
		t.Errorf("Err() = %v\nwant %s", err, want)
	}
}

func TestReaderNamesWhatAFunctionRefusesItself(t *testing.T) {
	var env function.Environment
	env.Refuse(nil)
	if err := env.Err(); err != nil {
		t.Errorf("Err() = %v, want nil: nothing was refused", err)
	}
	env.Required("MISSING_VARIABLE")
	env.Refuse(errors.New("SOME_LIST must be a list"))
	want := "MISSING_VARIABLE must be set\nSOME_LIST must be a list"
	if err := env.Err(); err == nil || err.Error() != want {
		t.Errorf("Err() = %v\nwant %s", err, want)
	}
}

func TestReaderTakesExactlyOneOrigin(t *testing.T) {
	for value, valid := range map[string]bool{
		"https://shop.example":                    true,
		"https://shop.example:8443":               true,
		"http://localhost:5173":                   true,
		"*":                                       false,
		"https://*":                               false,
		"https://*.shop.example":                  false,
		"https://Shop.example":                    false,
		"https://a.example,b.example":             false,
		"null":                                    false,
		"shop.example":                            false,
		"//shop.example":                          false,
		"https://":                                false,
		"https://:443":                            false,
		"https://shop.example/":                   false,
		"https://shop.example/cart":               false,
		"https://shop.example?x=1":                false,
		"https://shop.example#x":                  false,
		"https://user@shop.example":               false,
		"https://a.example,https://b.example":     false,
		"https://a.example https://b.example":     false,
		"ftp://shop.example":                      false,
		"https://shop.example\r\nSet-Cookie: a=b": false,
	} {
		t.Setenv("SOME_ORIGIN", value)
		var env function.Environment
		env.Origin("SOME_ORIGIN")
		switch err := env.Err(); {
		case valid && err != nil:
			t.Errorf("%q is refused: %v", value, err)
		case !valid && err == nil:
			t.Errorf("%q is taken for an origin", value)
		case !valid && !strings.Contains(err.Error(), "SOME_ORIGIN"):
			t.Errorf("%q: the error does not name the variable: %v", value, err)
		}
	}
}
