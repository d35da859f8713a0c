package threats

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Review is the result of all single changes of the stages.
type Review struct {
	// Tried is how many changes were tried, and Exempt how many of them no threat has to notice.
	Tried, Exempt int
	// Unnoticed are the changes that no threat's check notices, and that are not exempt: by place, with one example each.
	Unnoticed []string
	// Stale are unused exemptions and unused reasons for wildcards.
	Stale []string
	// Silent are the ids of the threats whose checks notice none of the changes and none of the published moves.
	Silent []string
	// Missed are the published moves that the check of their threat does not notice.
	Missed []string
}

// ReviewStages changes the stages one thing at a time, and tries the published moves.
func ReviewStages(stages ...*Target) Review {
	r := reviewer{
		known: All(), first: map[kind]int{}, unnoticed: map[string]string{},
		needed: map[string]bool{}, noticed: map[string]bool{}, moved: map[string]bool{},
		exemptions: map[exempted]string{},
	}
	for _, s := range stages {
		r.stage(s)
	}
	review := r.result()
	for _, text := range unusedWildcards(stages) {
		review.Stale = append(review.Stale,
			"no statement has the wildcard "+text+": remove it from test/threats/permissions.go")
	}
	return review
}

// result sorts the review's results.
func (r *reviewer) result() Review {
	review := Review{Tried: int(r.tried.Load()), Exempt: int(r.exempt.Load()), Missed: r.missed}
	for place, example := range r.unnoticed {
		review.Unnoticed = append(review.Unnoticed, place+", as in "+example)
	}
	slices.Sort(review.Unnoticed)
	for _, x := range decidesNothing {
		for _, place := range strings.Fields(x.places) {
			if !r.needed[x.why+place] {
				review.Stale = append(review.Stale, fmt.Sprintf(
					"every change of %s (%s) is noticed: remove it from test/threats/decidesnothing.go", place, x.why))
			}
		}
	}
	for _, t := range r.known {
		if t.Checked() && !r.noticed[t.ID] {
			review.Silent = append(review.Silent, t.ID)
		}
	}
	for _, a := range Attacks() {
		if !r.moved[a.Name] {
			review.Missed = append(review.Missed, a.Name+": changes no stage")
		}
	}
	return review
}

// reviewer is a running review. Workers share its maps under the lock.
type reviewer struct {
	known         []Threat
	tried, exempt atomic.Int64

	lock sync.Mutex
	// first is the threat that noticed a change of a kind last, and is asked first the next time.
	first                  map[kind]int
	needed, noticed, moved map[string]bool
	unnoticed              map[string]string
	missed                 []string
	// exemptions are the keys of exemptions by kind of change, empty for kinds that have none.
	exemptions map[exempted]string
}

// stage reviews one stage.
func (r *reviewer) stage(s *Target) {
	before := make([]*Inspection, len(r.known))
	for i, threat := range r.known {
		before[i] = threat.inspect(s)
	}
	all := Enumerate(s)
	inParallel(all, func(m Mutation) { r.change(s, before, m) })
	for _, a := range Attacks() {
		inParallel(a.vulnerable(s), func(m Mutation) { r.move(s, before, a, m) })
	}
	for i, threat := range r.known {
		if threat.Checked() && !r.noticed[threat.ID] {
			r.bite(i, s, before, all)
		}
	}
}

// bite looks for a change that a threat's check notices.
func (r *reviewer) bite(i int, s *Target, before []*Inspection, mutations []Mutation) {
	for _, m := range mutations {
		if weakened, err := m.Apply(s); err == nil && r.notices(i, weakened, before) {
			return
		}
	}
}

// inParallel tries mutations, which are independent of each other.
func inParallel(mutations []Mutation, try func(Mutation)) {
	var workers sync.WaitGroup
	var next atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(mutations); i = int(next.Add(1)) - 1 {
				try(mutations[i])
			}
		})
	}
	workers.Wait()
}

// change tries one change: by the threat that noticed it in another stage, by the one that noticed the last of its
// kind, then by all others.
func (r *reviewer) change(s *Target, before []*Inspection, m Mutation) {
	r.tried.Add(1)
	key, open := r.exemption(s, m)
	if key != "" {
		r.exempt.Add(1)
		if !open {
			return
		}
	}
	weakened, err := m.Apply(s)
	if err != nil {
		r.record(func() { r.unnoticed[m.Place] = err.Error() })
		return
	}
	alike := []kind{{m.Place, m.Change, m.stack + "/" + m.id}, {m.Place, m.Change, ""}}
	order := r.firstOf(alike)
	for i := range r.known {
		order = append(order, i)
	}
	noticing := slices.IndexFunc(order, func(i int) bool { return r.notices(i, weakened, before) })
	if noticing >= 0 {
		r.record(func() {
			for _, k := range alike {
				r.first[k] = order[noticing]
			}
		})
		return
	}
	r.record(func() {
		if key != "" {
			r.needed[key] = true
		} else {
			r.unnoticed[m.Place] = s.ID + " " + m.String()
		}
	})
}

// firstOf are the threats to be asked first about a change that is alike.
func (r *reviewer) firstOf(alike []kind) []int {
	r.lock.Lock()
	defer r.lock.Unlock()
	var first []int
	for _, k := range alike {
		if i, known := r.first[k]; known {
			first = append(first, i)
		}
	}
	return first
}

// exemption is the key of the exemption for a change, if there is one, and whether a change that needs it is still to
// be found.
func (r *reviewer) exemption(s *Target, m Mutation) (key string, open bool) {
	kind := exempted{m.Place, m.Change, s.production()}
	r.lock.Lock()
	defer r.lock.Unlock()
	key, known := r.exemptions[kind]
	if !known {
		key = exemptionOf(s, m)
		r.exemptions[kind] = key
	}
	return key, key != "" && !r.needed[key]
}

// kind is a kind of change, of one resource or of all.
type kind struct {
	place    string
	change   Change
	resource string
}

// move tries a published move, which the check of its own threat must notice.
func (r *reviewer) move(s *Target, before []*Inspection, a Attack, m Mutation) {
	r.tried.Add(1)
	i := slices.IndexFunc(r.known, func(t Threat) bool { return t.ID == a.Threat })
	weakened, err := m.Apply(s)
	if err != nil {
		return // some stages have nothing that the move could weaken
	}
	r.record(func() { r.moved[a.Name] = true })
	if !r.known[i].finds(weakened, before[i].findings) {
		r.record(func() { r.missed = append(r.missed, fmt.Sprintf("%s %s %s: %s", s.ID, a.Threat, a.Name, m)) })
		return
	}
	r.record(func() { r.noticed[a.Threat] = true })
}

// notices reports whether a threat's check finds something in the changed stage that it does not find in the stage as
// it is.
func (r *reviewer) notices(i int, weakened *Target, before []*Inspection) bool {
	if !before[i].concerns(weakened) || !r.known[i].finds(weakened, before[i].findings) {
		return false
	}
	r.record(func() { r.noticed[r.known[i].ID] = true })
	return true
}

func (r *reviewer) record(write func()) {
	r.lock.Lock()
	defer r.lock.Unlock()
	write()
}

// concerns reports whether the check could come to another verdict about a stage with a resource edited or added: if it
// looks at resources of that type. One that is gone others may refer to. A check that reads the type only after the
// change is skipped, which can only make a change count as unnoticed.
func (in *Inspection) concerns(weakened *Target) bool {
	for _, r := range []*Resource{weakened.edited, weakened.added} {
		if r != nil {
			return in.asked[everyType] || in.asked[r.Type]
		}
	}
	return true
}
