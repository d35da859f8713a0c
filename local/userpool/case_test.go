package userpool

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/localtest/must"
)

// anotherCase is what a subject in another case is answered.
const anotherCase = "InvalidParameterException: Invalid ProviderName/Username combination. Please check again"

// subjects are the userIds of the attribute identities.
func subjects(t *testing.T, attributes map[string]string) []string {
	t.Helper()
	var records []identityRecord
	must.Do(t, json.Unmarshal([]byte(attributes["identities"]), &records))
	var all []string
	for _, r := range records {
		all = append(all, r.UserID)
	}
	return all
}

func TestNamesOfFederatedUsersFoldCaseAndSubjectsDoNot(t *testing.T) {
	r := newRig(t)
	for range 2 {
		got, err := r.SignInFederated(t.Context(), webID, "Google", "00uAbC", nil)
		if err != nil || got != "google_00uabc" {
			t.Fatalf("signed in as %q, %v", got, err)
		}
	}
	if told := r.registrations()[0]["user"]; told != "google_00uabc" {
		t.Errorf("the pre sign-up trigger was told %v", told)
	}
	user, attributes := r.adminGet("GOOGLE_00uABC")
	if *user.Username != "google_00uabc" {
		t.Errorf("its name is %s", *user.Username)
	}
	if diff := cmp.Diff([]string{"00uAbC"}, subjects(t, attributes)); diff != "" {
		t.Errorf("identities (-want +got):\n%s", diff)
	}
	for _, other := range []string{"00uabc", "00UABC"} {
		refused(t, other, anotherCase)(r.SignInFederated(t.Context(), webID, "Google", other, nil))
	}
	if len(r.users) != 1 {
		t.Errorf("%d users, want one", len(r.users))
	}
}

// This is what happens to a link whose subject was taken from the user name.
func TestALinkOfAnotherCaseSignsNobodyIn(t *testing.T) {
	r := newRig(t)
	sub := r.sub(jane)
	must.Do(t, r.link(sub, "00uabc"))
	refused(t, "the subject as the provider writes it", anotherCase)(
		r.SignInFederated(t.Context(), webID, "Google", "00uAbC", nil))
	must.Do(t, r.link(sub, "00uAbC"))
	if got, err := r.SignInFederated(t.Context(), webID, "Google", "00uAbC", nil); err != nil || got != sub {
		t.Errorf("linked exactly, signed in as %q, %v", got, err)
	}
}

func TestAProfileOfAnotherCaseCannotBeLinked(t *testing.T) {
	r := newRig(t)
	must.Get(r.SignInFederated(t.Context(), webID, "Google", "00uAbC", nil))(t)
	wantRefusal(t, "its subject in lower case", r.link(r.sub(jane), "00uabc"),
		"InvalidParameterException: Merging is not currently supported")
}

func TestACaseSensitivePoolKeepsTheCaseOfNames(t *testing.T) {
	r := newRig(t, func(s *deployed.Stage) { s.UserPool.UsernameConfiguration.CaseSensitive = true })
	for _, subject := range []string{"00uAbC", "00uabc"} {
		got, err := r.SignInFederated(t.Context(), webID, "Google", subject, nil)
		if err != nil || got != "Google_"+subject {
			t.Errorf("signed in as %q, %v", got, err)
		}
	}
	refused(t, "a name in another case", "UserNotFoundException")(r.sdk.AdminGetUser(t.Context(),
		&cognito.AdminGetUserInput{UserPoolId: aws.String(poolID), Username: aws.String("google_00uabc")}))
}
