// Package check turns misuse of a construct into one panic that names every wrong prop.
//
// Constructs panic because the CDK's own constructors do: a wrong prop is a mistake in this program, found at synth
// on the developer's machine. Constructs check what they are handed and what only they can know. What people enter is
// checked by package config, with errors. Constructs check it again only where AWS or the CDK would take a wrong value
// for a weaker one without any error: a limit of zero for no limit, "*" for everybody.
package check

import (
	"fmt"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"
)

// Broken are the rules that props break, each a sentence. Nil if they keep the rule.
type Broken []string

// Props panics with the path of the construct id in scope, and every rule that is broken, if any is.
func Props(scope constructs.Construct, id string, rules ...Broken) {
	if wrong := All(rules...); len(wrong) > 0 {
		// The path is read only now: each read is a call to the jsii kernel.
		path := strings.TrimPrefix(*scope.Node().Path()+"/"+id, "/")
		panic(path + ": " + strings.Join(wrong, "; "))
	}
}

// All joins what several rules found.
func All(rules ...Broken) Broken {
	var all Broken
	for _, broken := range rules {
		all = append(all, broken...)
	}
	return all
}

// Require breaks unless ok. The rule reads "must …, got …".
func Require(ok bool, prop, rule string, args ...any) Broken {
	if ok {
		return nil
	}
	return Broken{prop + " " + fmt.Sprintf(rule, args...)}
}

// Given breaks unless prop is given.
func Given(ok bool, prop string) Broken { return Require(ok, prop, "must be given, got none") }
