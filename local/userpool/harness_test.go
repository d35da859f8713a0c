package userpool

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	cognitosrp "github.com/alexrudd/cognito-srp/v4"
	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/jonboulle/clockwork"
	"github.com/pquerna/otp/totp"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/local/mailbox"
)

const (
	poolID    = "eu-central-1_pool00001"
	webID     = "1web1example"
	stepUpID  = "2stepup2example"
	accountID = "3account3example"
	// function is that of tokens.
	function     = "arn:aws:lambda:eu-central-1:111122223333:function:tokens"
	registration = "arn:aws:lambda:eu-central-1:111122223333:function:registration"

	jane     = "Jane.Doe@example.com"
	password = "correct Horse 7 battery"
	another  = "wrong Horse 8 battery"
)

// sharedKeys are those of every rig, and otherKeys those of another pool. RSA keys take long to make.
var sharedKeys, otherKeys = sync.OnceValues(NewKeys), sync.OnceValues(NewKeys)

// rig is a user pool with its clients.
type rig struct {
	*Pool
	t     testing.TB
	clock *clockwork.FakeClock
	box   *mailbox.Box
	sdk   *cognito.Client
	// invoke is the trigger of tokens; events are those that it got. The others are those of the registration.
	mu             sync.Mutex
	invoke         func(ctx context.Context, event map[string]any) ([]byte, error)
	events         []map[string]any
	onRegistration func(ctx context.Context, event map[string]any) ([]byte, error)
	registered     []map[string]any
}

// anybody may administer the pool.
func anybody(*http.Request, []byte, string, string) error { return nil }

// newRig serves the stage Dev, with changes, to the AWS SDK.
func newRig(t testing.TB, changes ...func(*deployed.Stage)) *rig {
	t.Helper()
	keys := must.Get(sharedKeys())(t)
	s := devStage()
	for _, change := range changes {
		change(s)
	}
	r := &rig{t: t, clock: clockwork.NewFakeClockAt(time.Date(2026, 5, 4, 12, 0, 5, 0, time.UTC))}
	r.box = mailbox.New(r.clock.Now)
	r.Pool = must.Get(New(Options{
		Stage: s, Trigger: r.trigger, Mailbox: r.box, Now: r.clock.Now, Keys: keys, Authorize: anybody,
		Endpoint: "http://127.0.0.1:8701", LoginURL: "https://127.0.0.1:8703",
	}))(t)
	server := httptest.NewServer(r.Handler())
	t.Cleanup(server.Close)
	r.sdk = cognito.New(cognito.Options{
		BaseEndpoint: aws.String(server.URL), Region: s.Region, Retryer: aws.NopRetryer{},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "example"}, nil
		}),
	})
	return r
}

// trigger echoes the event unless a test says otherwise.
func (r *rig) trigger(ctx context.Context, arn string, event []byte) ([]byte, error) {
	var read map[string]any
	if err := json.Unmarshal(event, &read); err != nil {
		r.t.Errorf("trigger %s was invoked with %s", arn, event)
	}
	r.mu.Lock()
	invoke := r.invoke
	switch arn {
	case function:
		r.events = append(r.events, read)
	case registration:
		r.registered, invoke = append(r.registered, read), r.onRegistration
	default:
		r.t.Errorf("there is no trigger %s", arn)
	}
	r.mu.Unlock()
	if invoke != nil {
		return invoke(ctx, read)
	}
	return event, nil
}

// answers makes the trigger answer with a response in JSON.
func (r *rig) answers(response string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.invoke = func(_ context.Context, event map[string]any) ([]byte, error) {
		event["response"] = json.RawMessage(response)
		return json.Marshal(event)
	}
}

// code is the one that was sent last.
func (r *rig) code(to string) string {
	r.t.Helper()
	messages := r.box.Messages(to)
	if len(messages) == 0 {
		r.t.Fatalf("nothing was sent to %s", to)
	}
	return messages[0].Code
}

// register signs somebody up and confirms the address.
func (r *rig) register(email string) {
	r.t.Helper()
	must.Get(r.sdk.SignUp(r.t.Context(),
		&cognito.SignUpInput{ClientId: aws.String(webID), Username: aws.String(email), Password: aws.String(password)}))(r.t)
	must.Get(r.sdk.ConfirmSignUp(r.t.Context(), &cognito.ConfirmSignUpInput{
		ClientId: aws.String(webID), Username: aws.String(email), ConfirmationCode: aws.String(r.code(email)),
	}))(r.t)
}

