package login

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pquerna/otp/totp"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/functions"
)

func TestARealCustomerGoesThroughTheWholeStory(t *testing.T) {
	r := newRealBench(t, func(*deployed.Stage) {})
	page := r.register()
	page.shows(notes["confirmed"])
	page.submit(0, "password", "Wrong-Wrong-1").shows("Incorrect username or password.")
	signedIn := r.clock.Now()
	code := page.submit(0, "password", password).code()
	r.clock.pass(2 * time.Minute)
	first := r.redeem(code)
	if first.status != http.StatusOK || first.Expires != 3600 {
		t.Fatalf("got %+v; want tokens", first)
	}
	access, id := claims(t, first.Access), claims(t, first.ID)
	got := map[string]any{
		"scope": access["scope"], "client": access["client_id"], "aud": id["aud"], "email": id["email"], "nonce": id["nonce"],
		"access since": access["auth_time"], "id since": id["auth_time"], "same user": access["sub"] == id["sub"],
	}
	since := float64(signedIn.Unix())
	want := map[string]any{
		"scope": "openid email profile securecart/orders.read", "client": "web", "aud": "web", "email": ada, "nonce": "n-1",
		"access since": since, "id since": since, "same user": true,
	}
	sortScope := cmp.Transformer("scope", func(text string) map[string]bool {
		words := map[string]bool{}
		for _, word := range strings.Fields(text) {
			words[word] = true
		}
		return words
	})
	if diff := cmp.Diff(want, got, sortScope); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
	if len(r.events) != 1 || r.events[0]["triggerSource"] != "TokenGeneration_HostedAuth" {
		t.Errorf("the trigger was told %v; want one event of managed login", r.events)
	}
	r.checkAccess(first.Access, http.StatusOK)

	refresh := func(token string) reply {
		return r.post("/oauth2/token", "grant_type", "refresh_token", "client_id", "web", "refresh_token", token)
	}
	second := refresh(first.Refresh)
	if second.status != http.StatusOK || second.Refresh == first.Refresh ||
		claims(t, second.Access)["auth_time"] != since {
		t.Fatalf("got %+v; want new tokens of the same sign-in", second)
	}
	if got := r.post("/oauth2/revoke", "client_id", "web", "token", first.Access); got.Error != "unsupported_token_type" {
		t.Errorf("revoking an access token: got %+v", got)
	}
	revoked := r.post("/oauth2/revoke", "client_id", "stepup", "token", second.Refresh)
	if revoked.Error != "unauthorized_client" {
		t.Errorf("another client revoking the token: got %+v", revoked)
	}
	if got := r.post("/oauth2/revoke", "client_id", "web", "token", second.Refresh); got.status != http.StatusOK {
		t.Errorf("revoking: got %+v", got)
	}
	if got := refresh(second.Refresh); got.Error != "invalid_grant" {
		t.Errorf("refreshing after revoking: got %+v; want invalid_grant", got)
	}
	r.checkAccess(second.Access, http.StatusUnauthorized)
}

func (r *realBench) checkAccess(token string, want int) {
	r.Helper()
	browser := r.browser()
	browser.header.Set("Authorization", "Bearer "+token)
	got := browser.get("/oauth2/userInfo")
	if got.status != want || want == http.StatusOK && !strings.Contains(got.body, `"email":"`+ada+`"`) {
		r.Errorf("userInfo: %d %s; want %d", got.status, got.body, want)
	}
}

func TestARealAuthenticatorIsSetUpAndThenAskedFor(t *testing.T) {
	r := newRealBench(t, func(s *deployed.Stage) { s.UserPool.MfaConfiguration = "ON" })
	enrol := r.register().submit(0, "password", password).submit(0)
	secret := enrol.all("p")[2].text
	code := func() string {
		r.clock.pass(time.Minute) // The next code: each works once.
		text, err := totp.GenerateCode(secret, r.clock.Now())
		if err != nil {
			t.Fatalf("secret %q: %v\n%s", secret, err, enrol.body)
		}
		return text
	}
	if got := r.redeem(enrol.submit(0, "code", code()).code()); got.status != http.StatusOK {
		t.Fatalf("after setting up: got %+v; want tokens", got)
	}
	asked := r.browser().authorize().submit(0, "username", ada, "password", password)
	if asked.title() != "Enter your code" {
		t.Fatalf("the next sign-in shows %q; want to be asked for the code", asked.title())
	}
	asked.submit(0, "code", "000000").shows("Invalid code received for user")
	asked.submit(0, "code", code()).code()
}

