package e2e

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	srp "github.com/alexrudd/cognito-srp/v4"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Tokens are the tokens of a sign-in.
type Tokens struct{ Access, ID, Refresh string }

// Scopes returns the access token's scopes, sorted.
func (t Tokens) Scopes() []string { return slices.Sorted(strings.FieldsSeq(t.claim("scope"))) }

// Sub returns the customer's id, under which every order is stored.
func (t Tokens) Sub() string { return t.claim("sub") }

// Username is the customer's username in the user pool. For a customer of a provider, it consists of the provider's
// name and the customer's id there.
func (t Tokens) Username() string { return t.claim("username") }

func (t Tokens) claim(name string) string {
	text, _ := t.Claims()[name].(string)
	return text
}

// Claims returns the claims of the access token without verifying its signature, because the token is the caller's own.
// What is no token has none.
func (t Tokens) Claims() map[string]any {
	parts := strings.Split(t.Access, ".")
	if len(parts) != 3 {
		return nil
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil
	}
	var claims map[string]any
	_ = json.Unmarshal(text, &claims) // then there are none
	return claims
}

// ErrSecondFactor means that the sign-in stopped at a challenge that the customer cannot answer.
var ErrSecondFactor = errors.New("a second factor is asked for")

// SignIn is a sign-in by SRP at an app client, step by step, as a front end does it.
type SignIn struct {
	stage    *Running
	customer *Customer
	clientID string
	// challenge is the user pool's open challenge, or nil before the password.
	challenge *cognitoidentityprovider.RespondToAuthChallengeOutput
}

// SignIn proves the password by SRP at an app client. It answers a challenge for a code with the customer's
// authenticator, and sets an authenticator up if the stage requires one.
func (s *Running) SignIn(ctx context.Context, c *Customer, clientID string) (Tokens, error) {
	return s.SignInProving(ctx, c, clientID, "")
}

// SignInProving is SignIn by the browser that has just entered a mailed code. At the StepUp client the verifier goes
// only with the answer to the second factor, at other clients with every answer.
func (s *Running) SignInProving(ctx context.Context, c *Customer, clientID string, v Verifier) (Tokens, error) {
	withPassword := v
	if clientID == s.StepUpClientID {
		withPassword = ""
	}
	begun, err := s.Begin(ctx, c, clientID, withPassword)
	if err != nil {
		return Tokens{}, err
	}
	return begun.Finish(ctx, v)
}

// Begin proves the password. Finish answers the next challenge.
func (s *Running) Begin(ctx context.Context, c *Customer, clientID string, v Verifier) (*SignIn, error) {
	proof, err := srp.NewCognitoSRP(c.Email, c.Password, s.UserPoolID, clientID, nil)
	if err != nil {
		return nil, err
	}
	begun, err := s.users.InitiateAuth(ctx, &cognitoidentityprovider.InitiateAuthInput{
		AuthFlow: types.AuthFlowTypeUserSrpAuth, ClientId: &clientID, AuthParameters: proof.GetAuthParams(),
	})
	if err != nil {
		return nil, fmt.Errorf("start to sign in: %w", err)
	}
	answers, err := proof.PasswordVerifierChallenge(begun.ChallengeParameters, time.Now())
	if err != nil {
		return nil, err
	}
	proven, err := s.users.RespondToAuthChallenge(ctx, &cognitoidentityprovider.RespondToAuthChallengeInput{
		ChallengeName: types.ChallengeNameTypePasswordVerifier, ClientId: &clientID, Session: begun.Session,
		ChallengeResponses: answers, ClientMetadata: v.verifier(),
	})
	if err != nil {
		return nil, fmt.Errorf("prove the password: %w", err)
	}
	return &SignIn{stage: s, customer: c, clientID: clientID, challenge: proven}, nil
}

// Challenge returns the name of the user pool's open challenge, or "" if there is none.
func (i *SignIn) Challenge() types.ChallengeNameType { return i.challenge.ChallengeName }

