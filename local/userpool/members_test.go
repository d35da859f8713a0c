package userpool

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMissingMembersAreInvalidParametersAndSoAreEmptyOnes(t *testing.T) {
	r := newRig(t)
	// As in the API reference; AssociateSoftwareToken takes one of two and has a test of its own.
	want := map[string][]string{
		"SignUp":                 {"ClientId", "Username"},
		"ConfirmSignUp":          {"ClientId", "ConfirmationCode", "Username"},
		"ResendConfirmationCode": {"ClientId", "Username"},
		"ForgotPassword":         {"ClientId", "Username"},
		"ConfirmForgotPassword":  {"ClientId", "ConfirmationCode", "Password", "Username"},
		"InitiateAuth":           {"AuthFlow", "ClientId"},
		"RespondToAuthChallenge": {"ChallengeName", "ClientId"},
		"GetTokensFromRefreshToken": {
			"ClientId",
			"RefreshToken",
		},
		"RevokeToken":                      {"ClientId", "Token"},
		"VerifySoftwareToken":              {"UserCode"},
		"GetUser":                          {"AccessToken"},
		"UpdateUserAttributes":             {"AccessToken", "UserAttributes"},
		"GetUserAttributeVerificationCode": {"AccessToken", "AttributeName"},
		"VerifyUserAttribute": {
			"AccessToken",
			"AttributeName",
			"Code",
		},
		"ChangePassword":       {"AccessToken", "ProposedPassword"},
		"SetUserMFAPreference": {"AccessToken"},
		"GlobalSignOut":        {"AccessToken"},
		"DeleteUser":           {"AccessToken"},
		"AdminCreateUser": {
			"UserPoolId",
			"Username",
		},
		"AdminGetUser":         {"UserPoolId", "Username"},
		"AdminConfirmSignUp":   {"UserPoolId", "Username"},
		"AdminSetUserPassword": {"Password", "UserPoolId", "Username"},
		"AdminUpdateUserAttributes": {
			"UserAttributes",
			"UserPoolId",
			"Username",
		},
		"AdminSetUserMFAPreference": {"UserPoolId", "Username"},
		"AdminDeleteSoftwareToken": {
			"UserPoolId",
			"Username",
		},
		"AdminLinkProviderForUser":    {"DestinationUser", "SourceUser", "UserPoolId"},
		"AdminDisableProviderForUser": {"User", "UserPoolId"},
		"AdminUserGlobalSignOut":      {"UserPoolId", "Username"},
		"AdminDisableUser": {
			"UserPoolId",
			"Username",
		},
		"AdminEnableUser":        {"UserPoolId", "Username"},
		"AdminDeleteUser":        {"UserPoolId", "Username"},
		"ListUsers":              {"UserPoolId"},
		"AssociateSoftwareToken": nil,
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(operations)), slices.Sorted(maps.Keys(want))); diff != "" {
		t.Errorf("operations (-served +tested):\n%s", diff)
	}
	for name, members := range want {
		for _, missing := range members {
			for _, what := range []string{"missing", "null", "empty"} {
				body := map[string]any{}
				for _, member := range members {
					body[member] = "x"
					switch member {
					case "UserAttributes":
						body[member] = []string{}
					case "DestinationUser", "SourceUser", "User":
						body[member] = map[string]string{}
					}
				}
				_, text := body[missing].(string)
				switch {
				case what == "missing":
					delete(body, missing)
				case what == "null":
					body[missing] = nil
				case text:
					body[missing] = ""
				default:
					continue
				}
				response, answer := r.send(targetPrefix+name, jsonText(body))
				if response.StatusCode != 400 || answer["__type"] != "InvalidParameterException" {
					t.Errorf("%s, %s %s: %d %v", name, missing, what, response.StatusCode, answer)
				}
			}
		}
	}
	_, answer := r.send(targetPrefix+"ForgotPassword", `{"ClientId":"`+webID+`","username":"jane"}`)
	const message = "1 validation error detected: " +
		"Value null at 'username' failed to satisfy constraint: Member must not be null"
	if answer["message"] != message {
		t.Errorf("a member in other letters: %v", answer)
	}
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
	answer := func(challenge, session string, responses map[string]string) any {
		_, body := r.send(targetPrefix+"RespondToAuthChallenge", jsonText(map[string]any{
			"ClientId": webID, "ChallengeName": challenge, "Session": session, "ChallengeResponses": responses,
		}))
		return body["message"]
	}
	for challenge, responses := range right {
		for name := range responses {
			without := maps.Clone(responses)
			delete(without, name)
			if got := answer(challenge, "x", without); got != "Missing required parameter "+name {
				t.Errorf("%s without %s: %v", challenge, name, got)
			}
		}
		if got := answer(
			challenge,
			"",
			responses,
		); challenge != "PASSWORD_VERIFIER" &&
			got != "Missing required parameter Session" {
			t.Errorf("%s without session: %v", challenge, got)
		}
	}
	for _, body := range []string{`{}`, `{"AccessToken":"x","Session":"y"}`} {
		if _, got := r.send(targetPrefix+"AssociateSoftwareToken", body); got["__type"] != "InvalidParameterException" {
			t.Errorf("AssociateSoftwareToken %s: %v", body, got)
		}
	}
	for _, body := range []string{`{"UserCode":"1"}`, `{"UserCode":"1","AccessToken":"x","Session":"y"}`} {
		if _, got := r.send(targetPrefix+"VerifySoftwareToken", body); got["__type"] != "InvalidParameterException" {
			t.Errorf("VerifySoftwareToken %s: %v", body, got)
		}
	}
}

// The parameters of a factor's challenge name no user: clients answer with the name that signed in.
func TestChallengesOfFactorsNameNoUser(t *testing.T) {
	r := newRig(t)
	r.register(jane)
	r.enrol(*r.signIn(accountID, jane).AccessToken)
	asked, err := r.srp(stepUpID, jane, password)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"FRIENDLY_DEVICE_NAME": ""}, asked.ChallengeParameters); diff != "" {
		t.Errorf("parameters (-want +got):\n%s", diff)
	}
}
