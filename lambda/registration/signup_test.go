package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

const (
	tellsRefused     = "please sign up on the shop's own pages, with an e-mail address and a password only"
	tellsUnavailable = "sign-up is not possible at the moment, please try again"
)

// refuses sends an event that must be refused with the public error text tells.
func (r *rig) refuses(t *testing.T, payload []byte, tells string) {
	t.Helper()
	answer, err := r.Invoke(t.Context(), payload)
	if answer != nil || err == nil || err.Error() != tells {
		t.Errorf("answer %s, error %v; want no answer and %q", answer, err, tells)
	}
}

func passed(client string) line {
	return line{Level: "INFO", TriggerSource: "PreSignUp_SignUp", Client: client, Outcome: "passed"}
}

// The event has the shape that the trigger's page shows, and fields that are not documented. It returns byte for byte,
// white space included, so its response confirms and verifies nothing.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html
func TestSignUpWithAnAddressAtWebPassesUnchanged(t *testing.T) {
	r := newRig(t)
	sent, err := os.ReadFile("testdata/signup.json")
	if err != nil {
		t.Fatal(err)
	}
	answer, err := r.Invoke(t.Context(), sent)
	if err != nil || !bytes.Equal(answer, sent) {
		t.Errorf("answer %s, error %v; want the event as it was sent", answer, err)
	}
	r.wantCalls(t, "GetParameter")
	r.wantLine(t, passed("Web"))
}

func TestSignUpThatNoPageAsksForIsRefused(t *testing.T) {
	r := newRig(t)
	const client, more = "the client is not Web", "an attribute other than email"
	for name, c := range map[string]struct {
		path   string
		value  any
		client string
		reason string
	}{
		"StepUp":            {"callerContext.clientId", stepUpID, "StepUp", client},
		"Account":           {"callerContext.clientId", accountID, "Account", client},
		"another client":    {"callerContext.clientId", "9another1example", "other", client},
		"in capitals":       {"callerContext.clientId", strings.ToUpper(webID), "other", client},
		"phone_number":      {"request.userAttributes.phone_number", "+4915112345678", "Web", more},
		"empty number":      {"request.userAttributes.phone_number", "", "Web", more},
		"provider's e-mail": {"request.userAttributes.custom:provider_email", "bob@mail.example", "Web", more},
		"name":              {"request.userAttributes.name", "Alice", "Web", more},
		"locale":            {"request.userAttributes.locale", "de", "Web", more},
		"Email":             {"request.userAttributes.Email", "bob@mail.example", "Web", more},
		"verified":          {"request.userAttributes.email_verified", "true", "Web", more},
		"not a text":        {"request.userAttributes.name", object{"x": 1}, "Web", more},
		"Cognito's":         {"request.userAttributes.Cognito:x", "x", "Web", more},
		"cognito":           {"request.userAttributes.cognito", "x", "Web", more},
	} {
		t.Run(name, func(t *testing.T) {
			r.begin(t, nil)
			r.refuses(t, documented(t, "signup", map[string]any{c.path: c.value}), tellsRefused)
			want := passed(c.client)
			want.Outcome, want.Reason = "refused", c.reason
			r.wantLine(t, want)
		})
	}
}

func TestSignUpsThatAreNotByCustomersPassUnchanged(t *testing.T) {
	r := newRig(t)
	for _, source := range []string{"PreSignUp_ExternalProvider", "PreSignUp_AdminCreateUser"} {
		for _, client := range []any{webID, stepUpID, absent} {
			r.begin(t, nil)
			payload := documented(t, "signup", map[string]any{
				"triggerSource": source, "callerContext.clientId": client, "request.userAttributes": object{
					"phone_number": "+4915112345678", "custom:provider_email": "bob@mail.example", "name": "Alice",
				},
			})
			r.confirms(t, payload)
			r.wantCalls(t)
			r.wantLine(t, line{Level: "INFO", TriggerSource: source, Client: "unknown", Outcome: "passed"})
		}
	}
}

func TestEventBeforeSignUpThatIsNotAsDocumentedIsRefused(t *testing.T) {
	r := newRig(t)
	changed := func(path string, value any) []byte { return documented(t, "signup", map[string]any{path: value}) }
	const text, client, attributes, source = "not the JSON that Cognito documents", "no callerContext.clientId",
		"no request.userAttributes", "unknown triggerSource"
	for _, c := range []struct {
		source, reason string
		payload        []byte
	}{
		{"unknown", text, nil},
		{"unknown", text, []byte(`{`)},
		{"unknown", text, []byte(`[]`)},
		{"unknown", text, []byte(`"PreSignUp_SignUp"`)},
		{"unknown", text, changed("triggerSource", 1)},
		{"unknown", "no triggerSource", []byte(`null`)},
		{"unknown", "no triggerSource", []byte(`{}`)},
		{"unknown", "no triggerSource", changed("triggerSource", "")},
		{"unknown", "no triggerSource", changed("triggerSource", nil)},
		{"unknown", source, changed("triggerSource", "PreSignUp_Alice")},
		{"unknown", source, changed("triggerSource", "presignup_signup")},
		{"unknown", source, changed("triggerSource", "PostAuthentication_Authentication")},
		{"unknown", source, changed("triggerSource", " PostConfirmation_ConfirmSignUp")},
		{"PreSignUp_SignUp", text, changed("callerContext", webID)},
		{"PreSignUp_SignUp", text, changed("request", []string{})},
		{"PreSignUp_SignUp", text, changed("request.userAttributes", []string{"email"})},
		{"PreSignUp_SignUp", client, changed("callerContext", nil)},
		{"PreSignUp_SignUp", client, changed("callerContext.clientId", "")},
		{"PreSignUp_SignUp", attributes, changed("request.userAttributes", nil)},
		{"PreSignUp_SignUp", attributes, changed("request", absent)},
	} {
		r.begin(t, nil)
		r.refuses(t, c.payload, tellsUnavailable)
		r.wantLine(t, failedLine(c.source, "InvalidEvent", c.reason))
		r.wantCalls(t)
	}
}

func TestSignUpIsRefusedIfTheClientsCannotBeRead(t *testing.T) {
	payload := documented(t, "signup", nil)
	for _, c := range []struct{ code, reason, fails, value string }{
		{"AccessDeniedException", "SSM GetParameter", "AccessDeniedException", ids},
		{"ThrottlingException", "SSM GetParameter", "ThrottlingException", ids},
		{"InvalidParameter", "account, stepUp or web is not a client id", "", `{"web":"` + webID + `"}`},
	} {
		r := newRig(t)
		r.value, r.Before = c.value, lambdatest.Failing("GetParameter", c.fails, 0)
		r.refuses(t, payload, tellsUnavailable)
		r.wantLine(t, failedLine(signUp, c.code, c.reason))
	}
	r := newRig(t)
	r.connect(t, patience, map[string]string{"SSM": lambdatest.Silent(t).URL})
	lambdatest.Timed(t, func(t *testing.T) { r.refuses(t, payload, tellsUnavailable) })
	r.wantLine(t, failedLine(signUp, "Timeout", "SSM GetParameter"))
}
