package e2e_test

import (
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/test/e2e"
)

// required returns a stage that requires a second factor: Staging as it was reviewed.
func required(t *testing.T) *e2e.Running {
	t.Helper()
	if os.Getenv(outputsFile) != "" {
		t.Skip("the stage that runs already has its own mode")
	}
	return alone(t, "SecureCart-Staging")
}

// Threat U38, where a factor is required: the user pool makes a thief with the password enrol a factor, which proves
// nothing. Recovery removes that factor, and the owner enrols and seals her own.
func TestAFactorSetUpByAPasswordAloneIsNotTrusted(t *testing.T) {
	t.Parallel()
	stage := required(t)
	owner, _ := proven(t, stage)
	thief := &e2e.Customer{Email: owner.Email, Password: owner.Password}
	begun, err := stage.Begin(t.Context(), thief, stage.StepUpClientID, "")
	if err != nil || begun.Challenge() != types.ChallengeNameTypeMfaSetup {
		t.Fatalf("got challenge %q, %v; want to be made to enrol", begun.Challenge(), err)
	}
	stolen := must.Get(begun.Finish(t.Context(), ""))(t)
	worthNothing(t, stage, "the sign-in that enrolled", stolen)
	worthNothing(t, stage, "a sign-in with that factor", signIn(t, stage, thief, stage.StepUpClientID, ""))
	worthNothing(t, stage, "Account with that factor", signIn(t, stage, thief, stage.AccountClientID, ""))

	protects(t, stage, owner, recovered(t, stage, owner))
}

// TestTheStoryHoldsWhereAFactorIsRequired tells the whole story at such a stage.
func TestTheStoryHoldsWhereAFactorIsRequired(t *testing.T) {
	t.Parallel()
	c := e2e.NewCast(required(t))
	must.Get(c.Stage.Arrange(t.Context()))(t)
	tell(t, c, e2e.Story(c.Stage)...)
}
