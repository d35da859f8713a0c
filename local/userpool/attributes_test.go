package userpool

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/localtest/must"
)

func (r *rig) update(access *string, attributes map[string]string) (*cognito.UpdateUserAttributesOutput, error) {
	in := &cognito.UpdateUserAttributesInput{AccessToken: access}
	for name, value := range attributes {
		in.UserAttributes = append(in.UserAttributes, types.AttributeType{Name: aws.String(name), Value: aws.String(value)})
	}
	return r.sdk.UpdateUserAttributes(r.t.Context(), in)
}

func (r *rig) verifyEmail(access *string, code string) error {
	return errorOf(
		r.sdk.VerifyUserAttribute(r.t.Context(),
			&cognito.VerifyUserAttributeInput{AccessToken: access, AttributeName: aws.String("email"), Code: &code}),
	)
}

func TestNewAddressCountsWhenItsCodeWasEntered(t *testing.T) {
	r := newRig(t, wide).with(jane, "joe@example.com")
	access := r.signIn(stepUpID, jane).AccessToken
	const fresh = "doe@example.org"
	out, err := r.update(access, map[string]string{"email": fresh, "name": "Jane"})
	if err != nil || len(out.CodeDeliveryDetailsList) != 1 || *out.CodeDeliveryDetailsList[0].Destination != "d***@e***" {
		t.Fatalf("got %+v, %v", out, err)
	}
	first := r.code(fresh)
	if _, attributes := r.adminGet(jane); attributes["email"] != jane || attributes["email_verified"] != "true" ||
		attributes["name"] != "Jane" {
		t.Errorf("before the code: %v", attributes)
	}
	refused(t, "sign-in by the new address", "NotAuthorizedException")(r.SignInWithPassword(webID, fresh, password))
	again := &cognito.GetUserAttributeVerificationCodeInput{AccessToken: access, AttributeName: aws.String("email")}
	must.Get(r.sdk.GetUserAttributeVerificationCode(t.Context(), again))(t)
	if second := r.code(fresh); second != first {
		wantRefusal(t, "the older code", r.verifyEmail(access, first), "CodeMismatchException")
	}
	code := r.code(fresh)
	must.Do(t, r.verifyEmail(access, code))
	if _, attributes := r.adminGet(fresh); attributes["email"] != fresh || attributes["email_verified"] != "true" {
		t.Errorf("after the code: %v", attributes)
	}
	wantRefusal(t, "the code again", r.verifyEmail(access, code), "ExpiredCodeException")
	must.Get(r.SignInWithPassword(webID, fresh, password))(t) // By the new address.
	refused(t, "sign-in by the old address", "NotAuthorizedException")(r.SignInWithPassword(webID, jane, password))
	refused(t, "somebody else's", "AliasExistsException")(r.update(access, map[string]string{"email": "JOE@example.com"}))
	must.Get(r.update(access, map[string]string{"email": "late@example.com"}))(t)
	r.register("late@example.com")
	late := r.box.Messages("late@example.com")
	wantRefusal(t, "taken meanwhile", r.verifyEmail(access, late[len(late)-1].Code), "AliasExistsException")
}

func TestCodeOfAnAddressVerifiesNoOther(t *testing.T) {
	r := newRig(t, wide)
	janeWithPhone(r)
	web := r.signIn(webID, jane).AccessToken
	send := &cognito.GetUserAttributeVerificationCodeInput{AccessToken: web, AttributeName: aws.String("phone_number")}
	must.Get(r.sdk.GetUserAttributeVerificationCode(t.Context(), send))(t)
	old := r.code("+4915112345678")
	must.Get(r.update(web, map[string]string{"phone_number": "+4915187654321"}))(t)
	verify := func(code string) error {
		return errorOf(
			r.sdk.VerifyUserAttribute(t.Context(),
				&cognito.VerifyUserAttributeInput{AccessToken: web, AttributeName: aws.String("phone_number"), Code: &code}),
		)
	}
	wantRefusal(t, "the former number's code", verify(old), "ExpiredCodeException")
	if _, attributes := r.adminGet(jane); attributes["phone_number_verified"] != "false" {
		t.Errorf("attributes %v", attributes)
	}
	must.Get(r.sdk.GetUserAttributeVerificationCode(t.Context(), send))(t)
	must.Do(t, verify(r.code("+4915187654321")))
	wantRefusal(t, "the code again", verify(r.code("+4915187654321")), "ExpiredCodeException")
	if (code{}).is("") {
		t.Error("a code that was never sent is entered by entering nothing")
	}
	must.Get(r.update(web, map[string]string{"email": "first@example.com"}))(t)
	must.Get(r.update(web, map[string]string{"email": jane}))(t)
	must.Get(r.forgot(jane))(t)
	code := r.code(jane)
	r.setAttributes(map[string]string{"email": "new@example.com", "email_verified": "true"})
	wantRefusal(t, "a password by the former address", r.reset("new@example.com", code, another), "CodeMismatchException")
}

