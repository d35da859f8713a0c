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
	withTOTP := func(w *world) { w.factor(totp, totp) }
	bothSMS := func(w *world) { w.service.factors = []mfa.Factor{mfa.TOTP, mfa.SMS}; w.factor(sms, totp, sms) }
	const (
		none     = `{"signIn":"password","factor":"none","canBuy":false,"links":[]}`
		canBuy   = `{"signIn":"password","factor":"sealed","canBuy":true,"links":[]}`
		unsealed = `{"signIn":"password","factor":"unsealed","canBuy":false,"links":[]}`
	)
	tests := map[string]struct {
		change func(w *world)
		proofs lambdatest.ProofItem
		want   string
	}{
		"password": {func(*world) {}, nil, none},
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
		"factor, nothing proven": {withTOTP, nil, unsealed},
		"factor, mailbox proven": {withTOTP, lambdatest.ProofItem{
			contract.ProofChallengeAttribute: strings.Repeat("A", 43), contract.ProofExpiresAt: 10,
		}, unsealed},
		"factor suspended before it was sealed": {withTOTP, lambdatest.ProofItem{contract.FactorSuspendedAt: 20}, unsealed},
		"factor suspended": {withTOTP, suspended,
			`{"signIn":"password","factor":"suspended","canBuy":false,"links":[]}`},
		"factor sealed":                          {withTOTP, sealed, canBuy},
		"factor of another kind than was sealed": {withTOTP, sealedSMS, unsealed},
		"other factor preferred since the seal":  {bothSMS, sealed, unsealed},
		"other factor preferred, suspended":      {bothSMS, suspended, unsealed},
		"seal without a kind":                    {withTOTP, lambdatest.ProofItem{contract.FactorTrustedAt: 10}, unsealed},
		"kind without a seal":                    {withTOTP, lambdatest.ProofItem{contract.FactorKind: "totp"}, unsealed},
		"factor sealed, connected": {func(w *world) { w.factor(totp, totp); w.alice.identities = []entry{facebook} }, sealed,
			`{"signIn":"password","factor":"sealed","canBuy":true,"links":[{"provider":"Facebook"}]}`},
		"factor not preferred":    {func(w *world) { w.factor("", totp) }, sealed, none},
		"factor not active":       {func(w *world) { w.factor(totp, sms) }, sealed, none},
		"factor not offered":      {func(w *world) { w.factor(sms, sms) }, sealed, none},
		"pool asks for no factor": {func(w *world) { w.service.factors = nil; w.factor(totp, totp) }, sealed, none},
		"code by e-mail":          {func(w *world) { w.factor("EMAIL_OTP", "EMAIL_OTP") }, sealed, none},
		"both factors offered":    {bothSMS, sealedSMS, canBuy},
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
