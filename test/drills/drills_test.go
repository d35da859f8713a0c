package drills_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/local/drill"
	"github.com/securecart/identity/local/localtest"
	"github.com/securecart/identity/test/drills"
	"github.com/securecart/identity/test/drills/list"
)

func TestMain(m *testing.M) { os.Exit(localtest.Run(m)) }

// near are what drills say of alarms that Dev's thresholds keep from starting.
var near = map[string]string{
	"signing-keys-replaced": "Nobody is notified: ApiClientErrors reached 52 %, and starts at 80 % in Dev. In Prod it " +
		"starts at 40 %, and would have started.",
}

// TestDrills runs every drill on the Dev stage.
func TestDrills(t *testing.T) {
	for _, of := range list.All() {
		t.Run(of.Name, func(t *testing.T) {
			t.Parallel() // calls of a throttled table mostly wait
			var log, out strings.Builder
			config := localtest.Config(t, &log)
			config.Drill = drill.New()
			if of.Near != "" {
				config.Keys = nil // those of other drills must not be replaced
			}
			server := localtest.Serve(t, config)
			found, err := drills.Run(t.Context(), server, config.Drill, of, &out)
			if err != nil {
				t.Fatalf("%v\n%s\n%s", err, &out, &log)
			}
			t.Log(&out)
			want := drills.Found{Started: of.Starts, Woke: of.Wakes, Near: near[of.Name]}
			if diff := cmp.Diff(want, found); diff != "" {
				t.Errorf("alarms (-want +got)\n%s", diff)
			}
			if (len(of.Starts) == 0) != (of.Near != "") || !strings.Contains(out.String(), found.Near) {
				t.Errorf("it starts %d alarms, and does not say why:\n%s", len(of.Starts), &out)
			}
			if !strings.Contains(out.String(), "docs/runbooks/"+string(of.Runbook)+".md") {
				t.Errorf("the page is not named:\n%s", &out)
			}
		})
	}
}

func TestDrillsAreFoundByTheirNames(t *testing.T) {
	for _, d := range list.All() {
		if found, err := list.Named(d.Name); err != nil || found.Says != d.Says {
			t.Errorf("%s: %+v, %v", d.Name, found, err)
		}
		if _, err := os.Stat("../../docs/runbooks/" + string(d.Runbook) + ".md"); err != nil {
			t.Errorf("%s: %v", d.Name, err)
		}
	}
	_, err := list.Named("earthquake")
	if err == nil || !strings.Contains(err.Error(), "handler-down") {
		t.Errorf("got %v, want an error with the names that there are", err)
	}
}
