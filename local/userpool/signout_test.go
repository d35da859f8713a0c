package userpool

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/localtest/must"
)

func TestRevokedSessionIsOverAndNoOtherIs(t *testing.T) {
	r := newRig(t, client(accountID, func(c *deployed.UserPoolClient) { c.EnableTokenRevocation = false })).with(jane)
	revoke := func(client string, token *string) error {
		return errorOf(r.sdk.RevokeToken(t.Context(), &cognito.RevokeTokenInput{ClientId: &client, Token: token}))
	}
	ended, other := r.signIn(stepUpID, jane), r.signIn(stepUpID, jane)
	wantRefusal(t, "another client", revoke(webID, ended.RefreshToken), "UnauthorizedException")
	wantRefusal(t, "an access token", revoke(stepUpID, ended.AccessToken), "UnsupportedTokenTypeException")
	wantRefusal(t, "a client without revocation", revoke(accountID, ended.RefreshToken), "UnsupportedOperationException")
	for range 2 {
		must.Do(t, revoke(stepUpID, ended.RefreshToken))
	}
	must.Do(t, revoke(stepUpID, aws.String(strings.Repeat("x", 20)))) // RFC 7009: an invalid token is no error.
	refused(t, "refresh", "NotAuthorizedException: Refresh Token has been revoked")(r.renew(stepUpID, ended.RefreshToken))
	refused(t, "access token", "NotAuthorizedException: Access Token has been revoked")(
		r.sdk.GetUser(t.Context(), &cognito.GetUserInput{AccessToken: ended.AccessToken}))
	// Another session goes on.
	must.Get(r.sdk.GetUser(t.Context(), &cognito.GetUserInput{AccessToken: other.AccessToken}))(t)
}

// What ends a user's sessions ends all tokens of all of them, and the sign-ins that are under way.
func TestSignedOutDisabledAndDeletedUsersHaveNoTokens(t *testing.T) {
	id := aws.String(poolID)
	for name, end := range map[string]struct {
		do   func(r *rig, access *string) error
		want string
	}{
		"GlobalSignOut": {func(r *rig, access *string) error {
			return errorOf(r.sdk.GlobalSignOut(r.t.Context(), &cognito.GlobalSignOutInput{AccessToken: access}))
		}, "NotAuthorizedException: Access Token has been revoked"},
		"AdminUserGlobalSignOut": {func(r *rig, _ *string) error {
			return errorOf(r.sdk.AdminUserGlobalSignOut(r.t.Context(), &cognito.AdminUserGlobalSignOutInput{
				UserPoolId: id, Username: aws.String(jane),
			}))
		}, "NotAuthorizedException: Access Token has been revoked"},
		"AdminDisableUser": {func(r *rig, _ *string) error {
			return errorOf(
				r.sdk.AdminDisableUser(r.t.Context(), &cognito.AdminDisableUserInput{UserPoolId: id, Username: aws.String(jane)}))
		}, "NotAuthorizedException: User is disabled."},
		"DeleteUser": {func(r *rig, access *string) error {
			return errorOf(r.sdk.DeleteUser(r.t.Context(), &cognito.DeleteUserInput{AccessToken: access}))
		}, "UserNotFoundException: User does not exist."},
		"AdminDeleteUser": {func(r *rig, _ *string) error {
			return errorOf(
				r.sdk.AdminDeleteUser(r.t.Context(), &cognito.AdminDeleteUserInput{UserPoolId: id, Username: aws.String(jane)}))
		}, "UserNotFoundException: User does not exist."},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, wide, mfaOn)
			janeWithPhone(r)
			tokens := must.Get(r.IssueTokens(t.Context(),
				TokenRequest{ClientID: stepUpID, Username: *first(r.adminGet(jane)).Username, Source: authentication}))(t)
			asked := must.Get(r.SignInWithPassword(webID, jane, password))(t)
			must.Get(r.VerifyIDToken(tokens.ID, stepUpID, true))(t)
			must.Do(t, end.do(r, &tokens.Access))
			refused(t, "access token", end.want)(r.sdk.GetUser(t.Context(), &cognito.GetUserInput{AccessToken: &tokens.Access}))
			refused(t, "refresh token", "NotAuthorizedException: Refresh Token has been revoked")(
				r.renew(stepUpID, &tokens.Refresh))
			refused(t, "ID token, server side", "NotAuthorizedException: Invalid login token. Token is revoked.")(
				r.VerifyIDToken(tokens.ID, stepUpID, true))
			must.Get(r.VerifyIDToken(tokens.ID, stepUpID, false))(t) // By its signature alone.
			refused(t, "sign-in under way", "NotAuthorizedException: Invalid session for the user.")(r.AnswerChallenge(
				Answer{webID, smsMFA, asked.Session, map[string]string{"SMS_MFA_CODE": r.code("+4915112345678")}}))
		})
	}
}

func first[T, U any](value T, _ U) T { return value }

func TestTokensOfWhoIsDeletedOrSignedOutMeanwhileAreNotIssued(t *testing.T) {
	for name, end := range map[string]func(p *Pool, u *user){
		"deleted": (*Pool).deleteUser, "signed out": (*Pool).endSessions,
	} {
		r := newRig(t).with(jane)
		username := *first(r.adminGet(jane)).Username
		r.invoke = func(_ context.Context, event map[string]any) ([]byte, error) {
			r.hold(func() { end(r.Pool, r.users[username]) })
			return []byte(jsonText(event)), nil
		}
		refused(t, name, "NotAuthorizedException: Invalid session for the user.")(r.IssueTokens(t.Context(),
			TokenRequest{ClientID: webID, Username: username, Source: authentication, AuthTime: r.clock.Now()}))
	}
}
