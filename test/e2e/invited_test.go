package e2e_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/local/localtest/must"
)

// TestAnInvitedCustomerProvesTheMailboxByChoosingANewPassword: an invitation by mail proves no mailbox, because the
// inviting staff can know the temporary password. Imported customers prove their mailbox in the same way.
func TestAnInvitedCustomerProvesTheMailboxByChoosingANewPassword(t *testing.T) {
	t.Parallel()
	stage := open(t)
	onlyHere(t, stage)
	c := customer(t, stage)
	users := cognitoidentityprovider.NewFromConfig(stage.AWS())
	if _, err := users.AdminCreateUser(t.Context(), &cognitoidentityprovider.AdminCreateUserInput{
		UserPoolId: &stage.UserPoolID, Username: &c.Email, TemporaryPassword: &c.Password,
		UserAttributes: []types.AttributeType{
			{Name: aws.String("email"), Value: &c.Email}, {Name: aws.String("email_verified"), Value: aws.String("true")},
		},
	}); err != nil {
		t.Fatal(err)
	}
	begun := must.Get(stage.Begin(t.Context(), c, stage.AccountClientID, ""))(t)
	if got := begun.Challenge(); got != types.ChallengeNameTypeNewPasswordRequired {
		t.Fatalf("got challenge %q, want to be asked for a new password", got)
	}
	worthNothing(t, stage, "the temporary password", must.Get(begun.Finish(t.Context(), ""))(t))
	if _, err := stage.SignIn(t.Context(), c, stage.WebClientID); err != nil {
		t.Errorf("the password of the customer's own: %v", err)
	}
	worthNothing(t, stage, "Account without a proof", signIn(t, stage, c, stage.AccountClientID, ""))
	protects(t, stage, c, recovered(t, stage, c))
}
