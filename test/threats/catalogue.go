package threats

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Proof is a way of proving that a threat is closed.
type Proof string

const (
	// Templates is a check of the synthesized templates.
	Templates Proof = "templates"
	// Policies is a check of every statement of every role in the templates.
	Policies Proof = "policies"
	// Code is one or more Go tests of the handlers, the token trigger or the synthesis.
	Code Proof = "code"
)

// Threat is one known attack and its countermeasure.
type Threat struct {
	// ID is the attack's short name: U and a number for the user pool, I for identity pool and roles, A for the API, its
	// data and their deployment.
	ID string
	// Title is the attack in one line.
	Title string
	// Sources are where the attack, or the behaviour of AWS behind it, is described.
	Sources []string
	// Closed is the property that closes the attack, in one sentence.
	Closed string
	// Proofs are the kinds of proof; empty for a threat that is accepted.
	Proofs []Proof
	// Tests are the Go tests behind the proof Code, each as folder and name: "lambda/mfa.TestMisspeltSettingIsRefused".
	Tests []string
	// Limit is the remaining risk, and why it is accepted; empty if none is known.
	Limit string

	check func(*Inspection)
}

// Accepted reports whether nothing closes the threat. Limit then says why it is accepted.
func (t Threat) Accepted() bool { return len(t.Proofs) == 0 }

// Status is the threat's state in words: "closed", "closed, with a limit" or "accepted".
func (t Threat) Status() string {
	switch {
	case t.Accepted():
		return "accepted"
	case t.Limit != "":
		return "closed, with a limit"
	default:
		return "closed"
	}
}

// Checked reports whether Check looks at templates.
func (t Threat) Checked() bool { return t.check != nil }

// Check returns the stage's findings for this threat: none if the property holds, or if the threat has no check of
// templates.
func (t Threat) Check(s *Target) []Finding {
	return t.inspect(s).findings
}

// inspect runs the check, if there is one.
func (t Threat) inspect(s *Target) *Inspection {
	in := &Inspection{Target: s, threat: t.ID, asked: map[string]bool{}}
	if t.check != nil {
		t.check(in)
	}
	return in
}

// finds reports whether the check finds something that is not among the known findings. It stops there.
func (t Threat) finds(s *Target, known []Finding) (found bool) {
	if t.check == nil {
		return false
	}
	defer func() {
		ended := recover()
		if _, found = ended.(unknown); ended != nil && !found {
			panic(ended)
		}
	}()
	t.check(&Inspection{Target: s, threat: t.ID, asked: map[string]bool{}, stops: true, known: known})
	return false
}

// CheckAll runs every check on the stage and returns the findings, in the order of the catalogue.
func CheckAll(s *Target) []Finding {
	var findings []Finding
	for _, t := range All() {
		findings = append(findings, t.Check(s)...)
	}
	return findings
}

// All is the whole catalogue, in the order U, I, A and by number.
func All() []Threat {
	all := slices.Concat(clients, tokens, accounts, federation, trigger, flooding, identities, roles, permissions,
		routes, exchange,
		operation, data, powers, proofs, sessions, signUps, linking, desk, costs, recording, exports, replicas)
	slices.SortFunc(all, func(a, b Threat) int {
		return cmp.Or(cmp.Compare(area(a.ID), area(b.ID)), cmp.Compare(number(a.ID), number(b.ID)))
	})
	return all
}

// ByID returns the threat called id, and whether there is one.
func ByID(id string) (Threat, bool) {
	all := All()
	i := slices.IndexFunc(all, func(t Threat) bool { return t.ID == id })
	if i < 0 {
		return Threat{}, false
	}
	return all[i], true
}

func area(id string) int { return strings.Index("UIA", id[:1]) }

// Number is the number of an id, or 0 for one that is malformed, which the tests refuse.
func number(id string) int {
	n, err := strconv.Atoi(id[1:])
	if err != nil {
		return 0
	}
	return n
}