func TestClientReadsAndWritesItsAttributesOnly(t *testing.T) {
	r := newRig(t, wide)
	janeWithPhone(r)
	r.setAttributes(map[string]string{"locale": "en", "name": "Jane", "address": "Oxford"})
	result := r.signIn(stepUpID, jane)
	got := must.Get(r.sdk.GetUser(t.Context(), &cognito.GetUserInput{AccessToken: result.AccessToken}))(t)
	want := map[string]string{"sub": *got.Username, "email": jane, "email_verified": "true", "name": "Jane"}
	if diff := cmp.Diff(want, values(got.UserAttributes)); diff != "" {
		t.Errorf("attributes that GetUser shows (-want +got):\n%s", diff)
	}
	id := claims(t, result.IdToken)
	for name, wanted := range map[string]any{
		"email": jane, "email_verified": true, "name": "Jane", "locale": nil, "address": nil, "phone_number": nil,
	} {
		if id[name] != wanted {
			t.Errorf("claim %s is %v, want %v", name, id[name], wanted)
		}
	}
	web := claims(t, r.signIn(webID, jane).IdToken)
	if diff := cmp.Diff(map[string]any{"formatted": "Oxford"}, web["address"]); diff != "" ||
		web["phone_number_verified"] != false {
		t.Errorf("claims %v, address (-want +got):\n%s", web, diff)
	}
	for name, test := range map[string]struct {
		attributes map[string]string
		want       string
	}{
		"not the client's": {map[string]string{"phone_number": "+4915112345679"},
			"NotAuthorizedException: A client attempted to write unauthorized attribute"},
		"a flag": {map[string]string{"email_verified": "true"},
			"NotAuthorizedException: A client attempted to write unauthorized attribute"},
		"sub":             {map[string]string{"sub": "1"}, "NotAuthorizedException"},
		"no address":      {map[string]string{"email": "x@y"}, "InvalidParameterException: Invalid email address format."},
		"without address": {map[string]string{"email": ""}, "InvalidParameterException"},
		"too long":        {map[string]string{"name": strings.Repeat("x", 2049)}, "InvalidParameterException"},
	} {
		refused(t, name, test.want)(r.update(result.AccessToken, test.attributes))
	}
	must.Get(r.update(result.AccessToken, map[string]string{"name": ""}))(t)
	if _, attributes := r.adminGet(jane); len(attributes) != 7 {
		t.Errorf("attributes %v, want the name to be gone", attributes)
	}
}

func TestAttributesThatAdministratorsCannotSet(t *testing.T) {
	r := newRig(t, func(s *deployed.Stage) {
		s.UserPool.Schema = append(s.UserPool.Schema, deployed.Attribute{AttributeDataType: "String", Name: "tenant"})
	})
	r.register(jane)
	for name, want := range map[string]string{
		"sub":           "InvalidParameterException: Cannot modify an immutable attribute: sub",
		"role":          "InvalidParameterException: Attributes did not conform to the schema",
		"identities":    "InvalidParameterException",
		"custom:tenant": "InvalidParameterException: user.custom:tenant: Attribute cannot be updated.",
	} {
		refused(t, name, want)(r.sdk.AdminUpdateUserAttributes(t.Context(), &cognito.AdminUpdateUserAttributesInput{
			UserPoolId:     aws.String(poolID),
			Username:       aws.String(jane),
			UserAttributes: []types.AttributeType{{Name: aws.String(name), Value: aws.String("x")}},
		}))
	}
	twice := types.AttributeType{Name: aws.String("name"), Value: aws.String("x")}
	refused(t, "twice", "InvalidParameterException")(
		r.sdk.AdminUpdateUserAttributes(t.Context(), &cognito.AdminUpdateUserAttributesInput{
			UserPoolId: aws.String(poolID), Username: aws.String(jane), UserAttributes: []types.AttributeType{twice, twice},
		}))
	r.setAttributes(map[string]string{"email": "new@example.com"})
	if _, attributes := r.adminGet(jane); attributes["email"] != jane {
		t.Errorf("an address that was not said to be verified is used: %v", attributes)
	}
	r.setAttributes(map[string]string{"email": "new@example.com", "email_verified": "true"})
	if _, attributes := r.adminGet("new@example.com"); attributes["email_verified"] != "true" {
		t.Errorf("attributes %v", attributes)
	}
}
