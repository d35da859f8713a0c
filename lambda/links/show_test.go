package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/lambdatest"
	"github.com/securecart/identity/lambda/mfa"
)

func TestStatusTellsHowTheCustomerSignsInAndWhetherTheyCanBuy(t *testing.T) {
	google2, facebook := entry{identity{"Google", "2"}, false}, entry{identity{"Facebook", "3"}, false}
	sealed := lambdatest.ProofItem{contract.FactorTrustedAt: 10, contract.FactorKind: "totp"}
	sealedSMS := lambdatest.ProofItem{contract.FactorTrustedAt: 10, contract.FactorKind: "sms"}
	suspended := lambdatest.ProofItem{
		contract.FactorTrustedAt: 10, contract.FactorKind: "totp", contract.FactorSuspendedAt: 20,
	}
	bothSMS := func(w *world) { w.service.factors = []mfa.Factor{mfa.TOTP, mfa.SMS}; w.factor(sms, totp, sms) }
	tests := map[string]struct {
		change func(w *world)
		proofs lambdatest.ProofItem
		want   string
	}{
		"password": {func(*world) {}, nil, `{"signIn":"password","factor":"none","canBuy":false,"links":[]}`},
		"connected": {func(w *world) { w.alice.identities = []entry{{google, false}, facebook, google2} }, nil,
			`{"signIn":"password","factor":"none","canBuy":false,"links":[{"provider":"Google"},{"provider":"Facebook"}]}`},
		"status turned by a link": {func(w *world) {
			w.alice.identities, w.alice.status = []entry{facebook}, "EXTERNAL_PROVIDER"
		}, nil, `{"signIn":"password","factor":"none","canBuy":false,"links":[{"provider":"Facebook"}]}`},
		"provider": {func(w *world) { w.alice = w.profile }, nil,
			`{"signIn":"provider","provider":"Google","factor":"none","canBuy":false,"links":[]}`},
		"provider with a sealed factor": {func(w *world) { w.alice = w.profile; w.factor(totp, totp) }, sealed,
			`{"signIn":"provider","provider":"Google","factor":"sealed","canBuy":false,"links":[]}`},
		"two providers": {func(w *world) { w.alice = w.profile; w.adds(facebook.identity, false) }, nil,
			`{"signIn":"provider","provider":"Google","factor":"none","canBuy":false,"links":[{"provider":"Facebook"}]}`},
		"factor, nothing proven": {func(w *world) { w.factor(totp, totp) }, nil,
			`{"signIn":"password","factor":"unsealed","canBuy":false,"links":[]}`},
		"factor, mailbox proven": {func(w *world) { w.factor(totp, totp) },
			lambdatest.ProofItem{contract.ProofChallengeAttribute: strings.Repeat("A", 43), contract.ProofExpiresAt: 10},
			`{"signIn":"password","factor":"unsealed","canBuy":false,"links":[]}`},
		"factor suspended before it was sealed": {func(w *world) { w.factor(totp, totp) },
			lambdatest.ProofItem{contract.FactorSuspendedAt: 20},
			`{"signIn":"password","factor":"unsealed","canBuy":false,"links":[]}`},
		"factor suspended": {func(w *world) { w.factor(totp, totp) }, suspended,
			`{"signIn":"password","factor":"suspended","canBuy":false,"links":[]}`},
		"factor sealed": {func(w *world) { w.factor(totp, totp) }, sealed,
			`{"signIn":"password","factor":"sealed","canBuy":true,"links":[]}`},
		"factor of another kind than was sealed": {func(w *world) { w.factor(totp, totp) }, sealedSMS,
			`{"signIn":"password","factor":"unsealed","canBuy":false,"links":[]}`},
		"other factor preferred since the seal": {bothSMS, sealed,
			`{"signIn":"password","factor":"unsealed","canBuy":false,"links":[]}`},
		"other factor preferred, suspended": {bothSMS, suspended,
			`{"signIn":"password","factor":"unsealed","canBuy":false,"links":[]}`},
		"seal without a kind": {func(w *world) { w.factor(totp, totp) },
			lambdatest.ProofItem{contract.FactorTrustedAt: 10},
			`{"signIn":"password","factor":"unsealed","canBuy":false,"links":[]}`},
		"kind without a seal": {func(w *world) { w.factor(totp, totp) }, lambdatest.ProofItem{contract.FactorKind: "totp"},
			`{"signIn":"password","factor":"unsealed","canBuy":false,"links":[]}`},
		"factor sealed, connected": {func(w *world) { w.factor(totp, totp); w.alice.identities = []entry{facebook} }, sealed,
			`{"signIn":"password","factor":"sealed","canBuy":true,"links":[{"provider":"Facebook"}]}`},
		"factor not preferred": {func(w *world) { w.factor("", totp) }, sealed,
			`{"signIn":"password","factor":"none","canBuy":false,"links":[]}`},
		"factor not active": {func(w *world) { w.factor(totp, sms) }, sealed,
			`{"signIn":"password","factor":"none","canBuy":false,"links":[]}`},
		"factor not offered": {func(w *world) { w.factor(sms, sms) }, sealed,
			`{"signIn":"password","factor":"none","canBuy":false,"links":[]}`},
		"pool asks for no factor": {func(w *world) { w.service.factors = nil; w.factor(totp, totp) }, sealed,
			`{"signIn":"password","factor":"none","canBuy":false,"links":[]}`},
		"code by e-mail": {func(w *world) { w.factor("EMAIL_OTP", "EMAIL_OTP") }, sealed,
			`{"signIn":"password","factor":"none","canBuy":false,"links":[]}`},
		"both factors offered": {bothSMS, sealedSMS,
			`{"signIn":"password","factor":"sealed","canBuy":true,"links":[]}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			test.change(w)
			if test.proofs != nil {
				lambdatest.StoreProof(t, w.proofs, w.alice.sub, test.proofs)
			}
			for _, client := range []string{web, stepUp} {
				response := w.Serve(t, w.by(t, w.alice, client, "GET", "/links", ""))
				if response.StatusCode != http.StatusOK || response.Body != test.want {
					t.Errorf("answer %d %s, want %s", response.StatusCode, response.Body, test.want)
				}
				count := strings.Count(test.want, `{"provider"`)
				if want := fmt.Sprintf(`"count":%d`, count); !strings.Contains(w.Log.String(), want) {
					t.Errorf("log %s, want %s in it", w.Log, want)
				}
			}
		})
	}
}

// factor gives alice second factors.
func (w *world) factor(preferred string, active ...string) {
	w.alice.preferred, w.alice.active = preferred, active
}
