package userpool

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/local/mailbox"
)

const phone = "+4915112345678"

func TestNewNumberCountsWhenItsCodeWasEntered(t *testing.T) {
	r := newRig(t).with(jane)
	access := r.signIn(accountID, jane).AccessToken
	out, err := r.update(access, map[string]string{"phone_number": phone})
	if err != nil || len(out.CodeDeliveryDetailsList) != 1 ||
		out.CodeDeliveryDetailsList[0].DeliveryMedium != types.DeliveryMediumTypeSms {
		t.Fatalf("got %+v, %v", out, err)
	}
	if _, attributes := r.adminGet(jane); attributes["phone_number"] != "" {
		t.Errorf("before the code: %v", attributes)
	}
	wantRefusal(t, "SMS before the code", r.preferAsAdmin(settings{sms: &types.SMSMfaSettingsType{Enabled: true}}),
		"InvalidParameterException")
	verify := &cognito.VerifyUserAttributeInput{
		AccessToken: access, AttributeName: aws.String("phone_number"), Code: aws.String(r.code(phone)),
	}
	must.Get(r.sdk.VerifyUserAttribute(t.Context(), verify))(t)
	if _, attributes := r.adminGet(jane); attributes["phone_number"] != phone ||
		attributes["phone_number_verified"] != "true" {
		t.Errorf("after the code: %v", attributes)
	}
	prefer := &cognito.SetUserMFAPreferenceInput{
		AccessToken:    access,
		SMSMfaSettings: &types.SMSMfaSettingsType{Enabled: true, PreferredMfa: true},
	}
	must.Get(r.sdk.SetUserMFAPreference(t.Context(), prefer))(t)
	asked, err := r.proved(stepUpID)
	want := map[string]string{"CODE_DELIVERY_DELIVERY_MEDIUM": "SMS", "CODE_DELIVERY_DESTINATION": "+*********5678"}
	if err != nil || asked.ChallengeName != smsMFA || cmp.Diff(want, asked.ChallengeParameters) != "" {
		t.Errorf("got %+v, %v", asked, err)
	}
	sent := len(r.box.Messages(""))
	removed, err := r.update(access, map[string]string{"phone_number": ""})
	if err != nil || len(removed.CodeDeliveryDetailsList) > 0 || len(r.box.Messages("")) != sent {
		t.Errorf("removed: %+v, %v", removed, err)
	}
	user, attributes := r.adminGet(jane)
	if attributes["phone_number"] != "" || attributes["phone_number_verified"] != "" || user.UserMFASettingList != nil {
		t.Errorf("without a number: %+v", user)
	}
}

func TestNumberIsWrittenByTheAccountClientOnly(t *testing.T) {
	r := newRig(t).with(jane)
	for _, client := range []string{webID, stepUpID} {
		refused(t, client, "NotAuthorizedException: A client attempted to write unauthorized attribute")(
			r.update(r.signIn(client, jane).AccessToken, map[string]string{"phone_number": phone}))
	}
	refused(t, "e-mail", "NotAuthorizedException: A client attempted to write unauthorized attribute")(
		r.update(r.signIn(accountID, jane).AccessToken, map[string]string{"email": "eve@example.com"}))
	must.Get(r.update(r.signIn(stepUpID, jane).AccessToken, map[string]string{"locale": "en"}))(t)
}

// One more reason to refuse a sign-up that carries a number: it would be confirmed without the mailbox.
func TestSignUpWithANumberIsConfirmedBySMSWhereThePoolVerifiesBoth(t *testing.T) {
	r := newRig(t, client(webID, func(c *deployed.UserPoolClient) {
		c.WriteAttributes = append(c.WriteAttributes, "phone_number")
	}))
	out, err := r.signUp(jane, password, map[string]string{"phone_number": phone})
	if err != nil || *out.CodeDeliveryDetails.AttributeName != "phone_number" ||
		out.CodeDeliveryDetails.DeliveryMedium != types.DeliveryMediumTypeSms {
		t.Fatalf("got %+v, %v", out, err)
	}
	must.Get(r.ResendConfirmationCode(webID, jane))(t)
	for _, message := range r.box.Messages("") {
		if message.Channel != mailbox.SMS || message.To != phone {
			t.Errorf("sent %+v", message)
		}
	}
	must.Do(t, r.confirm(jane, r.code(phone)))
	if _, attributes := r.adminGet(jane); attributes["phone_number_verified"] != "true" ||
		attributes["email_verified"] != "false" {
		t.Errorf("attributes %v", attributes)
	}
}

func TestCustomAttributeHasItsPrefixAndItsLength(t *testing.T) {
	r := newRig(t, func(s *deployed.Stage) {
		constraints := &s.UserPool.Schema[0].StringAttributeConstraints
		constraints.MinLength, constraints.MaxLength = "3", "5"
	})
	r.register(jane)
	set := func(name, value string) error {
		return errorOf(r.sdk.AdminUpdateUserAttributes(t.Context(), &cognito.AdminUpdateUserAttributesInput{
			UserPoolId: aws.String(poolID), Username: aws.String(jane),
			UserAttributes: []types.AttributeType{{Name: &name, Value: &value}},
		}))
	}
	const schema = "InvalidParameterException: Attributes did not conform to the schema"
	wantRefusal(t, "without prefix", set("provider_email", "abc"), schema)
	wantRefusal(t, "too short", set("custom:provider_email", "ab"), schema)
	wantRefusal(t, "too long", set("custom:provider_email", "abcdef"), schema)
	for _, value := range []string{"äöü", "abcde", ""} {
		if err := set("custom:provider_email", value); err != nil {
			t.Errorf("%q: %v", value, err)
		}
	}
}
