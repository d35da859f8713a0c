package userpool

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/local/localtest/must"
)

// begin starts to set up another authenticator and gives up.
func (r *rig) begin(access *string) string {
	r.t.Helper()
	out := must.Get(
		r.sdk.AssociateSoftwareToken(r.t.Context(), &cognito.AssociateSoftwareTokenInput{AccessToken: access}))(r.t)
	return *out.SecretCode
}

// The worst that AWS's words allow: the lists name a factor that no sign-in asks for.
func TestAuthenticatorThatIsBegunAndGivenUpIsListedAndNotAskedFor(t *testing.T) {
	r := newRig(t).with(jane)
	access := r.signIn(accountID, jane).AccessToken
	r.enrol(*access)
	secret := r.begin(access)
	user, _ := r.adminGet(jane)
	if diff := cmp.Diff([]string{totpMFA}, user.UserMFASettingList); diff != "" ||
		aws.ToString(user.PreferredMfaSetting) != totpMFA {
		t.Errorf("preferred %s, list (-want +got):\n%s", aws.ToString(user.PreferredMfaSetting), diff)
	}
	if got := r.signIn(stepUpID, jane); got.AccessToken == nil {
		t.Error("a factor is asked for")
	}
	wantRefusal(t, "preferred again",
		r.preferAsAdmin(settings{totp: &types.SoftwareTokenMfaSettingsType{Enabled: true, PreferredMfa: true}}),
		"InvalidParameterException: User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA")
	must.Get(r.sdk.VerifySoftwareToken(t.Context(),
		&cognito.VerifySoftwareTokenInput{AccessToken: access, UserCode: aws.String(r.totp(secret))}))(t)
	asked, err := r.proved(stepUpID)
	if err != nil || asked.ChallengeName != totpMFA {
		t.Fatalf("after the new one was verified: %+v, %v", asked, err)
	}
	r.clock.Advance(time.Minute)
	if _, err := r.respond(stepUpID, *asked.Session, totpMFA,
		map[string]string{"SOFTWARE_TOKEN_MFA_CODE": r.totp(secret)}); err != nil {
		t.Errorf("the new authenticator: %v", err)
	}
}

func TestWhereMFAIsRequiredAnAuthenticatorThatIsGivenUpIsSetUpAnew(t *testing.T) {
	r := newRig(t).with(jane)
	access := r.signIn(accountID, jane).AccessToken
	r.enrol(*access)
	r.begin(access)
	r.pool.MfaConfiguration = "ON"
	if asked, err := r.proved(stepUpID); err != nil || asked.ChallengeName != mfaSetup {
		t.Errorf("got %+v, %v", asked, err)
	}
}

func TestAdministratorsRemoveAnAuthenticatorAlsoWhereMFAIsRequired(t *testing.T) {
	remove := func(r *rig) error {
		return errorOf(r.sdk.AdminDeleteSoftwareToken(r.t.Context(), &cognito.AdminDeleteSoftwareTokenInput{
			UserPoolId: aws.String(poolID), Username: aws.String(jane),
		}))
	}
	r := newRig(t)
	wantRefusal(t, "nobody's", remove(r), "UserNotFoundException")
	must.Get(r.signUp(jane, password, nil))(t)
	wantRefusal(t, "before the confirmation", remove(r), "UserNotConfirmedException")
	must.Do(t, r.confirm(jane, r.code(jane)))
	must.Do(t, remove(r)) // No authenticator is no error.
	access := r.signIn(accountID, jane).AccessToken
	r.enrol(*access)
	asked, err := r.proved(stepUpID)
	if err != nil || asked.ChallengeName != totpMFA {
		t.Fatalf("got %+v, %v", asked, err)
	}
	candidate := r.begin(access)
	must.Do(t, remove(r))
	if user, _ := r.adminGet(jane); user.UserMFASettingList != nil || user.PreferredMfaSetting != nil {
		t.Errorf("user %+v", user)
	}
	refused(t, "one that was begun", "SoftwareTokenMFANotFoundException")(r.sdk.VerifySoftwareToken(t.Context(),
		&cognito.VerifySoftwareTokenInput{AccessToken: access, UserCode: aws.String(r.totp(candidate))}))
	refused(t, "a sign-in under way", "NotAuthorizedException: Invalid session")(
		r.respond(stepUpID, *asked.Session, totpMFA, map[string]string{"SOFTWARE_TOKEN_MFA_CODE": "123456"}))
	r.pool.MfaConfiguration = "ON"
	if asked, err := r.proved(stepUpID); err != nil || asked.ChallengeName != mfaSetup {
		t.Errorf("where MFA is required: %+v, %v", asked, err)
	}
}

// What leads to a token of the Account client ends with it: a stolen copy replaces no factor.
func TestRevokedSessionReplacesNoFactor(t *testing.T) {
	r := newRig(t).with(jane)
	session := r.signIn(accountID, jane)
	must.Get(r.sdk.RevokeToken(t.Context(),
		&cognito.RevokeTokenInput{ClientId: aws.String(accountID), Token: session.RefreshToken}))(t)
	const revoked = "NotAuthorizedException: Access Token has been revoked"
	refused(t, "AssociateSoftwareToken", revoked)(
		r.sdk.AssociateSoftwareToken(t.Context(), &cognito.AssociateSoftwareTokenInput{AccessToken: session.AccessToken}))
	refused(t, "SetUserMFAPreference", revoked)(
		r.sdk.SetUserMFAPreference(t.Context(), &cognito.SetUserMFAPreferenceInput{AccessToken: session.AccessToken}))
	refused(t, "UpdateUserAttributes", revoked)(
		r.update(session.AccessToken, map[string]string{"phone_number": "+4915112345678"}))
}
