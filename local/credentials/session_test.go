package credentials_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/local/credentials"
	"github.com/securecart/identity/local/localtest/must"
)

func TestSessionKnowsWhoseItIs(t *testing.T) {
	clock := newClock()
	s, store := open(t, clock)
	session := assumeCustomer(t, s, store)
	if !strings.HasPrefix(session.AccessKeyID, "ASIA") || len(session.AccessKeyID) != 20 ||
		len(session.SecretAccessKey) != 40 {
		t.Errorf("access key %s and a secret of %d, want ASIA and 16 more, and 40", session.AccessKeyID,
			len(session.SecretAccessKey))
	}
	if want := clock.Add(time.Hour); !session.Expiration.Equal(want) {
		t.Errorf("expires %s, want %s", session.Expiration, want)
	}
	roleID, name, _ := strings.Cut(session.UserID, ":")
	if !strings.HasPrefix(roleID, "AROA") || len(roleID) != 21 || name != "CognitoIdentityCredentials" {
		t.Errorf("user id %s", session.UserID)
	}
	provider := s.UserPool.ProviderName
	want := map[string][]string{
		"aws:FederatedProvider":              {"cognito-identity.amazonaws.com"},
		"aws:MultiFactorAuthPresent":         {"false"},
		"aws:PrincipalAccount":               {s.Account},
		"aws:PrincipalArn":                   {s.PoolRoles.Roles.Authenticated},
		"aws:PrincipalTag/customer":          {customerSub},
		"aws:PrincipalType":                  {"AssumedRole"},
		"aws:userid":                         {session.UserID},
		"cognito-identity.amazonaws.com:amr": {"authenticated", provider, provider + ":CognitoSignIn:" + customerSub},
		"cognito-identity.amazonaws.com:aud": {s.IdentityPool.ID},
		"cognito-identity.amazonaws.com:sub": {"eu-central-1:customer"},
	}
	if diff := cmp.Diff(want, session.Context); diff != "" {
		t.Errorf("context (-want +got)\n%s", diff)
	}
	if again := assumeCustomer(t, s, store); again.AccessKeyID == session.AccessKeyID ||
		again.SessionToken == session.SessionToken {
		t.Error("two sessions share credentials")
	}
}

func TestPrintedSessionShowsNoSecret(t *testing.T) {
	s, store := open(t, newClock())
	session := assumeCustomer(t, s, store)
	asJSON := must.Get(json.Marshal(map[string]any{"session": session, "pointer": &session}))(t)
	printed := fmt.Sprintf("%v %+v %#v %v %+v %s", session, session, session, &session, &session, asJSON)
	if strings.Contains(printed, session.SecretAccessKey) || strings.Contains(printed, session.SessionToken) {
		t.Errorf("a secret shows in %s", printed)
	}
	if !strings.Contains(printed, session.ARN) {
		t.Errorf("%s does not show whose session it is", printed)
	}
}

func TestSessionsOutOfBoundsAreRefused(t *testing.T) {
	s, store := open(t, newClock())
	orders := role(t, s, "OrdersRole")
	many := map[string]string{}
	for i := range 51 {
		many[fmt.Sprint(i)] = "x"
	}
	for name, test := range map[string]struct {
		role, session string
		ttl           time.Duration
		tags          map[string]string
		says          string
	}{
		"no role": {"arn:aws:iam::111122223333:role/None", "s1", time.Hour, nil,
			"no role arn:aws:iam::111122223333:role/None"},
		"name with slash":  {orders, "a/b", time.Hour, nil, `session name "a/b"`},
		"name too short":   {orders, "a", time.Hour, nil, "2 to 64"},
		"no time":          {orders, "s1", 0, nil, "time to live"},
		"tag with newline": {orders, "s1", time.Hour, map[string]string{"customer": "a\nb"}, `session tag "customer"`},
		"tag with star":    {orders, "s1", time.Hour, map[string]string{"customer": "*"}, `session tag "customer"`},
		"tag too long":     {orders, "s1", time.Hour, map[string]string{"customer": strings.Repeat("a", 257)}, "256"},
		"tag without name": {orders, "s1", time.Hour, map[string]string{"": "a"}, `session tag ""`},
		"too many tags":    {orders, "s1", time.Hour, many, "51 session tags"},
	} {
		if _, err := store.Issue(test.role, test.session, test.ttl, test.tags, nil); err == nil ||
			!strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: got %v, want %q", name, err, test.says)
		}
	}
}

// TestSessionsAreBounded fills the store: what lives is never thrown out for somebody else.
func TestSessionsAreBounded(t *testing.T) {
	clock := newClock()
	s, store := open(t, clock)
	first := assumeGuest(t, s, store)
	var err error
	issued := 1
	for ; err == nil && issued < 1_000_000; issued++ {
		_, err = store.Issue(s.PoolRoles.Roles.Unauthenticated, "s1", time.Hour, nil, nil)
	}
	if !errors.Is(err, credentials.ErrTooManySessions) {
		t.Fatalf("after %d sessions: %v", issued, err)
	}
	m := sign(t, asAWS(first), "s3", region, clock.Time)
	if _, err := m.verify(store, "s3"); !strings.Contains(err.Error(), "x-amz-content-sha256") {
		t.Errorf("the first session is gone: %v", err)
	}
	clock.Time = clock.Add(time.Hour)
	if _, err := store.Issue(s.PoolRoles.Roles.Unauthenticated, "s1", time.Hour, nil, nil); err != nil {
		t.Errorf("after they ended: %v", err)
	}
	m = sign(t, asAWS(first), "kms", region, clock.Time)
	_, err = m.verify(store, "kms")
	wantCode(t, err, credentials.UnrecognizedClient)
}

// TestEndedSessionsAreForgotten even if the store is not full.
func TestEndedSessionsAreForgotten(t *testing.T) {
	clock := newClock()
	s, store := open(t, clock)
	session := assumeGuest(t, s, store)
	clock.Time = clock.Add(time.Hour + 11*time.Minute)
	assumeGuest(t, s, store)
	m := sign(t, asAWS(session), "kms", region, clock.Time)
	_, err := m.verify(store, "kms")
	wantCode(t, err, credentials.UnrecognizedClient)
}

func TestSessionIsNoLongerThanItsRoleAllows(t *testing.T) {
	clock := newClock()
	s, store := open(t, clock, func(templates map[string]assembly.Template) {
		resource(t, templates, "IdentityPool", "IdentitiesGuestB").Properties["MaxSessionDuration"] = 1800
	})
	if session, want := assumeGuest(t, s, store), clock.Add(30*time.Minute); !session.Expiration.Equal(want) {
		t.Errorf("expires %s, want %s", session.Expiration, want)
	}
}
