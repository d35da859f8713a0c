package e2e

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	srp "github.com/alexrudd/cognito-srp/v4"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Tokens are what a sign-in yields.
type Tokens struct{ Access, ID, Refresh string }

// Scopes are those of the access token, sorted.
func (t Tokens) Scopes() []string {
	var claims struct{ Scope string }
	if err := payload(t.Access, &claims); err != nil {
		return nil
	}
	scopes := strings.Fields(claims.Scope)
	slices.Sort(scopes)
	return scopes
}

// Sub is the customer's id, which every order is kept under.
func (t Tokens) Sub() string {
	var claims struct{ Sub string }
	if err := payload(t.Access, &claims); err != nil {
		return ""
	}
	return claims.Sub
}

// payload reads the claims of a token without asking who signed it: the token is our own.
func payload(token string, claims any) error {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return errors.New("this is no JSON Web Token")
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return err
	}
	return json.Unmarshal(text, claims)
}

// ErrSecondFactor means that the sign-in stopped at a challenge that the customer has no answer to.
var ErrSecondFactor = errors.New("a second factor is asked for")

// SignIn proves the password by SRP to an app client, and answers a challenge for a code with the customer's authenticator.
func (s *Stage) SignIn(ctx context.Context, c *Customer, clientID string) (Tokens, error) {
	proof, err := srp.NewCognitoSRP(c.Email, c.Password, s.UserPoolID, clientID, nil)
	if err != nil {
		return Tokens{}, err
	}
	begun, err := s.users.InitiateAuth(ctx, &cognitoidentityprovider.InitiateAuthInput{
		AuthFlow: types.AuthFlowTypeUserSrpAuth, ClientId: &clientID, AuthParameters: proof.GetAuthParams(),
	})
	if err != nil {
		return Tokens{}, fmt.Errorf("start to sign in: %w", err)
	}
	answers, err := proof.PasswordVerifierChallenge(begun.ChallengeParameters, time.Now())
	if err != nil {
		return Tokens{}, err
	}
	proven, err := s.users.RespondToAuthChallenge(ctx, &cognitoidentityprovider.RespondToAuthChallengeInput{
		ChallengeName: types.ChallengeNameTypePasswordVerifier, ClientId: &clientID, ChallengeResponses: answers, Session: begun.Session,
	})
	if err != nil {
		return Tokens{}, fmt.Errorf("prove the password: %w", err)
	}
	if proven.ChallengeName == types.ChallengeNameTypeSoftwareTokenMfa {
		return s.answerCode(ctx, c, clientID, proven)
	}
	return tokens(proven.AuthenticationResult, proven.ChallengeName)
}

func (s *Stage) answerCode(ctx context.Context, c *Customer, clientID string, asked *cognitoidentityprovider.RespondToAuthChallengeOutput) (Tokens, error) {
	if c.Authenticator == nil {
		return Tokens{}, ErrSecondFactor
	}
	code, err := c.Authenticator.Next(ctx)
	if err != nil {
		return Tokens{}, err
	}
	done, err := s.users.RespondToAuthChallenge(ctx, &cognitoidentityprovider.RespondToAuthChallengeInput{
		ChallengeName: asked.ChallengeName, ClientId: &clientID, Session: asked.Session,
		ChallengeResponses: map[string]string{"USERNAME": asked.ChallengeParameters["USER_ID_FOR_SRP"], "SOFTWARE_TOKEN_MFA_CODE": code},
	})
	if err != nil {
		return Tokens{}, fmt.Errorf("answer with a code: %w", err)
	}
	return tokens(done.AuthenticationResult, done.ChallengeName)
}

func tokens(result *types.AuthenticationResultType, challenge types.ChallengeNameType) (Tokens, error) {
	if result == nil {
		return Tokens{}, fmt.Errorf("the sign-in stopped at the challenge %q", challenge)
	}
	return Tokens{Access: aws.ToString(result.AccessToken), ID: aws.ToString(result.IdToken), Refresh: aws.ToString(result.RefreshToken)}, nil
}

// Refresh trades the refresh token of the Web client for new tokens. With rotation the old one is spent.
func (s *Stage) Refresh(ctx context.Context, old Tokens) (Tokens, error) {
	out, err := s.users.GetTokensFromRefreshToken(ctx, &cognitoidentityprovider.GetTokensFromRefreshTokenInput{
		ClientId: &s.WebClientID, RefreshToken: &old.Refresh,
	})
	if err != nil {
		return Tokens{}, fmt.Errorf("refresh: %w", err)
	}
	return tokens(out.AuthenticationResult, "")
}

// SignOut revokes the refresh token of the Web client. Access tokens stay good until they expire.
func (s *Stage) SignOut(ctx context.Context, t Tokens) error {
	_, err := s.users.RevokeToken(ctx, &cognitoidentityprovider.RevokeTokenInput{ClientId: &s.WebClientID, Token: &t.Refresh})
	if err != nil {
		return fmt.Errorf("sign out: %w", err)
	}
	return nil
}

// Enrol gives the customer an authenticator and makes it the preferred factor. The token is that of a StepUp sign-in without a
// second factor, which is good for nothing else.
func (s *Stage) Enrol(ctx context.Context, c *Customer, t Tokens) error {
	setup, err := s.users.AssociateSoftwareToken(ctx, &cognitoidentityprovider.AssociateSoftwareTokenInput{AccessToken: &t.Access})
	if err != nil {
		return fmt.Errorf("get a secret for the authenticator: %w", err)
	}
	authenticator := s.newAuthenticator(aws.ToString(setup.SecretCode))
	code, err := authenticator.Next(ctx)
	if err != nil {
		return err
	}
	if _, err := s.users.VerifySoftwareToken(ctx, &cognitoidentityprovider.VerifySoftwareTokenInput{
		AccessToken: &t.Access, UserCode: &code,
	}); err != nil {
		return fmt.Errorf("verify the authenticator: %w", err)
	}
	if _, err := s.users.SetUserMFAPreference(ctx, &cognitoidentityprovider.SetUserMFAPreferenceInput{
		AccessToken:              &t.Access,
		SoftwareTokenMfaSettings: &types.SoftwareTokenMfaSettingsType{Enabled: true, PreferredMfa: true},
	}); err != nil {
		return fmt.Errorf("prefer the authenticator: %w", err)
	}
	c.Authenticator = authenticator
	return nil
}
