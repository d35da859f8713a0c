package e2e_test

import (
	"testing"
	"time"

	srp "github.com/alexrudd/cognito-srp/v4"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/test/e2e"
)

// TestAnInvitedCustomerProvesTheMailboxByChoosingANewPassword: an invitation by mail proves no mailbox, because the
// inviting staff can know the temporary password. Imported customers prove their mailbox in the same way.
func TestAnInvitedCustomerProvesTheMailboxByChoosingANewPassword(t *testing.T) {
	t.Parallel()
	stage := open(t)
	onlyHere(t, stage)
	c := customer(t, stage)
	temporary := c.Password
	users := cognitoidentityprovider.NewFromConfig(stage.AWS())
	if _, err := users.AdminCreateUser(t.Context(), &cognitoidentityprovider.AdminCreateUserInput{
		UserPoolId: &stage.UserPoolID, Username: &c.Email, TemporaryPassword: &temporary,
		UserAttributes: []types.AttributeType{
			{Name: aws.String("email"), Value: &c.Email}, {Name: aws.String("email_verified"), Value: aws.String("true")},
		},
	}); err != nil {
		t.Fatal(err)
	}
	c.Password = e2e.NewCustomer("").Password
	worthNothing(t, stage, "the temporary password", accept(t, stage, c, temporary))
	if _, err := stage.SignIn(t.Context(), c, stage.WebClientID); err != nil {
		t.Errorf("the password of the customer's own: %v", err)
	}
	worthNothing(t, stage, "Account without a proof", signIn(t, stage, c, stage.AccountClientID, ""))
	protects(t, stage, c, recovered(t, stage, c))
}

// accept signs in at the Account client with the temporary password and chooses the customer's own password.
func accept(t *testing.T, stage *e2e.Running, c *e2e.Customer, temporary string) e2e.Tokens {
	t.Helper()
	users, client := cognitoidentityprovider.NewFromConfig(stage.AWS()), stage.AccountClientID
	proof := must.Get(srp.NewCognitoSRP(c.Email, temporary, stage.UserPoolID, client, nil))(t)
	begun := must.Get(users.InitiateAuth(t.Context(), &cognitoidentityprovider.InitiateAuthInput{
		AuthFlow: types.AuthFlowTypeUserSrpAuth, ClientId: &client, AuthParameters: proof.GetAuthParams(),
	}))(t)
	answers := must.Get(proof.PasswordVerifierChallenge(begun.ChallengeParameters, time.Now()))(t)
	proven, err := users.RespondToAuthChallenge(t.Context(), &cognitoidentityprovider.RespondToAuthChallengeInput{
		ChallengeName: types.ChallengeNameTypePasswordVerifier, ClientId: &client, ChallengeResponses: answers,
		Session: begun.Session,
	})
	if err != nil || proven.ChallengeName != types.ChallengeNameTypeNewPasswordRequired {
		t.Fatalf("got challenge %v, %v; want to be asked for a new password", proven, err)
	}
	done := must.Get(users.RespondToAuthChallenge(t.Context(), &cognitoidentityprovider.RespondToAuthChallengeInput{
		ChallengeName: proven.ChallengeName, ClientId: &client, Session: proven.Session,
		ChallengeResponses: map[string]string{"USERNAME": c.Email, "NEW_PASSWORD": c.Password},
	}))(t)
	issued := done.AuthenticationResult
	return e2e.Tokens{Access: aws.ToString(issued.AccessToken), ID: aws.ToString(issued.IdToken)}
}
