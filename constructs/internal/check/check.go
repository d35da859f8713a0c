// Package check turns misuse of a construct into one panic that names every wrong prop.
//
// Constructs panic because the CDK's own constructors do: a wrong prop is a mistake in this program, found at synth on
// the developer's machine. Constructs check their own invariants. Package config checks what people enter, and returns
// errors. Constructs repeat such a check only where AWS or the CDK would silently accept a wrong value as a weaker
// setting: a limit of zero as no limit, "*" as everybody.
package check

import (
	"fmt"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"
)

// Broken are the rules that props break, each a sentence. Nil if none is broken.
type Broken []string

// Props panics if any rule is broken, with the construct's path and every broken rule.
func Props(scope constructs.Construct, id string, rules ...Broken) {
	if wrong := All(rules...); len(wrong) > 0 {
		// The path is read only on failure: each read is a call to the jsii kernel.
		path := strings.TrimPrefix(*scope.Node().Path()+"/"+id, "/")
		panic(path + ": " + strings.Join(wrong, "; "))
	}
}

// All joins the broken rules of several checks.
func All(rules ...Broken) Broken {
	var all Broken
	for _, broken := range rules {
		all = append(all, broken...)
	}
	return all
}

// Require returns the rule as broken unless ok. The rule reads "must …, got …".
func Require(ok bool, prop, rule string, args ...any) Broken {
	if ok {
		return nil
	}
	return Broken{prop + " " + fmt.Sprintf(rule, args...)}
}

// Given returns a broken rule unless prop is given.
func Given(ok bool, prop string) Broken { return Require(ok, prop, "must be given, got none") }
