package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/securecart/identity/lambda/internal/lambdatest"
	"github.com/securecart/identity/lambda/internal/tokenevent"
)

// A model is the expected state of one customer, derived from the design and not from the trigger's table.
type model struct {
	challengeOf            string // the verifier, or ""
	expires                int64
	kind                   string // of the factor that was sealed, or ""
	suspended              bool
	trustedAt, suspendedAt int64
}

func (m model) proven(verifier string, now int64) bool {
	return m.challengeOf != "" && m.challengeOf == verifier && now < m.expires
}

// stored is the item that a model stands for.
func (m model) stored() item {
	stored := item{}
	if m.challengeOf != "" {
		stored["proofChallenge"] = map[string]string{verifier: challenge, anotherVerifier: anotherOne}[m.challengeOf]
		stored["proofExpiresAt"] = float64(m.expires)
	}
	if m.kind != "" {
		stored["factorTrustedAt"], stored["factorKind"] = float64(m.trustedAt), m.kind
	}
	if m.suspended {
		stored["factorSuspendedAt"] = float64(m.suspendedAt)
	}
	return stored
}

// An attempt is one random sign-in.
type attempt struct {
	who            person
	client, source string
	verifier       string
	factors        user
	scopes         []string
}

var setting = anyOf("SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP", "")

// clients are drawn from. Those that can be given a power are there often, so that each way to one occurs in every run.
var clients = []string{stepUpID, stepUpID, stepUpID, accountID, accountID, accountID, webID, anotherID}

func drawAttempt(r *rapid.T) attempt {
	a := attempt{
		who:      rapid.SampledFrom([]person{alice, alice, bob}).Draw(r, "who"),
		client:   rapid.SampledFrom(clients).Draw(r, "at"),
		source:   authentication,
		verifier: rapid.SampledFrom([]string{verifier, verifier, anotherVerifier, "", challenge, "x"}).Draw(r, "gives"),
		factors:  rapid.SampledFrom([]user{withTOTP, withTOTP, withSMS, {}}).Draw(r, "factors"),
		scopes:   rapid.SliceOfDistinct(rapid.SampledFrom(append(every, "openid")), rapid.ID).Draw(r, "scopes"),
	}
	if rapid.IntRange(0, 4).Draw(r, "another source") == 0 {
		a.source = rapid.SampledFrom(append(tokenevent.Sources, "TokenGeneration_Tomorrow")).Draw(r, "source")
	}
	if rapid.IntRange(0, 4).Draw(r, "other factors") == 0 {
		a.factors = user{rapid.SliceOfN(setting, 0, 4).Draw(r, "active"), setting.Draw(r, "preferred")}
	}
	return a
}

func (a attempt) event(t testing.TB) object {
	event := with(by(a.who, from(t, a.client, a.source)), a.verifier)
	event["request"].(object)["scopes"] = a.scopes
	return event
}

// carries returns what the token has in the end: what Cognito put there or the trigger added, unless it is suppressed.
func (a attempt) carries(c changes) []string {
	return slices.DeleteFunc(append(slices.Clone(a.scopes), c.Added...), func(scope string) bool {
		return slices.Contains(c.Suppressed, scope)
	})
}

func isHighRisk(scope string) bool {
	return strings.HasPrefix(scope, "securecart/") && strings.HasSuffix(scope, ".write")
}

func isAdmin(scope string) bool { return scope == "aws.cognito.signin.user.admin" }

// TestHighRiskScopeIsAddedOnlyAfterAStepUpWithAFactor runs random histories of two customers: mailboxes are proven,
// time passes, factors are added and removed, and both sign in at any client with any metadata. After every sign-in the
// token's scopes and the table must be those that the design allows.
func TestHighRiskScopeIsAddedOnlyAfterAStepUpWithAFactor(t *testing.T) {
	b := newRig(t)
	seen := map[string]int{}
	rapid.Check(t, func(r *rapid.T) {
		models := map[person]*model{}
		for _, who := range []person{alice, bob} {
			models[who] = drawModel(r, b.clock.Now().Unix())
			lambdatest.StoreProof(t, b.table, who.sub, models[who].stored())
		}
		for range rapid.IntRange(4, 12).Draw(r, "sign-ins") {
			drawEvent(t, r, b, models)
			checkSignIn(t, r, b, models, drawAttempt(r), seen)
		}
	})
	for _, must := range []string{"by trust", "sealed", "suspended", "nothing"} {
		if seen[must] == 0 {
			t.Errorf("%v: %q never occurred, so this proves nothing about it", seen, must)
		}
	}
}

