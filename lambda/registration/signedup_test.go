package main

import (
	"strings"
	"testing"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestConfirmedSignUpRecordsTheChallenge(t *testing.T) {
	r := newRig(t)
	trust := lambdatest.ProofItem{"factorTrustedAt": 1_700_000_000.0}
	for client, name := range map[string]string{webID: "Web", stepUpID: "StepUp", accountID: "Account"} {
		r.begin(t, trust)
		r.confirms(t, documented(t, "confirmed", map[string]any{
			"triggerSource": confirmedSignUp, "callerContext.clientId": client,
		}))
		r.wantItem(t, with(fresh, trust))
		r.wantLine(t, proven(confirmedSignUp, name))
		if last := r.Calls[len(r.Calls)-1]; last != writeOp || strings.Contains(strings.Join(r.Calls, " "), "Admin") {
			t.Errorf("calls %v; want no operation of the user pool", r.Calls)
		}
	}
}

func TestSignUpConfirmedWithoutACodeProvesNothing(t *testing.T) {
	r := newRig(t)
	const client, code = "the client is not one of the shop's", "not confirmed with a code"
	const address = "the e-mail address is not verified"
	const attribute, status = "request.userAttributes.", "cognito:user_status"
	admin, malformed := object{"clientId": "CLIENT_ID_NOT_APPLICABLE"}, object{"proof_challenge": "x"}
	for name, c := range map[string]struct {
		change         map[string]any
		client, reason string
	}{
		"by an administrator":      {map[string]any{"callerContext": absent}, "other", client},
		"of no meaning":            {map[string]any{"callerContext": admin}, "other", client},
		"at a provider":            {map[string]any{attribute + status: "EXTERNAL_PROVIDER"}, "Web", code},
		"no status":                {map[string]any{attribute + status: absent}, "Web", code},
		"not confirmed":            {map[string]any{attribute + status: "UNCONFIRMED"}, "Web", code},
		"with identities":          {map[string]any{attribute + "identities": `[{"userId":"1"}]`}, "Web", code},
		"with empty identities":    {map[string]any{attribute + "identities": ""}, "Web", code},
		"address not verified":     {map[string]any{attribute + "email_verified": "false"}, "Web", address},
		"verified by another word": {map[string]any{attribute + "email_verified": "True"}, "Web", address},
		"no word of it":            {map[string]any{attribute + "email_verified": absent}, "Web", address},
		"no challenge":             {map[string]any{"request.clientMetadata": absent}, "Web", "no challenge"},
		"malformed":                {map[string]any{"request.clientMetadata": malformed}, "Web", "no challenge"},
	} {
		t.Run(name, func(t *testing.T) {
			r.begin(t, old)
			c.change["triggerSource"] = confirmedSignUp
			r.confirms(t, documented(t, "confirmed", c.change))
			want := old
			if c.reason == "no challenge" {
				want = lambdatest.ProofItem{}
			}
			r.wantItem(t, want)
			r.wantLine(t, unproven(confirmedSignUp, c.client, c.reason))
		})
	}
}
