package threats

import (
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// CheckAll runs every check on the stage and returns what is wrong, in the order of the catalogue.
func CheckAll(s *Stage) []Finding {
	var findings []Finding
	for _, t := range All() {
		findings = append(findings, t.Check(s)...)
	}
	return findings
}

// Outcome is what became of one mutation.
type Outcome struct {
	Mutation
	// Noticed are the findings of the threat's own check that it does not have for the stage as it is. None means that the
	// check has a hole.
	Noticed []Finding
	// Others are the ids of the other threats whose checks noticed, too.
	Others []string
	// Err says that the mutation could not be tried, because it changes nothing.
	Err error
}

// Try weakens the stage in every way that the catalogue and the attacks know, one at a time, and says who noticed. With
// ids it
// tries only the weakenings of these threats. Asking the checks of the other threats, too, takes several times as long.
func Try(s *Stage, askOthers bool, ids ...string) []Outcome {
	t := trial{stage: s, known: All(), before: map[string]*inspection{}, askOthers: askOthers}
	var mutations []Mutation
	for _, threat := range t.known {
		t.before[threat.ID] = threat.inspect(s)
		mutations = append(mutations, threat.Mutations(s)...)
	}
	for _, a := range Attacks() {
		mutations = append(mutations, a.Mutations(s)...)
	}
	if len(ids) > 0 {
		mutations = slices.DeleteFunc(mutations, func(m Mutation) bool { return !slices.Contains(ids, m.Threat) })
	}
	outcomes := make([]Outcome, len(mutations))
	// Mutations are independent of each other, and of the stage, which they leave as it is.
	var workers sync.WaitGroup
	var next atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(mutations); i = int(next.Add(1)) - 1 {
				outcomes[i] = t.try(mutations[i])
			}
		})
	}
	workers.Wait()
	return outcomes
}

// trial is a stage with what every check found before any mutation.
type trial struct {
	stage     *Stage
	known     []Threat
	before    map[string]*inspection
	askOthers bool
}

func (t trial) try(m Mutation) Outcome {
	o := Outcome{Mutation: m}
	weakened, err := m.Apply(t.stage)
	if err != nil {
		o.Err = err
		return o
	}
	for _, threat := range t.known {
		own, before := threat.ID == m.Threat, t.before[threat.ID]
		if !own && (!t.askOthers || !before.concerns(m)) {
			continue
		}
		found := fresh(threat.Check(weakened), before.findings)
		switch {
		case own:
			o.Noticed = found
		case len(found) > 0:
			o.Others = append(o.Others, threat.ID)
		}
	}
	return o
}

// concerns reports whether the check could come to another verdict after the mutation: if it looks at resources of that type,
// or if a resource comes or goes, to which others may refer.
func (in *inspection) concerns(m Mutation) bool {
	stack, _ := in.Stack(m.stack)
	before, existed := stack.Template.Resources[m.id]
	return m.edit == nil || !existed || in.asked[everyType] || in.asked[before.Type]
}

// fresh are the findings in after that are not in before.
func fresh(after, before []Finding) []Finding {
	var found []Finding
	for _, f := range after {
		if !slices.Contains(before, f) {
			found = append(found, f)
		}
	}
	return found
}

// Idle names the weakenings, and the attacks, that weaken none of the stages: nothing shows that anybody would notice them.
func Idle(stages ...*Stage) []string {
	var idle []string
	look := func(name string, weaken weakening) {
		if !slices.ContainsFunc(stages, func(s *Stage) bool { return len(weaken(s)) > 0 }) {
			idle = append(idle, name)
		}
	}
	for _, t := range All() {
		for i, weaken := range t.weakened {
			look(fmt.Sprintf("%s, weakening %d", t.ID, i+1), weaken)
		}
	}
	for _, a := range Attacks() {
		look(a.Name, a.vulnerable)
	}
	return idle
}

// Report writes how much the catalogue knows and, by stage, how many mutations were tried and noticed.
func Report(w io.Writer, tried map[string][]Outcome) {
	kinds, tests := map[string]int{}, map[string]bool{}
	for _, t := range All() {
		switch {
		case t.Accepted():
			kinds["accepted"]++
		case t.Checked():
			kinds["checked"]++
		default:
			kinds["in code"]++
		}
		for _, test := range t.Tests {
			tests[test] = true
		}
	}
	fmt.Fprintf(w, "threats %d: %d checked on templates, %d proven in code alone, %d accepted; %d Go tests named; %d attack moves\n",
		len(All()), kinds["checked"], kinds["in code"], kinds["accepted"], len(tests), len(Attacks()))
	for _, stage := range slices.Sorted(maps.Keys(tried)) {
		reportStage(w, stage, tried[stage])
	}
}

func reportStage(w io.Writer, stage string, outcomes []Outcome) {
	noticed, others, holes := 0, 0, []string{}
	for _, o := range outcomes {
		if len(o.Noticed) == 0 {
			holes = append(holes, o.Threat+" "+o.Name)
			continue
		}
		noticed++
		if len(o.Others) > 0 {
			others++
		}
	}
	fmt.Fprintf(w, "%s: mutations %d, noticed %d", stage, len(outcomes), noticed)
	if others > 0 {
		fmt.Fprintf(w, ", %d of them by other checks, too", others)
	}
	fmt.Fprintln(w)
	if len(holes) > 0 {
		fmt.Fprintf(w, "%s: unnoticed:\n  %s\n", stage, strings.Join(holes, "\n  "))
	}
}
