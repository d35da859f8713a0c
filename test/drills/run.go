package drills

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local"
	"github.com/securecart/identity/local/drill"
	"github.com/securecart/identity/test/drills/list"
	"github.com/securecart/identity/test/e2e"
)

// minutes is how long something is broken, and how long customers go on afterwards: two values of the alarms that look
// at five minutes. Customers live the first minute, in which things change, and the second. The others count like the
// second: if customers lived them, too, the API's limits would refuse so many requests in so little time.
const minutes = 10

// Found is which alarms were on at the end of the failure, and at the end of the drill.
type Found struct {
	Started, Woke, Left []string
	// Near is the sentence of an alarm that Dev's thresholds keep from starting.
	Near string
}

// Run runs a drill on a stage that is served with d, and tells what happens.
func Run(ctx context.Context, server *local.Server, d *drill.Drill, of list.Drill, out io.Writer) (Found, error) {
	var found Found
	stage, err := e2e.Served(server)
	if err != nil {
		return found, err
	}
	clearUp, err := stage.Arrange(ctx)
	if err != nil {
		return found, err
	}
	defer clearUp(ctx) //nolint:errcheck // everything is forgotten at the end anyway
	fmt.Fprintf(out, "%s: %s.\nCustomers arrive, and set up their authenticators.\n", of.Name, of.Says)
	c, err := arrive(ctx, stage)
	if err != nil {
		return found, fmt.Errorf("before anything was broken: %w", err)
	}
	r := running{server, d, c, out}
	if err := failures[of.Name](server, d, true); err != nil {
		return found, err
	}
	if err := r.pass(ctx, "What customers see"); err != nil {
		return found, err
	}
	fmt.Fprintln(out, "\nWhat CloudWatch would count in a minute:")
	for _, line := range d.Counted() {
		fmt.Fprintln(out, "  "+line)
	}
	if found.Started, found.Woke, err = r.alarms("Alarms that start"); err != nil {
		return found, err
	}
	if of.Near != "" {
		if found.Near, err = r.near(of); err != nil {
			return found, err
		}
		fmt.Fprintln(out, "  "+found.Near)
	}
	fmt.Fprintf(out, "\nWhat to do: docs/runbooks/%s.md\n", of.Runbook)
	if err := failures[of.Name](server, d, false); err != nil {
		return found, err
	}
	// Customers who sign in again go on.
	if c.web, err = c.another(ctx); err != nil {
		return found, fmt.Errorf("after it was mended: %w", err)
	}
	if err := r.pass(ctx, "What they see once it is mended and they have signed in again"); err != nil {
		return found, err
	}
	found.Left, _, err = r.alarms("Alarms that are left")
	return found, err
}

// running is a drill that is being run.
type running struct {
	server *local.Server
	drill  *drill.Drill
	*customers
	out io.Writer
}

// pass lets minutes pass, and tells what customers saw in the two that they lived.
func (r running) pass(ctx context.Context, title string) error {
	for _, alike := range []int{1, minutes - 1} {
		if err := r.minute(ctx); err != nil {
			return err
		}
		r.drill.EndMinutes(alike)
	}
	fmt.Fprintf(r.out, "\n%s, in the first 2 of %d minutes:\n", title, minutes)
	for _, line := range r.seen() {
		fmt.Fprintln(r.out, "  "+line)
	}
	return nil
}

// page is the runbook at the end of what an alarm says.
var page = regexp.MustCompile(`docs/runbooks/[a-z-]+\.md$`)

// alarms tells which alarms are on, and which of them wake somebody. Names are without the stage's id.
func (r running) alarms(title string) (started, woke []string, err error) {
	fmt.Fprintf(r.out, "\n%s after %d such minutes:\n", title, minutes)
	stage := r.server.Stage()
	on := map[string]bool{}
	short := func(name string) string { return strings.TrimPrefix(name, stage.ID+"-") }
	for _, alarm := range stage.Alarms {
		state, err := r.drill.State(alarm)
		if err != nil {
			return nil, nil, err
		}
		// What happens at known times does not happen in a drill.
		if state != "ALARM" || alarm.TreatMissingData == "breaching" {
			continue
		}
		on[alarm.AlarmName] = true
		started = append(started, short(alarm.AlarmName))
		fmt.Fprintf(r.out, "  %-28s %s\n", short(alarm.AlarmName), page.FindString(alarm.AlarmDescription))
	}
	for _, composite := range stage.CompositeAlarms {
		if slices.ContainsFunc(composite.Alarms(), func(name string) bool { return on[name] }) {
			woke = append(woke, short(composite.AlarmName))
			fmt.Fprintf(r.out, "  %-28s %s  wakes somebody\n", short(composite.AlarmName),
				page.FindString(composite.AlarmDescription))
		}
	}
	if len(started) == 0 {
		fmt.Fprintln(r.out, "  none")
	}
	slices.Sort(started)
	slices.Sort(woke)
	return started, woke, nil
}

// near tells by how much an alarm misses the threshold of this stage, and what that of Prod makes of the same values.
func (r running) near(of list.Drill) (string, error) {
	stage := r.server.Stage()
	i := slices.IndexFunc(stage.Alarms, func(a deployed.Alarm) bool { return a.AlarmName == stage.ID+"-"+of.Near })
	if i < 0 {
		return "", fmt.Errorf("%s has no alarm %s", stage.ID, of.Near)
	}
	alarm := stage.Alarms[i]
	values, err := r.drill.Values(alarm)
	if err != nil {
		return "", err
	}
	if len(values) == 0 {
		return "", fmt.Errorf("%s has no value: the drill was shorter than a period of the alarm", of.Near)
	}
	prod, err := config.Named(config.Stages(), "Prod")
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("Nobody is notified: %s reached %.0f %%, and starts at %v %% in %s. ",
		of.Near, slices.Max(values), alarm.Threshold, strings.TrimPrefix(stage.ID, "SecureCart-"))
	// How many requests make a share stays that of this stage, which asks for more than Prod.
	alarm.Threshold = of.Threshold(prod.Alarms.Thresholds).Value
	state, err := r.drill.State(alarm)
	if err != nil {
		return "", err
	}
	if state != "ALARM" {
		return text + fmt.Sprintf("Nor is anybody in Prod, at %v %%.", alarm.Threshold), nil
	}
	return text + fmt.Sprintf("In Prod it starts at %v %%, and would have started.", alarm.Threshold), nil
}
