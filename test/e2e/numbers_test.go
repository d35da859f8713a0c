package e2e_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/test/e2e"
)

// Threat U40 and U48: SignUp is public on every client's id.
func TestNoSignUpCarriesANumberOrComesFromAnotherClient(t *testing.T) {
	t.Parallel()
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
		// These clients cannot write any attribute. Without attributes, only the trigger can refuse the sign-up.
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

// The honest twin of SMS pumping: a customer of a stage that sends SMS verifies, prefers and seals a number.
func TestANumberThatIsVerifiedPreferredAndSealedBuys(t *testing.T) {
	t.Parallel()
	stage := open(t)
	onlyHere(t, stage)
	c, v := proven(t, stage)
	account := signIn(t, stage, c, stage.AccountClientID, v)
	must.Do(t, stage.EnrolPhone(t.Context(), c, account, "+41790000002"))
	must.Do(t, stage.Revoke(t.Context(), stage.AccountClientID, account))
	worthNothing(t, stage, "a number that nobody has sealed", signIn(t, stage, c, stage.StepUpClientID, ""))
	honest(t, stage, signIn(t, stage, c, stage.StepUpClientID, v))
	honest(t, stage, signIn(t, stage, c, stage.StepUpClientID, ""))
}

// Threat U40: only one client may write a number, and the number counts only once it is verified.
func TestANumberCountsOnlyOnceItsCodeWasEntered(t *testing.T) {
	t.Parallel()
	stage := open(t)
	c, v := proven(t, stage)
	users := cognitoidentityprovider.NewFromConfig(stage.AWS())
	number := []types.AttributeType{{Name: aws.String("phone_number"), Value: aws.String("+41790000001")}}
	for name, tokens := range map[string]e2e.Tokens{
		"Web":    signIn(t, stage, c, stage.WebClientID, ""),
		"StepUp": signIn(t, stage, c, stage.StepUpClientID, ""),
	} {
		_, err := users.UpdateUserAttributes(t.Context(), &cognitoidentityprovider.UpdateUserAttributesInput{
			AccessToken: &tokens.Access, UserAttributes: number,
		})
		refused(t, name, err)
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