// with registers people.
func (r *rig) with(emails ...string) *rig {
	r.t.Helper()
	for _, email := range emails {
		r.register(email)
	}
	return r
}

// srp signs in as cognito-srp does, which sends no session.
func (r *rig) srp(client, username, password string) (*cognito.RespondToAuthChallengeOutput, error) {
	r.t.Helper()
	srp := must.Get(cognitosrp.NewCognitoSRP(username, password, poolID, client, nil))(r.t)
	begun, err := r.sdk.InitiateAuth(r.t.Context(), &cognito.InitiateAuthInput{
		AuthFlow: types.AuthFlowTypeUserSrpAuth, ClientId: aws.String(client), AuthParameters: srp.GetAuthParams(),
	})
	if err != nil {
		return nil, err
	}
	responses := must.Get(srp.PasswordVerifierChallenge(begun.ChallengeParameters, r.clock.Now()))(r.t)
	return r.sdk.RespondToAuthChallenge(r.t.Context(), &cognito.RespondToAuthChallengeInput{
		ChallengeName: begun.ChallengeName, ClientId: aws.String(client), ChallengeResponses: responses,
	})
}

func (r *rig) disable(username string) {
	r.t.Helper()
	must.Get(r.sdk.AdminDisableUser(r.t.Context(),
		&cognito.AdminDisableUserInput{UserPoolId: aws.String(poolID), Username: aws.String(username)}))(r.t)
}

// signIn returns the tokens of a sign-in that needs nothing but the password. It spares the arithmetic of SRP.
func (r *rig) signIn(client, username string) *types.AuthenticationResultType {
	r.t.Helper()
	subject := r.candidate(username)
	right := subject.key.matches(r.name, subject.userID, password)
	done := must.Get(r.passwordGiven(client, subject, right, false))(r.t)
	if done.Name != "" {
		r.t.Fatalf("the sign-in of %s asks for %s", username, done.Name)
	}
	tokens := must.Get(r.IssueTokens(r.t.Context(), TokenRequest{
		ClientID: client, Username: done.Username, Source: done.source, AuthTime: done.AuthTime,
	}))(r.t)
	return &types.AuthenticationResultType{
		AccessToken: &tokens.Access, IdToken: &tokens.ID, RefreshToken: optional(tokens.Refresh),
		ExpiresIn: int32(tokens.ExpiresIn.Seconds()), TokenType: aws.String("Bearer"),
	}
}

// proved is the challenge for Jane after the right password. It spares the arithmetic of SRP.
func (r *rig) proved(client string) (*cognito.RespondToAuthChallengeOutput, error) {
	r.t.Helper()
	asked, err := r.passwordGiven(client, r.candidate(jane), true, false)
	if err != nil {
		return nil, err
	}
	return &cognito.RespondToAuthChallengeOutput{
		ChallengeName: types.ChallengeNameType(asked.Name), ChallengeParameters: asked.Parameters, Session: &asked.Session,
	}, nil
}

// respond answers a challenge by the SDK.
func (r *rig) respond(
	client, session string, name types.ChallengeNameType, responses map[string]string,
) (*cognito.RespondToAuthChallengeOutput, error) {
	if responses["USERNAME"] == "" {
		responses["USERNAME"] = jane
	}
	return r.sdk.RespondToAuthChallenge(r.t.Context(), &cognito.RespondToAuthChallengeInput{
		ChallengeName: name, ClientId: aws.String(client), Session: optional(session), ChallengeResponses: responses,
	})
}

// enrol sets an authenticator up and returns its secret. Its code is used up.
func (r *rig) enrol(access string) string {
	r.t.Helper()
	associated := must.Get(r.sdk.AssociateSoftwareToken(r.t.Context(),
		&cognito.AssociateSoftwareTokenInput{AccessToken: &access}))(r.t)
	secret := *associated.SecretCode
	must.Get(r.sdk.VerifySoftwareToken(r.t.Context(),
		&cognito.VerifySoftwareTokenInput{AccessToken: &access, UserCode: aws.String(r.totp(secret))}))(r.t)
	must.Get(r.sdk.SetUserMFAPreference(r.t.Context(), &cognito.SetUserMFAPreferenceInput{
		AccessToken:              &access,
		SoftwareTokenMfaSettings: &types.SoftwareTokenMfaSettingsType{Enabled: true, PreferredMfa: true},
	}))(r.t)
	return secret
}

func (r *rig) totp(secret string) string {
	r.t.Helper()
	return must.Get(totp.GenerateCode(secret, r.clock.Now()))(r.t)
}
