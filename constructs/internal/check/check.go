// Package check turns misuse of a construct into one panic that names every wrong prop.
//
// Constructs panic because the CDK's own constructors do: a wrong prop is a mistake in this program, found at synth
// on the developer's machine. What people enter is checked by package config instead, with errors.
package check

import (
	"fmt"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"
)

// Props collects what is wrong with the props of one construct.
type Props struct {
	path  string
	wrong []string
}

// Of starts the check of the construct id in scope.
func Of(scope constructs.Construct, id string) *Props {
	return &Props{path: strings.TrimPrefix(*scope.Node().Path()+"/"+id, "/")}
}

// Require records that prop must satisfy the rule, unless ok. The rule reads "must …, got …".
func (p *Props) Require(ok bool, prop, rule string, args ...any) {
	if !ok {
		p.wrong = append(p.wrong, prop+" "+fmt.Sprintf(rule, args...))
	}
}

// Given records that prop must be given, unless ok.
func (p *Props) Given(ok bool, prop string) { p.Require(ok, prop, "must be given, got none") }

// Must panics with the construct's path and every wrong prop, if there is any.
func (p *Props) Must() {
	if len(p.wrong) > 0 {
		panic(p.path + ": " + strings.Join(p.wrong, "; "))
	}
}