func drawModel(r *rapid.T, now int64) *model {
	m := &model{trustedAt: 17, suspendedAt: 18}
	m.kind = rapid.SampledFrom([]string{"", "totp", "totp", "sms"}).Draw(r, "sealed")
	m.suspended = rapid.Bool().Draw(r, "suspended")
	if rapid.Bool().Draw(r, "proof") {
		m.challengeOf, m.expires = verifier, now+rapid.SampledFrom([]int64{-1, 0, 1, 900}).Draw(r, "expires")
	}
	return m
}

// drawEvent makes one random change other than a sign-in.
func drawEvent(t *testing.T, r *rapid.T, b *rig, models map[person]*model) {
	b.later(time.Duration(rapid.SampledFrom([]int{0, 0, 1, 450, 900}).Draw(r, "seconds")) * time.Second)
	if rapid.IntRange(0, 2).Draw(r, "mail") > 0 {
		return
	}
	who := rapid.SampledFrom([]person{alice, bob}).Draw(r, "mailbox")
	of := rapid.SampledFrom([]string{verifier, anotherVerifier, ""}).Draw(r, "challenge of")
	b.records(t, who, map[string]string{verifier: challenge, anotherVerifier: anotherOne}[of])
	models[who].challengeOf, models[who].expires = of, b.clock.Now().Unix()+900
}

func checkSignIn(t *testing.T, r *rapid.T, b *rig, models map[person]*model, a attempt, seen map[string]int) {
	b.enrolled(a.factors)
	got := b.sign(t, a.event(t))
	has := a.carries(got)
	m, now := models[a.who], b.clock.Now().Unix()
	kind := map[string]string{"SOFTWARE_TOKEN_MFA": "totp", "SMS_MFA": "sms"}[a.factors.Preferred]
	isTrusted, isProven := m.kind != "" && m.kind == kind && !m.suspended, m.proven(a.verifier, now)
	highRisk, admin := slices.ContainsFunc(has, isHighRisk), slices.ContainsFunc(has, isAdmin)

	if highRisk && admin {
		r.Fatalf("%+v carries both powers: %v", a, has)
	}
	signedIn := a.source == "TokenGeneration_Authentication"
	mayBuy := signedIn && a.client == "4stepup8example" && a.factors.isAsked() && (isTrusted || isProven)
	if highRisk != mayBuy {
		r.Fatalf("%+v of %+v carries %v; want a high-risk scope: %t", a, *m, has, mayBuy)
	}
	maySet := signedIn && a.client == "2account5example" && isProven
	if admin != (maySet && slices.ContainsFunc(a.scopes, isAdmin)) {
		r.Fatalf("%+v of %+v carries %v; want the admin scope: %t", a, *m, has, maySet)
	}
	if !slices.Contains(a.scopes, "aws.cognito.signin.user.admin") && slices.ContainsFunc(got.Added, isAdmin) {
		r.Fatalf("%+v: the admin scope was added", a)
	}
	words := slices.Concat(got.Added, got.Suppressed)
	if maySet {
		words = append(words, "aws.cognito.signin.user.admin") // kept, which needs no word to Cognito
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(every)), slices.Sorted(slices.Values(words))); diff != "" {
		r.Fatalf("%+v: not one word for each scope (-want +got):\n%s", a, diff)
	}

	switch {
	case mayBuy && !isTrusted:
		*m = model{kind: kind, trustedAt: now}
		seen["sealed"]++
	case maySet:
		m.suspended, m.suspendedAt = true, now
		seen["suspended"]++
	case mayBuy:
		seen["by trust"]++
	default:
		seen["nothing"]++
	}
	for who, known := range models {
		if diff := cmp.Diff(known.stored(), lambdatest.StoredProof(t, b.table, who.sub)); diff != "" {
			r.Fatalf("%+v: item of %s (-want +got):\n%s", a, who.name, diff)
		}
	}
}
