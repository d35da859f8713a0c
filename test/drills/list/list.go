// Package list has the drills, without what is needed to run them: a command line reads it before anything else is
// built.
package list

import (
	"fmt"
	"strings"

	"github.com/securecart/identity/config"
)

// Drill is one failure.
type Drill struct {
	// Name is how it is asked for, Says what happens.
	Name, Says string
	// Runbook is the page that somebody who is called reads first.
	Runbook config.Runbook
	// Starts are the alarms that must start in the Dev stage, and no others, without the stage's id.
	Starts []string
	// Wakes are the composite alarms that must start.
	Wakes []string
	// Near is an alarm that the failure moves, and that the thresholds of Dev keep from starting. Threshold is where it
	// starts in Prod. Empty and nil where an alarm starts.
	Near      string
	Threshold func(config.Thresholds) config.Threshold
}

// All are the drills, in the order of the list that `make drill` prints.
func All() []Drill {
	return []Drill{
		{
			Name: "handler-down", Says: "the function orders ends as soon as it starts",
			Runbook: config.HandlerFailing,
			Starts:  []string{"ApiServerErrors", "OrdersErrors", "PostOrdersErrors"},
			Wakes:   []string{"CannotBuy"},
		},
		{
			// That most sign-ins fail looks like somebody who tries passwords, too.
			Name: "trigger-failing", Says: "the token trigger ends as soon as it starts",
			Runbook: config.TriggerFailing,
			Starts:  []string{"TokensErrors", "WebNobodySignsIn", "WebSignInFailures"},
			Wakes:   []string{"CannotBuy", "CannotSignIn"},
		},
		{
			Name: "table-throttled", Says: "the table Orders refuses every request",
			Runbook: config.TableFailing,
			Starts:  []string{"ApiServerErrors", "OrdersReadThrottles", "OrdersWriteThrottles", "PostOrdersErrors"},
			Wakes:   []string{"CannotBuy"},
		},
		{
			// Refused tokens are 4xx, of half of all requests. More of them would not be what customers do: guests go on.
			Name: "signing-keys-replaced", Says: "the user pool signs with new keys, and knows the old ones no more",
			Runbook:   config.CannotBuy,
			Near:      "ApiClientErrors",
			Threshold: func(t config.Thresholds) config.Threshold { return t.ClientErrorsPercent },
		},
	}
}

// Named is the drill of this name. The error lists all.
func Named(name string) (Drill, error) {
	for _, d := range All() {
		if d.Name == name {
			return d, nil
		}
	}
	return Drill{}, fmt.Errorf("there is no drill %q; choose one of\n%s", name, Text())
}

// Text is a table of all drills.
func Text() string {
	var text strings.Builder
	for _, d := range All() {
		fmt.Fprintf(&text, "  %-22s %s\n", d.Name, d.Says)
	}
	return text.String()
}
