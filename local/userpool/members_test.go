package userpool

import (
	"errors"
	"maps"
	"reflect"
	"strings"
	"testing"

	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/securecart/identity/local/localtest/must"
)

// The SDK refuses requests without the members that the API's model requires, so it knows which those are.
func TestOperationsRequireTheMembersOfTheAPI(t *testing.T) {
	sdk := reflect.ValueOf(cognito.New(cognito.Options{Region: "eu-central-1"}))
	for name, served := range operations {
		call := sdk.MethodByName(name)
		input := reflect.New(call.Type().In(1).Elem())
		failed, _ := call.Call([]reflect.Value{reflect.ValueOf(t.Context()), input})[1].Interface().(error)
		var want []string
		if invalid := (smithy.InvalidParamsError{}); errors.As(failed, &invalid) {
			for _, e := range invalid.Errs() {
				if required := (*smithy.ParamRequiredError)(nil); errors.As(e, &required) {
					_, member, _ := strings.Cut(required.Field(), ".")
					want = append(want, member)
				}
			}
		}
		sorted := func(a, b string) bool { return a < b }
		if diff := cmp.Diff(want, served.required, cmpopts.SortSlices(sorted), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-API +required here):\n%s", name, diff)
		}
	}
}

func TestMissingAndMalformedMembersAreNamedInCognitosWords(t *testing.T) {
	r := newRig(t)
	const one, two = "1 validation error detected: ", "2 validation errors detected: "
	const null, unfit = " failed to satisfy constraint: Member must not be null",
		" failed to satisfy constraint: Member must satisfy regular expression pattern: "
	const length = " failed to satisfy constraint: Member must have length "
	const value = " failed to satisfy constraint: Member must have value "
	const enum = " failed to satisfy constraint: Member must satisfy enum value set: "
	const entries = " failed to satisfy constraint: "
	const texts = "Member must have length less than or equal to 131072, " +
		"Member must have length greater than or equal to 0"
	const attributeNames = `[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r ]+`
	tooLong := func(longest int) string { return strings.Repeat("x", longest+1) }
	for _, test := range []struct{ operation, body, want string }{
		// https://github.com/anomalyco/guide/issues/127
		{"AdminConfirmSignUp", `{"UserPoolId":"eu-central-1pool1","Username":"x"}`,
			one + `Value 'eu-central-1pool1' at 'userPoolId'` + unfit + `[\w-]+_[0-9a-zA-Z]+`},
		// https://github.com/boto/boto3/issues/3581
		{"InitiateAuth", `{"ClientId":"ap-northeast-1_x","AuthFlow":"USER_PASSWORD_AUTH"}`,
			one + `Value 'ap-northeast-1_x' at 'clientId'` + unfit + `[\w+]+`},
		// https://github.com/amazon-archives/amazon-cognito-identity-js/issues/388
		{"SignUp", `{"ClientId":"x","Username":"","Password":"xyz"}`,
			two + `Value at 'username'` + length + `greater than or equal to 1; Value at 'username'` + unfit +
				`[\p{L}\p{M}\p{S}\p{N}\p{P}]+`},
		{"SignUp", `{"ClientId":"x","Username":null}`, one + `Value at 'username'` + null},
		{"GetUser", `{}`, one + `Value at 'accessToken'` + null},
		{"ForgotPassword", `{"ClientId":"x","username":"jane"}`, one + `Value at 'username'` + null},
		{"ListUserPools", `{"MaxResults":61}`, one + `Value '61' at 'maxResults'` + value + `less than or equal to 60`},
		{"VerifySoftwareToken", `{"UserCode":"12345a7"}`,
			two + `Value at 'userCode'` + length + `less than or equal to 6; Value at 'userCode'` + unfit + `[0-9]+`},
		{"AdminCreateUser", `{"UserPoolId":"` + poolID + `","Username":"x","MessageAction":"SEND"}`,
			one + `Value 'SEND' at 'messageAction'` + enum + `[RESEND, SUPPRESS]`},
		// Attributes are worded as Cognito's users report it; no report of lists of texts and of maps was found, so that
		// they are worded as Lambda and DynamoDB do.
		{"SignUp", `{"ClientId":"x","Username":"x","UserAttributes":[{"Name":"name","Value":"Jane"},{"Name":"","Value":""}]}`,
			two + `Value '' at 'userAttributes.2.member.name'` + length + `greater than or equal to 1; ` +
				`Value '' at 'userAttributes.2.member.name'` + unfit + attributeNames},
		{"AdminUpdateUserAttributes", `{"UserPoolId":"` + poolID + `","Username":"x","UserAttributes":[{"Value":"Jane"}]}`,
			one + `Value null at 'userAttributes.1.member.name'` + null},
		{"UpdateUserAttributes", `{"AccessToken":"x","UserAttributes":[{"Name":"name","Value":"` + tooLong(2048) + `"}]}`,
			one + `Value at 'userAttributes.1.member.value'` + length + `less than or equal to 2048`},
		{"InitiateAuth", `{"ClientId":"x","AuthFlow":"USER_SRP_AUTH","AuthParameters":{"USERNAME":"` +
			tooLong(131_072) + `"}}`,
			one + `Value at 'authParameters'` + entries + `Map value must satisfy constraint: [` + texts + `]`},
		{"InitiateAuth", `{"ClientId":"x","AuthFlow":"USER_SRP_AUTH","AuthParameters":{"` + tooLong(131_072) + `":"x"}}`,
			one + `Value at 'authParameters'` + entries + `Map keys must satisfy constraint: [` + texts + `]`},
		{"ForgotPassword", `{"ClientId":"x","Username":"x","UserContextData":{"EncodedData":"` + tooLong(131_072) + `"},` +
			`"AnalyticsMetadata":{"AnalyticsEndpointId":"an endpoint"}}`,
			one + `Value at 'userContextData.encodedData'` + length + `less than or equal to 131072`},
		{"AdminCreateUser", `{"UserPoolId":"` + poolID + `","Username":"x","DesiredDeliveryMediums":["EMAIL","FAX"]}`,
			one + `Value '[EMAIL, FAX]' at 'desiredDeliveryMediums'` + entries +
				`Member must satisfy constraint: [Member must satisfy enum value set: [SMS, EMAIL]]`},
		{"AdminDisableProviderForUser", `{"UserPoolId":"` + poolID + `","User":{"ProviderName":""}}`,
			two + `Value '' at 'user.providerName'` + length + `greater than or equal to 1; Value '' at 'user.providerName'` +
				unfit + `[\p{L}\p{M}\p{S}\p{N}\p{P}\p{Z}]+`},
		{"AdminGetUser", `{"UserPoolId":"eu-central-1_other","Username":"x"}`,
			"User pool eu-central-1_other does not exist."},
	} {
		response, answer := r.send(Target+"."+test.operation, test.body)
		if response.StatusCode != 400 || answer["message"] != test.want {
			t.Errorf("%s %.200s:\ngot  %.300v\nwant %s", test.operation, test.body, answer["message"], test.want)
		}
	}
}