// Finish answers the challenges after the password, and returns the tokens.
func (i *SignIn) Finish(ctx context.Context, v Verifier) (Tokens, error) {
	switch i.challenge.ChallengeName {
	case types.ChallengeNameTypeSoftwareTokenMfa:
		if i.customer.Authenticator == nil {
			return Tokens{}, ErrSecondFactor
		}
		code, err := i.customer.Authenticator.Next(ctx)
		if err != nil {
			return Tokens{}, err
		}
		return i.respond(ctx, map[string]string{"SOFTWARE_TOKEN_MFA_CODE": code}, v)
	case types.ChallengeNameTypeSmsMfa:
		if i.customer.Phone == "" {
			return Tokens{}, ErrSecondFactor
		}
		code, err := i.stage.Code(ctx, i.customer.Phone)
		if err != nil {
			return Tokens{}, err
		}
		return i.respond(ctx, map[string]string{"SMS_MFA_CODE": code}, v)
	case types.ChallengeNameTypeNewPasswordRequired:
		i.customer.Password = newPassword()
		return i.respond(ctx, map[string]string{"NEW_PASSWORD": i.customer.Password}, v)
	case types.ChallengeNameTypeMfaSetup:
		var err error
		if i.challenge.Session, err = i.stage.setUp(ctx, i.customer, nil, i.challenge.Session); err != nil {
			return Tokens{}, err
		}
		return i.respond(ctx, nil, v)
	default:
		return tokens(i.challenge.AuthenticationResult, i.challenge.ChallengeName)
	}
}

// respond answers the challenge. USERNAME is the name that answered the password: the parameters of this challenge have
// none.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
func (i *SignIn) respond(ctx context.Context, answers map[string]string, v Verifier) (Tokens, error) {
	responses := map[string]string{"USERNAME": i.customer.Email}
	maps.Copy(responses, answers)
	done, err := i.stage.users.RespondToAuthChallenge(ctx, &cognitoidentityprovider.RespondToAuthChallengeInput{
		ChallengeName: i.challenge.ChallengeName, ClientId: &i.clientID, Session: i.challenge.Session,
		ChallengeResponses: responses, ClientMetadata: v.verifier(),
	})
	if err != nil {
		return Tokens{}, fmt.Errorf("answer %s: %w", i.challenge.ChallengeName, err)
	}
	return tokens(done.AuthenticationResult, done.ChallengeName)
}

func tokens(result *types.AuthenticationResultType, challenge types.ChallengeNameType) (Tokens, error) {
	if result == nil {
		return Tokens{}, fmt.Errorf("the sign-in stopped at the challenge %q", challenge)
	}
	return Tokens{
		Access: aws.ToString(result.AccessToken), ID: aws.ToString(result.IdToken),
		Refresh: aws.ToString(result.RefreshToken),
	}, nil
}

// Refresh trades the refresh token of the Web client for new tokens. Rotation invalidates the old refresh token.
func (s *Running) Refresh(ctx context.Context, old Tokens) (Tokens, error) {
	return s.RefreshAt(ctx, s.WebClientID, old)
}

// RefreshAt is Refresh at any client.
func (s *Running) RefreshAt(ctx context.Context, clientID string, old Tokens) (Tokens, error) {
	out, err := s.users.GetTokensFromRefreshToken(ctx, &cognitoidentityprovider.GetTokensFromRefreshTokenInput{
		ClientId: &clientID, RefreshToken: &old.Refresh,
	})
	if err != nil {
		return Tokens{}, fmt.Errorf("refresh: %w", err)
	}
	return tokens(out.AuthenticationResult, "")
}

// SignOut revokes the refresh token of the Web client. The API accepts access tokens until they expire.
func (s *Running) SignOut(ctx context.Context, t Tokens) error {
	return s.Revoke(ctx, s.WebClientID, t)
}

// Revoke revokes the refresh token of any client, and with it the session's access tokens at the user pool.
// https://docs.aws.amazon.com/cognito/latest/developerguide/token-revocation.html
func (s *Running) Revoke(ctx context.Context, clientID string, t Tokens) error {
	_, err := s.users.RevokeToken(ctx, &cognitoidentityprovider.RevokeTokenInput{ClientId: &clientID, Token: &t.Refresh})
	if err != nil {
		return fmt.Errorf("revoke: %w", err)
	}
	return nil
}
