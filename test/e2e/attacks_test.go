package e2e_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/test/e2e"
)

// Threat U37.
func TestAStolenCheckoutTokenChangesNothingOfTheAccount(t *testing.T) {
	t.Parallel()
	stage := open(t)
	c, stolen := protected(t, stage)
	honest(t, stage, stolen)
	opensNoSettings(t, stage, "a stolen checkout token", stolen)
	// The honest twin: a customer who proves the mailbox can look at the account.
	account := signIn(t, stage, c, stage.AccountClientID, recovered(t, stage, c))
	if err := stage.SelfService(account.Access)["GetUser"](t.Context()); err != nil {
		t.Errorf("the honest customer: %v", err)
	}
}

// Threat U37, from the other side: no token can both buy and change the account.
func TestAStolenAccountTokenBuysNothingAndRedirectsNoRecovery(t *testing.T) {
	t.Parallel()
	stage := open(t)
	c, v := proven(t, stage)
	stolen := signIn(t, stage, c, stage.AccountClientID, v)
	if got := buys(t, stage, stolen); got != http.StatusUnauthorized {
		t.Errorf("got %d for a new payment method, want 401", got)
	}
	refused(t, "another e-mail address", stage.SelfService(stolen.Access)["UpdateUserAttributes"](t.Context()))
	_, err := stage.Credentials(t.Context(), stolen.ID)
	refused(t, "AWS credentials", err)
	protects(t, stage, c, v)
}

// Threat U38, where a factor is optional. TestAFactorSetUpByAPasswordAloneIsNotTrusted has the other mode.
func TestAPasswordAloneOpensNothing(t *testing.T) {
	t.Parallel()
	stage := open(t)
	c, v := proven(t, stage)
	thief := &e2e.Customer{Email: c.Email, Password: c.Password}
	worthNothing(t, stage, "StepUp", signIn(t, stage, thief, stage.StepUpClientID, ""))
	worthNothing(t, stage, "Account", signIn(t, stage, thief, stage.AccountClientID, ""))
	worthNothing(t, stage, "Account with a guess", signIn(t, stage, thief, stage.AccountClientID, e2e.NewVerifier()))
	if _, err := stage.SignIn(t.Context(), thief, stage.WebClientID); err != nil {
		t.Errorf("the Web client browses with a password: %v", err)
	}
	protects(t, stage, c, v)
}

// Threat U44: after an abandoned set-up Cognito asks for no code, although it still lists the factor.
func TestAFactorBegunAndGivenUpInheritsNoTrust(t *testing.T) {
	t.Parallel()
	stage := open(t)
	c, _ := protected(t, stage)
	v := recovered(t, stage, c)
	account := signIn(t, stage, c, stage.AccountClientID, v)
	users := cognitoidentityprovider.NewFromConfig(stage.AWS())
	must.Get(users.AssociateSoftwareToken(t.Context(), &cognitoidentityprovider.AssociateSoftwareTokenInput{
		AccessToken: &account.Access,
	}))(t)
	begun := must.Get(stage.Begin(t.Context(), c, stage.StepUpClientID, ""))(t)
	stepped, err := begun.Finish(t.Context(), v)
	switch asked := begun.Challenge(); {
	case err == nil && asked == "":
		worthNothing(t, stage, "no code was asked for", stepped)
	case stage.Local(): // which does as Cognito is reported to do
		t.Errorf("got the challenge %q and %v, want a sign-in without a code", asked, err)
	}
	// The honest twin: the customer begins again, finishes, and buys.
	c.Authenticator = nil
	protects(t, stage, c, recovered(t, stage, c))
}

// A visit to the settings suspends trust in the factor. The page shows the suspension, and the next step-up has to seal
// the factor again.
func TestAVisitToTheSettingsSuspendsTheFactor(t *testing.T) {
	t.Parallel()
	stage := alone(t, "SecureCart-Dev")
	c, stepped := protected(t, stage)
	factor(t, stage, stepped, "sealed", true)
	v := recovered(t, stage, c)
	account := signIn(t, stage, c, stage.AccountClientID, v)
	factor(t, stage, stepped, "suspended", false)
	must.Do(t, stage.Revoke(t.Context(), stage.AccountClientID, account))
	honest(t, stage, signIn(t, stage, c, stage.StepUpClientID, v))
	factor(t, stage, stepped, "sealed", true)
}

