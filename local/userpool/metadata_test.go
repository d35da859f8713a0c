package userpool

import (
	"testing"
	"time"

	cognitosrp "github.com/alexrudd/cognito-srp/v4"
	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/local/localtest/must"
)

func TestClientMetadataComesFromTheLastAnswerOnly(t *testing.T) {
	r := newRig(t).with(jane)
	result := r.signIn(webID, jane)
	must.Get(r.sdk.GetTokensFromRefreshToken(t.Context(), &cognito.GetTokensFromRefreshTokenInput{
		ClientId: aws.String(webID), RefreshToken: result.RefreshToken, ClientMetadata: map[string]string{"a": "b"},
	}))(t)
	var got []any
	for _, event := range r.events {
		got = append(got, event["request"].(map[string]any)["clientMetadata"])
	}
	if diff := cmp.Diff([]any{nil, map[string]any{"a": "b"}}, got); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
}

// A verifier that went with the password does not count for the factor, and the other way round: nothing is stored.
func TestClientMetadataOfAnEarlierChallengeIsForgotten(t *testing.T) {
	r := newRig(t).with(jane)
	secret := r.enrol(*r.signIn(accountID, jane).AccessToken)
	signIn := func(withPassword, withCode map[string]string) any {
		r.clock.Advance(time.Minute)
		srp := must.Get(cognitosrp.NewCognitoSRP(jane, password, poolID, stepUpID, nil))(t)
		begun := must.Get(r.sdk.InitiateAuth(t.Context(), &cognito.InitiateAuthInput{
			AuthFlow: "USER_SRP_AUTH", ClientId: aws.String(stepUpID), AuthParameters: srp.GetAuthParams(),
			ClientMetadata: map[string]string{"at": "start"},
		}))(t)
		responses := must.Get(srp.PasswordVerifierChallenge(begun.ChallengeParameters, r.clock.Now()))(t)
		asked := must.Get(r.sdk.RespondToAuthChallenge(t.Context(), &cognito.RespondToAuthChallengeInput{
			ChallengeName: begun.ChallengeName, ClientId: aws.String(stepUpID), ChallengeResponses: responses,
			ClientMetadata: withPassword,
		}))(t)
		must.Get(r.sdk.RespondToAuthChallenge(t.Context(), &cognito.RespondToAuthChallengeInput{
			ChallengeName: asked.ChallengeName, ClientId: aws.String(stepUpID), Session: asked.Session, ClientMetadata: withCode,
			ChallengeResponses: map[string]string{"USERNAME": jane, "SOFTWARE_TOKEN_MFA_CODE": r.totp(secret)},
		}))(t)
		return r.events[len(r.events)-1]["request"].(map[string]any)["clientMetadata"]
	}
	if got := signIn(map[string]string{"at": "password"}, nil); got != nil {
		t.Errorf("the trigger was told %v", got)
	}
	if diff := cmp.Diff(any(map[string]any{"at": "code"}), signIn(nil, map[string]string{"at": "code"})); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
}
