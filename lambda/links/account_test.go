package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/lambda/internal/gateway"
)

// The attribute in the forms of AdminGetUser and of tokens.
func TestIdentitiesAreReadAsCognitoWritesThem(t *testing.T) {
	for text, want := range map[string]account{
		"": {},
		`[{"userId":"1143","providerName":"Google","providerType":"Google",` +
			`"issuer":null,"primary":true,"dateCreated":1642699117273}]`: {
			own: []identity{{"Google", "1143"}},
		},
		`[{"dateCreated":"1642699117273","userId":"1143","providerName":"Google","providerType":"Google",` +
			`"issuer":null,"primary":"false"}]`: {
			linked: []identity{{"Google", "1143"}},
		},
		`[{"userId":"1143","providerName":"Google","primary":"true"},{"userId":"9","providerName":"Okta","primary":false}]`: {
			own: []identity{{"Google", "1143"}}, linked: []identity{{"Okta", "9"}},
		},
		`[]`: {},
	} {
		var got account
		if err := got.readIdentities(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(account{}, identity{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestIdentitiesThatAreNoneAreRefused(t *testing.T) {
	for text, reason := range map[string]string{
		`{`:                   "not the list that Cognito documents",
		`{"userId":"1143"}`:   "not the list that Cognito documents",
		`[{"userId":1143}]`:   "not the list that Cognito documents",
		`[{"userId":"1143"}]`: "names no identity",
		`[{"userId":"","providerName":"Google","primary":true}]`:     "names no identity",
		`[{"providerName":"Google","primary":true}]`:                 "names no identity",
		`[{"userId":"1143","providerName":"Google"}]`:                "does not say whether it is primary",
		`[{"userId":"1143","providerName":"Google","primary":1}]`:    "does not say whether it is primary",
		`[{"userId":"1143","providerName":"Google","primary":null}]`: "does not say whether it is primary",
	} {
		wantInvalidUser(t, new(account).readIdentities(text), reason)
	}
}

func TestAnswerAboutNobodyIsRefused(t *testing.T) {
	sub := []types.AttributeType{{Name: aws.String("sub"), Value: aws.String("x")}}
	for name, user := range map[string]*cognito.AdminGetUserOutput{
		"no user name": {UserAttributes: sub}, "no sub": {Username: aws.String("x")},
	} {
		if _, err := accountOf(user); err == nil {
			t.Errorf("%s: no error", name)
		} else {
			wantInvalidUser(t, err, "names no user")
		}
	}
}

func wantInvalidUser(t *testing.T, err error, reason string) {
	t.Helper()
	var failure *gateway.Problem
	if !errors.As(err, &failure) || failure.Status != 500 || failure.Code != "InvalidUser" ||
		!strings.Contains(failure.Reason, reason) {
		t.Errorf("error %v, want InvalidUser: %s", err, reason)
	}
}

// Each route refuses an account whose identities it cannot read.
func TestAccountThatCannotBeReadIsRefused(t *testing.T) {
	w, offered := offering(t)
	w.profile.raw = `[{"userId":"1143","providerName":"Google"}]`
	wantStatus(t, w.redeem(t, w.alice, offered), 500)
	w.wantUntouched(t)
	wantStatus(t, w.Serve(t, w.by(t, w.profile, web, "GET", "/links", "")), 500)
}
