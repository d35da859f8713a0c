package userpool

import (
	"fmt"
	"testing"
	"time"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/local/localtest/must"
)

func TestEveryReviewedStageIsUnderstood(t *testing.T) {
	for _, id := range []string{"SecureCart-Dev", "SecureCart-Staging", "SecureCart-Prod"} {
		s := must.Get(deployed.Load(stagetest.Reviewed(t, id)))(t)
		if err := understand(s); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func TestSessionsOfAUserAreLimitedAndTheOldestEnds(t *testing.T) {
	r := newRig(t).with(jane)
	sub := *first(r.adminGet(jane)).Username
	oldest := r.signIn(webID, jane)
	for i := range 3 * maxFamilies {
		r.hold(func() {
			r.remember(&family{id: fmt.Sprint(i), clientID: webID, username: sub, until: r.clock.Now().Add(time.Hour)})
		})
	}
	if u := r.users[sub]; len(r.families) != maxFamilies || len(u.families) != maxFamilies {
		t.Errorf("%d and %d sessions, want %d", len(r.families), len(u.families), maxFamilies)
	}
	refused(t, "the oldest", "NotAuthorizedException: Refresh Token has been revoked")(r.renew(webID, oldest.RefreshToken))
	r.clock.Advance(time.Hour)
	r.signIn(webID, jane)
	if u := r.users[sub]; len(r.families) != 1 || len(u.families) != 1 {
		t.Errorf("%d and %d sessions, want those that have expired to be gone", len(r.families), len(u.families))
	}
}

// hold does something with the pool's state.
func (r *rig) hold(do func()) {
	r.Pool.mu.Lock()
	defer r.Pool.mu.Unlock()
	do()
}

func TestWhatAnonymousCallersMakeThePoolRememberIsLimited(t *testing.T) {
	r := newRig(t).with(jane)
	for i := range maxCounts + 1000 {
		must.Get(r.ForgotPassword(webID, fmt.Sprintf("nobody%d@example.com", i)))(t)
	}
	for range 3 * freeFailures {
		r.hold(func() { r.failed("nobody@example.com") })
	}
	r.hold(func() {
		for i := range 2 * maxSignIns {
			s := &session{username: "nobody"}
			r.ask(s, smsMFA, map[string]string{})
			r.signIns.Put(fmt.Sprint(i), &signIn{}, r.now(), r.now().Add(time.Minute))
		}
	})
	for what, got := range map[string][2]int{
		"counts": {r.counts.Len(), maxCounts}, "sessions": {r.sessions.Len(), maxSignIns},
		"sign-ins": {r.signIns.Len(), maxSignIns}, "lockouts": {r.lockouts.Len(), 1},
	} {
		if got[0] > got[1] || got[0] == 0 {
			t.Errorf("%d %s, want %d at most", got[0], what, got[1])
		}
	}
	r.clock.Advance(24 * time.Hour)
	r.hold(func() {
		r.count("x")
		r.failed("x")
		r.ask(&session{}, smsMFA, map[string]string{})
		r.signIns.Put("x", &signIn{}, r.now(), r.now().Add(time.Minute))
	})
	for what, got := range map[string]int{
		"counts": r.counts.Len(), "sessions": r.sessions.Len(), "sign-ins": r.signIns.Len(),
		"lockouts": r.lockouts.Len(),
	} {
		if got != 1 {
			t.Errorf("%d %s a day later, want the new one", got, what)
		}
	}
}
