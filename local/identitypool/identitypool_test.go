package identitypool_test

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentity"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/local/credentials"
	"github.com/securecart/identity/local/localtest/must"
)

func TestGuestsGetTheGuestsRoleForAnHour(t *testing.T) {
	p := serve(t)
	id := p.id(t, "")
	if other := p.id(t, ""); other == id {
		t.Errorf("two guests share the id %s", id)
	}
	given := must.Get(p.credentials(t.Context(), id, ""))(t)
	if want := p.now.Add(time.Hour); !given.Expiration.Equal(want) {
		t.Errorf("expires %s, want %s", given.Expiration, want)
	}
	session := p.session(t, given)
	if want := p.stage.PoolRoles.Roles.Unauthenticated; session.RoleARN != want {
		t.Errorf("role %s, want %s", session.RoleARN, want)
	}
	want := &credentials.Identity{PoolID: p.stage.IdentityPool.ID, ID: id, AuthType: credentials.Unauthenticated}
	if diff := cmp.Diff(want, session.Identity); diff != "" {
		t.Errorf("identity (-want +got)\n%s", diff)
	}
	for key := range session.Context {
		if strings.HasPrefix(key, "aws:PrincipalTag/") {
			t.Errorf("a guest has the tag %s", key)
		}
	}
}

func TestCustomersGetTheCustomersRoleWithTheirTags(t *testing.T) {
	p := serve(t)
	id := p.id(t, "alice")
	given := must.Get(p.credentials(t.Context(), id, "alice again"))(t)
	session := p.session(t, given)
	if want := p.stage.PoolRoles.Roles.Authenticated; session.RoleARN != want {
		t.Errorf("role %s, want %s", session.RoleARN, want)
	}
	provider := p.stage.UserPool.ProviderName
	want := &credentials.Identity{
		PoolID: p.stage.IdentityPool.ID, ID: id, AuthType: credentials.Authenticated,
		Provider: provider + "," + provider + ":CognitoSignIn:" + alice,
	}
	if diff := cmp.Diff(want, session.Identity); diff != "" {
		t.Errorf("identity (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{alice}, session.Context["aws:PrincipalTag/customer"]); diff != "" {
		t.Errorf("tag (-want +got)\n%s", diff)
	}
	if p.tokens.serverSide == 0 {
		t.Error("the user pool was not asked about the user, as ServerSideTokenCheck wants it")
	}
}

// TestGuestWhoSignsInGetsTheCustomersIdentity asks as Amplify does: with the id of the guest that the browser was.
func TestGuestWhoSignsInGetsTheCustomersIdentity(t *testing.T) {
	p := serve(t)
	output := must.Get(p.GetCredentialsForIdentity(t.Context(), &cognitoidentity.GetCredentialsForIdentityInput{
		IdentityId: aws.String(p.id(t, "")), Logins: p.logins("alice"),
	}))(t)
	if want := p.id(t, "alice"); *output.IdentityId != want {
		t.Errorf("the id is %s, want the customer's, %s", *output.IdentityId, want)
	}
	session := p.session(t, output.Credentials)
	if want := p.stage.PoolRoles.Roles.Authenticated; session.RoleARN != want ||
		session.Identity.ID != *output.IdentityId {
		t.Errorf("role %s of identity %s, want %s of %s", session.RoleARN, session.Identity.ID, want, *output.IdentityId)
	}
}

func TestIdentityOfACustomerIsStableAndTheCustomersOwn(t *testing.T) {
	p, restarted := serve(t), serve(t)
	mine, guest := p.id(t, "alice"), p.id(t, "")
	for name, again := range map[string]string{
		"another token": p.id(t, "alice again"), "another run": restarted.id(t, "alice"),
	} {
		if again != mine {
			t.Errorf("by %s the id is %s, want %s", name, again, mine)
		}
	}
	theirs := p.id(t, "bob")
	if theirs == mine {
		t.Fatalf("two customers share the id %s", mine)
	}
	p.stage.IdentityPool.ID = "eu-central-1:another"
	another := p.id(t, "alice")
	p.stage.IdentityPool.ID = restarted.stage.IdentityPool.ID
	for name, test := range map[string]struct{ id, token, code, says string }{
		"own id":                  {mine, "alice", "", ""},
		"own id, another run's":   {restarted.id(t, "alice"), "alice", "", ""},
		"guest's, another run's":  {restarted.id(t, ""), "", "", ""},
		"another customer's id":   {theirs, "alice", "NotAuthorizedException", "is forbidden"},
		"customer's id, no login": {mine, "", "NotAuthorizedException", "is forbidden"},
		"guest's id changed":      {flip(guest), "", "ResourceNotFoundException", "not found"},
		"customer's id changed":   {flip(mine), "alice", "ResourceNotFoundException", "not found"},
		"id of another pool":      {another, "alice", "ResourceNotFoundException", "not found"},
		"id of no pool": {"eu-central-1:00000000-0000-0000-0000-000000000000", "", "ResourceNotFoundException",
			"not found"},
		"other region": {strings.Replace(guest, "eu-central-1", "us-east-1", 1), "", "ResourceNotFoundException",
			"not found"},
		"upper case": {strings.ToUpper(guest), "", "ResourceNotFoundException", "not found"},
		"no UUID":    {"eu-central-1:x", "", "ResourceNotFoundException", "not found"},
		"nothing":    {" ", "", "ResourceNotFoundException", "not found"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := p.credentials(t.Context(), test.id, test.token)
			if test.code == "" && err != nil {
				t.Error(err)
			} else if test.code != "" {
				wantError(t, test.code, test.says)(nil, err)
			}
		})
	}
}

// flip changes the last digit.
func flip(id string) string {
	last := "0"
	if strings.HasSuffix(id, last) {
		last = "1"
	}
	return id[:len(id)-1] + last
}
