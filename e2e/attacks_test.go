package e2e_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/e2e"
	"github.com/securecart/identity/lambda/contract"
)

// proven is a customer who has just confirmed the address, with the verifier of the browser that did.
func proven(t *testing.T, stage *e2e.Stage) (*e2e.Customer, e2e.Verifier) {
	t.Helper()
	c, v := customer(t, stage), e2e.NewVerifier()
	if err := stage.SignUp(t.Context(), c, v); err != nil {
		t.Fatal(err)
	}
	return c, v
}

// protected is a customer with a sealed factor, and the tokens of the sign-in that sealed it.
func protected(t *testing.T, stage *e2e.Stage) (*e2e.Customer, e2e.Tokens) {
	t.Helper()
	c, v := proven(t, stage)
	tokens, err := stage.Protect(t.Context(), c, v)
	if err != nil {
		t.Fatal(err)
	}
	return c, tokens
}

// signIn demands that a sign-in works, and returns its tokens.
func signIn(t *testing.T, stage *e2e.Stage, c *e2e.Customer, clientID string, v e2e.Verifier) e2e.Tokens {
	t.Helper()
	tokens, err := stage.SignInProving(t.Context(), c, clientID, v)
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

// recovered chooses a new password with a mailed code, and returns the verifier of the browser that did.
func recovered(t *testing.T, stage *e2e.Stage, c *e2e.Customer) e2e.Verifier {
	t.Helper()
	v := e2e.NewVerifier()
	if err := stage.Recover(t.Context(), c, v); err != nil {
		t.Fatal(err)
	}
	return v
}

// buys returns the status of a change that only a stepped-up token may make. It needs no product and leaves no order.
func buys(t *testing.T, stage *e2e.Stage, tokens e2e.Tokens) int {
	t.Helper()
	answer, err := stage.Do(t.Context(), e2e.Call{
		Method: http.MethodPut, Path: "/payment-method", Token: tokens.Access,
		Body: map[string]string{"provider": "stripe", "token": "pm_1Nv0FGQ9RKHgCVdK"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return answer.Status
}

// worthNothing demands that tokens carry no scope, buy nothing and open no settings.
func worthNothing(t *testing.T, stage *e2e.Stage, what string, tokens e2e.Tokens) {
	t.Helper()
	if got := tokens.Scopes(); len(got) > 0 {
		t.Errorf("%s: the token carries %q, want nothing", what, got)
	}
	if got := buys(t, stage, tokens); got != http.StatusUnauthorized {
		t.Errorf("%s: got %d for a new payment method, want 401", what, got)
	}
	for name, try := range stage.SelfService(tokens.Access) {
		if err := try(t.Context()); e2e.ErrorCode(err) != "NotAuthorizedException" {
			t.Errorf("%s: %s: got %v, want NotAuthorizedException", what, name, err)
		}
	}
}

// honest demands that a customer can buy.
func honest(t *testing.T, stage *e2e.Stage, tokens e2e.Tokens) {
	t.Helper()
	if got := buys(t, stage, tokens); got != http.StatusNoContent {
		t.Errorf("the honest customer: got %d for a new payment method, want 204; scopes %q", got, tokens.Scopes())
	}
}

// Threat U37.
func TestAStolenCheckoutTokenChangesNothingOfTheAccount(t *testing.T) {
	t.Parallel() // authenticators wait for their next code
	stage := open(t)
	c, stolen := protected(t, stage)
	honest(t, stage, stolen)
	for name, try := range stage.SelfService(stolen.Access) {
		if err := try(t.Context()); e2e.ErrorCode(err) != "NotAuthorizedException" {
			t.Errorf("%s: got %v, want NotAuthorizedException", name, err)
		}
	}
	// The twin: who proves the mailbox can look at the account.
	account := signIn(t, stage, c, stage.AccountClientID, recovered(t, stage, c))
	if err := stage.SelfService(account.Access)["GetUser"](t.Context()); err != nil {
		t.Errorf("the honest customer: %v", err)
	}
}

// Threat U37, from the other side: no token has both powers.
func TestAStolenAccountTokenBuysNothingAndRedirectsNoRecovery(t *testing.T) {
	t.Parallel() // authenticators wait for their next code
	stage := open(t)
	c, v := proven(t, stage)
	stolen := signIn(t, stage, c, stage.AccountClientID, v)
	if got := buys(t, stage, stolen); got != http.StatusUnauthorized {
		t.Errorf("got %d for a new payment method, want 401", got)
	}
	err := stage.SelfService(stolen.Access)["UpdateUserAttributes"](t.Context())
	if e2e.ErrorCode(err) != "NotAuthorizedException" {
		t.Errorf("another e-mail address: got %v, want NotAuthorizedException", err)
	}
	if _, err := stage.Credentials(t.Context(), stolen.ID); e2e.ErrorCode(err) != "NotAuthorizedException" {
		t.Errorf("AWS credentials: got %v, want NotAuthorizedException", err)
	}
	tokens, err := stage.Protect(t.Context(), c, v)
	if err != nil {
		t.Fatal(err)
	}
	honest(t, stage, tokens)
}

// Threat U38, where a factor is optional. TestAFactorSetUpByAPasswordAloneIsNotTrusted has the other mode.
func TestAPasswordAloneOpensNothing(t *testing.T) {
	t.Parallel() // authenticators wait for their next code
	stage := open(t)
	c, v := proven(t, stage)
	thief := &e2e.Customer{Email: c.Email, Password: c.Password}
	worthNothing(t, stage, "StepUp", signIn(t, stage, thief, stage.StepUpClientID, ""))
	worthNothing(t, stage, "Account", signIn(t, stage, thief, stage.AccountClientID, ""))
	worthNothing(t, stage, "Account with a guess", signIn(t, stage, thief, stage.AccountClientID, e2e.NewVerifier()))
	if _, err := stage.SignIn(t.Context(), thief, stage.WebClientID); err != nil {
		t.Errorf("the Web client browses with a password: %v", err)
	}
	tokens, err := stage.Protect(t.Context(), c, v)
	if err != nil {
		t.Fatal(err)
	}
	honest(t, stage, tokens)
}

// Threat U44: after a set-up that was begun and given up, Cognito asks for no code, although it still lists the factor.
func TestAFactorBegunAndGivenUpInheritsNoTrust(t *testing.T) {
	t.Parallel() // authenticators wait for their next code
	stage := open(t)
	c, _ := protected(t, stage)
	v := recovered(t, stage, c)
	account := signIn(t, stage, c, stage.AccountClientID, v)
	users := cognitoidentityprovider.NewFromConfig(stage.AWS())
	if _, err := users.AssociateSoftwareToken(t.Context(), &cognitoidentityprovider.AssociateSoftwareTokenInput{
		AccessToken: &account.Access,
	}); err != nil {
		t.Fatal(err)
	}
	begun, err := stage.Begin(t.Context(), c, stage.StepUpClientID, "")
	if err != nil {
		t.Fatal(err)
	}
	stepped, err := begun.Finish(t.Context(), v)
	if err == nil && begun.Challenge() == "" {
		worthNothing(t, stage, "no code was asked for", stepped)
	}
	// The twin: the customer begins again, finishes, and buys.
	c.Authenticator = nil
	v = recovered(t, stage, c)
	again, err := stage.Protect(t.Context(), c, v)
	if err != nil {
		t.Fatal(err)
	}
	honest(t, stage, again)
}

// A visit to the settings suspends trust, and the page knows it: the next step-up has to seal the factor anew.
func TestAVisitToTheSettingsSuspendsTheFactor(t *testing.T) {
	t.Parallel() // authenticators wait for their next code
	stage := open(t)
	c, stepped := protected(t, stage)
	factor(t, stage, stepped, "sealed", true)
	v := recovered(t, stage, c)
	account := signIn(t, stage, c, stage.AccountClientID, v)
	factor(t, stage, stepped, "suspended", false)
	if err := stage.Revoke(t.Context(), stage.AccountClientID, account); err != nil {
		t.Fatal(err)
	}
	honest(t, stage, signIn(t, stage, c, stage.StepUpClientID, v))
	factor(t, stage, stepped, "sealed", true)
}

// factor demands what GET /links says of the second factor.
func factor(t *testing.T, stage *e2e.Stage, tokens e2e.Tokens, want string, buys bool) {
	t.Helper()
	links, err := stage.Links(t.Context(), tokens)
	if err != nil {
		t.Fatal(err)
	}
	if links.Factor != want || links.CanBuy != buys {
		t.Errorf("got %+v, want a factor that is %s, and canBuy %t", links, want, buys)
	}
}

func TestAnAccountTokenIsWorthNothingOnceTheFactorIsSealed(t *testing.T) {
	t.Parallel() // authenticators wait for their next code
	stage := open(t)
	c, v := proven(t, stage)
	account := signIn(t, stage, c, stage.AccountClientID, v)
	if err := stage.Enrol(t.Context(), c, account); err != nil {
		t.Fatal(err)
	}
	if err := stage.SelfService(account.Access)["GetUser"](t.Context()); err != nil {
		t.Errorf("before: %v", err)
	}
	if err := stage.Revoke(t.Context(), stage.AccountClientID, account); err != nil {
		t.Fatal(err)
	}
	honest(t, stage, signIn(t, stage, c, stage.StepUpClientID, v))
	for name, try := range stage.SelfService(account.Access) {
		if err := try(t.Context()); e2e.ErrorCode(err) != "NotAuthorizedException" {
			t.Errorf("%s after the seal: got %v, want NotAuthorizedException", name, err)
		}
	}
	// The verifier is spent, too.
	worthNothing(t, stage, "a spent verifier", signIn(t, stage, c, stage.AccountClientID, v))
}

func TestAMailboxProvenElsewhereProvesNothing(t *testing.T) {
	t.Parallel() // authenticators wait for their next code
	stage := open(t)
	victim, hers := proven(t, stage)
	_, own := proven(t, stage)
	thief := &e2e.Customer{Email: victim.Email, Password: victim.Password}
	worthNothing(t, stage, "another mailbox", signIn(t, stage, thief, stage.AccountClientID, own))
	tokens, err := stage.Protect(t.Context(), victim, hers)
	if err != nil {
		t.Fatal(err)
	}
	honest(t, stage, tokens)
}

// onlyHere skips what needs the local stage's inbox, or its pages that stand in for providers.
func onlyHere(t *testing.T, stage *e2e.Stage) {
	t.Helper()
	if !stage.Local() {
		t.Skip("nobody can read the mail of a stage on AWS, or sign in at a provider's own page")
	}
}

// Threat U39: somebody signs up with the owner's address and waits for the owner to confirm it.
func TestAnAddressThatSomebodyElseSignedUpBelongsToItsOwner(t *testing.T) {
	t.Parallel() // authenticators wait for their next code
	stage := open(t)
	onlyHere(t, stage)
	thief := customer(t, stage)
	if err := stage.Register(t.Context(), thief, stage.WebClientID, nil); err != nil {
		t.Fatal(err)
	}
	owner, v := &e2e.Customer{Email: thief.Email}, e2e.NewVerifier()
	if err := stage.Confirm(t.Context(), owner, v); err != nil {
		t.Fatal(err)
	}
	worthNothing(t, stage, "the password of whoever signed up", signIn(t, stage, thief, stage.AccountClientID, ""))
	session := signIn(t, stage, thief, stage.WebClientID, "")
	v = recovered(t, stage, owner)
	if _, err := stage.SignIn(t.Context(), thief, stage.WebClientID); e2e.ErrorCode(err) != "NotAuthorizedException" {
		t.Errorf("the old password: got %v, want NotAuthorizedException", err)
	}
	if _, err := stage.Refresh(t.Context(), session); e2e.ErrorCode(err) != "NotAuthorizedException" {
		t.Errorf("the old session: got %v, want NotAuthorizedException", err)
	}
	tokens, err := stage.Protect(t.Context(), owner, v)
	if err != nil {
		t.Fatal(err)
	}
	honest(t, stage, tokens)
}

// Threat U42.
func TestRecoveryEndsEverySession(t *testing.T) {
	t.Parallel() // authenticators wait for their next code
	stage := open(t)
	onlyHere(t, stage)
	c, _ := proven(t, stage)
	kept, stolen := signIn(t, stage, c, stage.WebClientID, ""), signIn(t, stage, c, stage.WebClientID, "")
	if _, err := stage.Refresh(t.Context(), kept); err != nil {
		t.Errorf("before: %v", err)
	}
	recovered(t, stage, c)
	if _, err := stage.Refresh(t.Context(), stolen); e2e.ErrorCode(err) != "NotAuthorizedException" {
		t.Errorf("after: got %v, want NotAuthorizedException", err)
	}
}

// Threat U45: what was begun with the old password is finished after the reset.
func TestASignInBegunBeforeAResetYieldsNothing(t *testing.T) {
	t.Parallel() // authenticators wait for their next code
	stage := open(t)
	onlyHere(t, stage)
	c, _ := protected(t, stage)
	thief := *c
	begun, err := stage.Begin(t.Context(), &thief, stage.AccountClientID, "")
	if err != nil {
		t.Fatal(err)
	}
	v := recovered(t, stage, c)
	if stolen, err := begun.Finish(t.Context(), ""); err == nil {
		worthNothing(t, stage, "a sign-in of before", stolen)
	}
	// The twin: a sign-in that the customer begins afterwards.
	if got := signIn(t, stage, c, stage.AccountClientID, v).Scopes(); !slices.Equal(got, []string{contract.Admin}) {
		t.Errorf("the honest customer: the token carries %q, want %s", got, contract.Admin)
	}
}

// Threat U40 and U48: SignUp is public on every client's id.
func TestNoSignUpCarriesANumberOrComesFromAnotherClient(t *testing.T) {
	t.Parallel() // authenticators wait for their next code
	stage := open(t)
	onlyHere(t, stage)
	users := cognitoidentityprovider.NewFromConfig(stage.AWS())
	refused := map[string]bool{
		"UserLambdaValidationException": true, "NotAuthorizedException": true, "InvalidParameterException": true,
	}
	for name, client := range clients(stage) {
		for what, attributes := range map[string]map[string]string{
			"a number": {"phone_number": "+41790000000"}, "a provider's address": {contract.ProviderEmail: "owner@example.com"},
			"a name": {"name": "Mallory"},
		} {
			if err := stage.Register(t.Context(), customer(t, stage), client, attributes); !refused[e2e.ErrorCode(err)] {
				t.Errorf("%s with %s: got %v, want to be refused", name, what, err)
			}
		}
		if name == "Web" {
			continue
		}
		// Without any attribute, which these clients could not write, the trigger is what refuses.
		c := customer(t, stage)
		if _, err := users.SignUp(t.Context(), &cognitoidentityprovider.SignUpInput{
			ClientId: &client, Username: &c.Email, Password: &c.Password,
		}); e2e.ErrorCode(err) != "UserLambdaValidationException" {
			t.Errorf("%s: got %v, want UserLambdaValidationException", name, err)
		}
	}
	if err := stage.Register(t.Context(), customer(t, stage), stage.WebClientID, nil); err != nil {
		t.Errorf("the honest customer: %v", err)
	}
}

// The honest twin of SMS pumping: a customer of a stage that sends SMS has a number verified, prefers and seals it.
func TestANumberThatIsVerifiedPreferredAndSealedBuys(t *testing.T) {
	t.Parallel()
	stage := open(t)
	onlyHere(t, stage)
	c, v := proven(t, stage)
	account := signIn(t, stage, c, stage.AccountClientID, v)
	if err := stage.EnrolPhone(t.Context(), c, account, "+41790000002"); err != nil {
		t.Fatal(err)
	}
	if err := stage.Revoke(t.Context(), stage.AccountClientID, account); err != nil {
		t.Fatal(err)
	}
	worthNothing(t, stage, "a number that nobody has sealed", signIn(t, stage, c, stage.StepUpClientID, ""))
	honest(t, stage, signIn(t, stage, c, stage.StepUpClientID, v))
	honest(t, stage, signIn(t, stage, c, stage.StepUpClientID, ""))
}

// Threat U40: the one client that may write a number has it verified before it counts.
func TestANumberCountsOnlyOnceItsCodeWasEntered(t *testing.T) {
	t.Parallel() // authenticators wait for their next code
	stage := open(t)
	c, v := proven(t, stage)
	users := cognitoidentityprovider.NewFromConfig(stage.AWS())
	number := []types.AttributeType{{Name: aws.String("phone_number"), Value: aws.String("+41790000001")}}
	for name, tokens := range map[string]e2e.Tokens{
		"Web":    signIn(t, stage, c, stage.WebClientID, ""),
		"StepUp": signIn(t, stage, c, stage.StepUpClientID, ""),
	} {
		if _, err := users.UpdateUserAttributes(t.Context(), &cognitoidentityprovider.UpdateUserAttributesInput{
			AccessToken: &tokens.Access, UserAttributes: number,
		}); e2e.ErrorCode(err) != "NotAuthorizedException" {
			t.Errorf("%s: got %v, want NotAuthorizedException", name, err)
		}
	}
	account := signIn(t, stage, c, stage.AccountClientID, v)
	if _, err := users.UpdateUserAttributes(t.Context(), &cognitoidentityprovider.UpdateUserAttributesInput{
		AccessToken: &account.Access, UserAttributes: number,
	}); err != nil {
		t.Fatalf("the honest customer: %v", err)
	}
	if _, err := users.SetUserMFAPreference(t.Context(), &cognitoidentityprovider.SetUserMFAPreferenceInput{
		AccessToken: &account.Access, SMSMfaSettings: &types.SMSMfaSettingsType{Enabled: true, PreferredMfa: true},
	}); e2e.ErrorCode(err) != "InvalidParameterException" {
		t.Errorf("SMS to a number that nobody verified: got %v, want InvalidParameterException", err)
	}
}