func TestARealPhoneIsSetUp(t *testing.T) {
	r := newRealBench(t, func(s *deployed.Stage) {
		s.UserPool.MfaConfiguration = "ON"
		web := s.Clients["web"]
		web.WriteAttributes = append(web.WriteAttributes, "phone_number")
		s.Clients["web"] = web
	})
	page := r.register().submit(0, "password", password)
	r.clock.pass(time.Second)
	page.submit(1, "phone_number", "0170").shows("Invalid phone number format.")
	sms := page.submit(1, "phone_number", "+491701234567")
	sms.submit(0, "code", r.lastCode()).code()
}

func TestRealGoogleCustomersGetWhatIsMapped(t *testing.T) {
	r := newRealBench(t, func(*deployed.Stage) {})
	for _, name := range []string{"Ada", "Augusta"} { // The provider's page has the same subject each time.
		code := r.browser().authorize("identity_provider", "Google").submit(0, "given_name", name).code()
		id := claims(t, r.redeem(code).ID)
		if id["cognito:username"] != "google_100000000000000000001" || id["custom:provider_email"] != ada ||
			id["given_name"] != name || id["email"] != nil {
			t.Errorf("claims are %v; want the attributes that Google returned last", id)
		}
		if id["family_name"] != nil {
			t.Errorf("claims are %v; want only what is mapped", id)
		}
	}
}

// Managed login passes no metadata: a reset on its pages proves no mailbox to the shop.
func TestPagesTellTheTriggersAndPassNoMetadata(t *testing.T) {
	r := newRealBench(t, func(*deployed.Stage) {})
	page := r.register()
	r.clock.pass(time.Minute)
	reset := page.follow("Forgot your password?").submit(0, "username", ada)
	reset.submit(0, "code", r.lastCode(), "password", anotherPassword).shows(notes["changed"])
	r.browser().authorize("identity_provider", "Google").submit(0).code()
	var got []any
	for _, event := range r.registered {
		request := event["request"].(map[string]any)
		if _, there := request["clientMetadata"]; there || event["callerContext"].(map[string]any)["clientId"] != "web" {
			t.Errorf("event %v; want that of client web, without metadata", event)
		}
		got = append(got, event["triggerSource"])
	}
	want := []any{
		"PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp", "PostConfirmation_ConfirmForgotPassword",
		"PreSignUp_ExternalProvider", "PostConfirmation_ConfirmSignUp",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("triggers (-want +got):\n%s", diff)
	}
}

func TestARefusalOfATriggerIsShown(t *testing.T) {
	r := newRealBench(t, func(*deployed.Stage) {})
	r.refusal = &functions.FunctionError{Type: "errorString", Message: "Sign up in <the> shop"}
	const refused = "PreSignUp failed with error Sign up in <the> shop."
	form := r.browser().authorize().follow("Create an account")
	form.submit(0, "username", ada, "password", password).shows(refused)
	got := r.browser().authorize("identity_provider", "Google").submit(0).returned().Get("error_description")
	if got != refused {
		t.Errorf("the app is told %q; want %q", got, refused)
	}
	r.refusal = nil
	confirm := form.submit(0, "username", ada, "password", password)
	r.refusal = &functions.FunctionError{Type: "errorString", Message: "later"}
	confirm.submit(0, "code", r.lastCode()).shows("PostConfirmation failed with error later.")
	r.refusal = nil
	r.browser().authorize().submit(0, "username", ada, "password", password).code()
}

func TestALinkedProviderSignsInAsTheCustomer(t *testing.T) {
	r := newRealBench(t, func(*deployed.Stage) {})
	own := claims(t, r.redeem(r.register().submit(0, "password", password).code()).ID)
	link := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"UserPoolId":"eu-central-1_Test12345",
		"DestinationUser":{"ProviderName":"Cognito","ProviderAttributeValue":"`+own["sub"].(string)+`"},
		"SourceUser":{"ProviderName":"Google","ProviderAttributeName":"Cognito_Subject",
		"ProviderAttributeValue":"100000000000000000001"}}`))
	link.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService.AdminLinkProviderForUser")
	linked := httptest.NewRecorder()
	r.users.Handler().ServeHTTP(linked, link)
	if linked.Code != http.StatusOK {
		t.Fatalf("linking: %d %s", linked.Code, linked.Body)
	}
	id := claims(t, r.redeem(r.browser().authorize("identity_provider", "Google").submit(0).code()).ID)
	if id["sub"] != own["sub"] || id["email"] != ada || id["identities"] == nil || id["cognito:groups"] != nil {
		t.Errorf("claims are %v; want those of the customer, with the identity", id)
	}
}