func TestAnAccountTokenIsWorthNothingOnceTheFactorIsSealed(t *testing.T) {
	t.Parallel()
	stage := open(t)
	c, v := proven(t, stage)
	account := signIn(t, stage, c, stage.AccountClientID, v)
	must.Do(t, stage.Enrol(t.Context(), c, account))
	if err := stage.SelfService(account.Access)["GetUser"](t.Context()); err != nil {
		t.Errorf("before: %v", err)
	}
	must.Do(t, stage.Revoke(t.Context(), stage.AccountClientID, account))
	honest(t, stage, signIn(t, stage, c, stage.StepUpClientID, v))
	opensNoSettings(t, stage, "after the seal", account)
	// The seal has used the verifier up too.
	worthNothing(t, stage, "a spent verifier", signIn(t, stage, c, stage.AccountClientID, v))
}

func TestAMailboxProvenElsewhereProvesNothing(t *testing.T) {
	t.Parallel()
	stage := open(t)
	victim, hers := proven(t, stage)
	_, own := proven(t, stage)
	thief := &e2e.Customer{Email: victim.Email, Password: victim.Password}
	worthNothing(t, stage, "another mailbox", signIn(t, stage, thief, stage.AccountClientID, own))
	protects(t, stage, victim, hers)
}

// Threat U39: a thief signs up with the owner's address and waits for the owner to confirm it.
func TestAnAddressThatSomebodyElseSignedUpBelongsToItsOwner(t *testing.T) {
	t.Parallel()
	stage := open(t)
	onlyHere(t, stage)
	thief := customer(t, stage)
	must.Do(t, stage.Register(t.Context(), thief, stage.WebClientID, nil))
	owner, v := &e2e.Customer{Email: thief.Email}, e2e.NewVerifier()
	must.Do(t, stage.Confirm(t.Context(), owner, v))
	worthNothing(t, stage, "the password of the sign-up", signIn(t, stage, thief, stage.AccountClientID, ""))
	session := signIn(t, stage, thief, stage.WebClientID, "")
	v = recovered(t, stage, owner)
	_, err := stage.SignIn(t.Context(), thief, stage.WebClientID)
	refused(t, "the old password", err)
	_, err = stage.Refresh(t.Context(), session)
	refused(t, "the old session", err)
	protects(t, stage, owner, v)
}

// Threat U42.
func TestRecoveryEndsEverySession(t *testing.T) {
	t.Parallel()
	stage := open(t)
	onlyHere(t, stage)
	c, _ := proven(t, stage)
	kept, stolen := signIn(t, stage, c, stage.WebClientID, ""), signIn(t, stage, c, stage.WebClientID, "")
	if _, err := stage.Refresh(t.Context(), kept); err != nil {
		t.Errorf("before: %v", err)
	}
	recovered(t, stage, c)
	_, err := stage.Refresh(t.Context(), stolen)
	refused(t, "after", err)
}

// Threat U45: a thief begins a sign-in with the old password and finishes it after the reset.
func TestASignInBegunBeforeAResetYieldsNothing(t *testing.T) {
	t.Parallel()
	stage := alone(t, "SecureCart-Dev")
	onlyHere(t, stage)
	c, _ := protected(t, stage)
	thief := *c
	begun := must.Get(stage.Begin(t.Context(), &thief, stage.AccountClientID, ""))(t)
	v := recovered(t, stage, c)
	if stolen, err := begun.Finish(t.Context(), ""); err == nil {
		worthNothing(t, stage, "a sign-in of before", stolen)
	}
	// The honest twin: a sign-in that the customer begins after the reset.
	if got := signIn(t, stage, c, stage.AccountClientID, v).Scopes(); !slices.Equal(got, []string{contract.Admin}) {
		t.Errorf("the honest customer: the token carries %q, want %s", got, contract.Admin)
	}
}
