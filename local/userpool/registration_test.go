package userpool

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/local/localtest/must"
)

// registrations are the events of the registration, without what every event has.
func (r *rig) registrations() []map[string]any {
	r.mu.Lock()
	defer r.mu.Unlock()
	var short []map[string]any
	for _, event := range r.registered {
		if event["version"] != "1" || event["region"] != "eu-central-1" || event["userPoolId"] != poolID {
			r.t.Errorf("event %v", event)
		}
		short = append(short, map[string]any{
			"source": event["triggerSource"], "user": event["userName"],
			"client": event["callerContext"].(map[string]any)["clientId"], "request": event["request"],
			"response": event["response"],
		})
	}
	r.registered = nil
	return short
}

func (r *rig) onRegister(answer func(ctx context.Context, event map[string]any) ([]byte, error)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.onRegistration = answer
}

// undecided is the response of a pre sign-up trigger that decides nothing.
var undecided = map[string]any{"autoConfirmUser": false, "autoVerifyEmail": false, "autoVerifyPhone": false}

func TestRegistrationIsToldOfEachStepWithTheMetadataOfItsOwnCall(t *testing.T) {
	r := newRig(t)
	out := must.Get(r.sdk.SignUp(t.Context(), &cognito.SignUpInput{
		ClientId: aws.String(webID), Username: aws.String(jane), Password: aws.String(password),
		UserAttributes: []types.AttributeType{{Name: aws.String("name"), Value: aws.String("Jane")}},
		ValidationData: []types.AttributeType{{Name: aws.String("v"), Value: aws.String("1")}},
		ClientMetadata: map[string]string{"step": "sign-up"},
	}))(t)
	must.Get(r.sdk.ConfirmSignUp(t.Context(), &cognito.ConfirmSignUpInput{
		ClientId: aws.String(stepUpID), Username: aws.String(jane), ConfirmationCode: aws.String(r.code(jane)),
		ClientMetadata: map[string]string{"step": "confirm"},
	}))(t)
	must.Get(r.sdk.ForgotPassword(t.Context(), &cognito.ForgotPasswordInput{
		ClientId: aws.String(webID), Username: aws.String(jane), ClientMetadata: map[string]string{"step": "forgot"},
	}))(t)
	must.Get(r.sdk.ConfirmForgotPassword(t.Context(), &cognito.ConfirmForgotPasswordInput{
		ClientId: aws.String(webID), Username: aws.String(jane), ConfirmationCode: aws.String(r.code(jane)),
		Password: aws.String(another), ClientMetadata: map[string]string{"step": "reset"},
	}))(t)
	sub := *out.UserSub
	known := map[string]any{
		"sub": sub, "email": jane, "email_verified": "true", "name": "Jane", "cognito:user_status": "CONFIRMED",
	}
	want := []map[string]any{
		{"source": "PreSignUp_SignUp", "user": sub, "client": webID, "response": undecided, "request": map[string]any{
			"userAttributes": map[string]any{"name": "Jane"}, "validationData": map[string]any{"v": "1"},
			"clientMetadata": map[string]any{"step": "sign-up"},
		}},
		{
			"source": "PostConfirmation_ConfirmSignUp", "user": sub, "client": stepUpID, "response": map[string]any{},
			"request": map[string]any{"userAttributes": known, "clientMetadata": map[string]any{"step": "confirm"}},
		},
		{
			"source": "PostConfirmation_ConfirmForgotPassword", "user": sub, "client": webID, "response": map[string]any{},
			"request": map[string]any{"userAttributes": known, "clientMetadata": map[string]any{"step": "reset"}},
		},
	}
	if diff := cmp.Diff(want, r.registrations()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestRegistrationIsToldOfAdministratorsAndProviders(t *testing.T) {
	r := newRig(t)
	must.Get(r.create(cognito.AdminCreateUserInput{ClientMetadata: map[string]string{"by": "support"}}))(t)
	const joe = "joe@example.com"
	signedUp := must.Get(r.signUp(joe, password, nil))(t)
	must.Get(r.sdk.AdminConfirmSignUp(t.Context(), &cognito.AdminConfirmSignUpInput{
		UserPoolId: aws.String(poolID), Username: aws.String(joe), ClientMetadata: map[string]string{"by": "support"},
	}))(t)
	for range 2 {
		must.Get(r.SignInFederated(t.Context(), webID, "Google", "7", map[string]string{"email": "g@gmail.example"}))(t)
	}
	_, invited := r.adminGet(jane)
	_, federated := r.adminGet("Google_7")
	want := []map[string]any{
		{
			"source":   "PreSignUp_AdminCreateUser",
			"user":     invited["sub"],
			"client":   "CLIENT_ID_NOT_APPLICABLE",
			"response": undecided,
			"request": map[string]any{
				"userAttributes": map[string]any{}, "validationData": nil, "clientMetadata": map[string]any{"by": "support"},
			},
		},
		{
			"source": "PreSignUp_SignUp", "user": *signedUp.UserSub, "client": webID, "response": undecided,
			"request": map[string]any{"userAttributes": map[string]any{}, "validationData": nil},
		},
		{
			"source":   "PostConfirmation_ConfirmSignUp",
			"user":     *signedUp.UserSub,
			"client":   "CLIENT_ID_NOT_APPLICABLE",
			"response": map[string]any{},
			"request": map[string]any{
				"userAttributes": map[string]any{
					"sub": *signedUp.UserSub, "email": joe, "email_verified": "false", "cognito:user_status": "CONFIRMED",
				},
				"clientMetadata": map[string]any{"by": "support"},
			},
		},
		{
			"source":   "PreSignUp_ExternalProvider",
			"user":     "google_7",
			"client":   webID,
			"response": undecided,
			"request": map[string]any{
				"userAttributes": map[string]any{"custom:provider_email": "g@gmail.example"}, "validationData": nil,
			},
		},
		{
			"source":   "PostConfirmation_ConfirmSignUp",
			"user":     "google_7",
			"client":   webID,
			"response": map[string]any{},
			"request": map[string]any{
				"userAttributes": map[string]any{
					"sub": federated["sub"], "identities": federated["identities"], "custom:provider_email": "g@gmail.example",
					"cognito:user_status": "EXTERNAL_PROVIDER",
				},
			},
		},
	}
	if diff := cmp.Diff(want, r.registrations()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}