// optional is nil for a member that is not there.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func TestAnswersLackNothingThatTheirChallengeRequires(t *testing.T) {
	r := newRig(t)
	right := map[string]map[string]string{
		"PASSWORD_VERIFIER": {
			"PASSWORD_CLAIM_SIGNATURE":    "x",
			"PASSWORD_CLAIM_SECRET_BLOCK": "x",
			"TIMESTAMP":                   "x",
			"USERNAME":                    "x",
		},
		"SOFTWARE_TOKEN_MFA":    {"USERNAME": "x", "SOFTWARE_TOKEN_MFA_CODE": "x"},
		"SMS_MFA":               {"USERNAME": "x", "SMS_MFA_CODE": "x"},
		"SELECT_MFA_TYPE":       {"USERNAME": "x", "ANSWER": "x"},
		"NEW_PASSWORD_REQUIRED": {"USERNAME": "x", "NEW_PASSWORD": "x"},
		"MFA_SETUP":             {"USERNAME": "x"},
	}
	const session = "twenty characters long"
	answer := func(challenge, session string, responses map[string]string) any {
		_, body := r.send(Target+"."+"RespondToAuthChallenge", jsonText(map[string]any{
			"ClientId": webID, "ChallengeName": challenge, "Session": optional(session), "ChallengeResponses": responses,
		}))
		return body["message"]
	}
	for challenge, responses := range right {
		for name := range responses {
			without := maps.Clone(responses)
			delete(without, name)
			if got := answer(challenge, session, without); got != "Missing required parameter "+name {
				t.Errorf("%s without %s: %v", challenge, name, got)
			}
		}
		got := answer(challenge, "", responses)
		if challenge != "PASSWORD_VERIFIER" && got != "Missing required parameter Session" {
			t.Errorf("%s without session: %v", challenge, got)
		}
	}
	for _, body := range []string{`{}`, `{"AccessToken":"x","Session":"` + session + `"}`} {
		if _, got := r.send(Target+"."+"AssociateSoftwareToken", body); got["__type"] != "InvalidParameterException" {
			t.Errorf("AssociateSoftwareToken %s: %v", body, got)
		}
	}
	for _, body := range []string{`{"UserCode":"123456"}`,
		`{"UserCode":"123456","AccessToken":"x","Session":"` + session + `"}`} {
		if _, got := r.send(Target+"."+"VerifySoftwareToken", body); got["__type"] != "InvalidParameterException" {
			t.Errorf("VerifySoftwareToken %s: %v", body, got)
		}
	}
}

// The parameters of a factor's challenge name no user: clients answer with the name that signed in.
func TestChallengesOfFactorsNameNoUser(t *testing.T) {
	r := newRig(t).with(jane)
	r.enrol(*r.signIn(accountID, jane).AccessToken)
	asked := must.Get(r.proved(stepUpID))(t)
	if diff := cmp.Diff(map[string]string{"FRIENDLY_DEVICE_NAME": ""}, asked.ChallengeParameters); diff != "" {
		t.Errorf("parameters (-want +got):\n%s", diff)
	}
}
