package userpool

import (
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	cognitosrp "github.com/alexrudd/cognito-srp/v4"
	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/local/localtest/must"
)

func (r *rig) initiate(
	client string, flow types.AuthFlowType, parameters map[string]string,
) (*cognito.InitiateAuthOutput, error) {
	return r.sdk.InitiateAuth(r.t.Context(),
		&cognito.InitiateAuthInput{AuthFlow: flow, ClientId: aws.String(client), AuthParameters: parameters})
}

func TestSignInByAddressInAnyLettersOrBySub(t *testing.T) {
	r := newRig(t).with(jane)
	user, _ := r.adminGet(jane)
	for _, name := range []string{jane, strings.ToLower(jane), strings.ToUpper(jane), *user.Username} {
		out, err := r.srp(webID, name, password)
		if err != nil || out.AuthenticationResult == nil {
			t.Errorf("%s: %+v, %v", name, out, err)
			continue
		}
		if got := claims(t, out.AuthenticationResult.AccessToken)["username"]; got != *user.Username {
			t.Errorf("%s: tokens of %v", name, got)
		}
	}
}

func TestFlowsThatTheClientDoesNotAllowAreRefused(t *testing.T) {
	r := newRig(t).with(jane)
	for _, flow := range []types.AuthFlowType{
		"USER_PASSWORD_AUTH", "REFRESH_TOKEN_AUTH", "REFRESH_TOKEN", "ADMIN_USER_PASSWORD_AUTH", "CUSTOM_AUTH", "USER_AUTH",
	} {
		_, err := r.initiate(webID, flow, map[string]string{"USERNAME": jane, "PASSWORD": password, "REFRESH_TOKEN": "x"})
		name := string(flow)
		if name == "REFRESH_TOKEN" {
			name = "REFRESH_TOKEN_AUTH"
		}
		wantRefusal(t, name, err, "InvalidParameterException: "+name+" flow not enabled for this client")
	}
}

// The challenge of somebody who does not exist must not differ in form: the parameters, their lengths, and that they
// stay the same.
func TestTheChallengeTellsNotWhoExists(t *testing.T) {
	r := newRig(t).with(jane)
	begin := func(name string) map[string]string {
		out, err := r.initiate(webID, "USER_SRP_AUTH", map[string]string{"USERNAME": name, "SRP_A": "abc"})
		if err != nil || out.ChallengeName != "PASSWORD_VERIFIER" || out.Session != nil {
			t.Fatalf("%s: %+v, %v", name, out, err)
		}
		return out.ChallengeParameters
	}
	known, unknown := begin(jane), begin("Nobody@example.com")
	for name, value := range known {
		if got := len(unknown[name]); got < len(value)-3 || got > len(value)+3 {
			t.Errorf("%s has %d characters, %d for somebody who exists", name, got, len(value))
		}
	}
	again, sub := begin("nobody@EXAMPLE.com"), begin(unknown["USERNAME"])
	for _, name := range []string{"SALT", "USERNAME", "USER_ID_FOR_SRP"} {
		if again[name] != unknown[name] {
			t.Errorf("%s of nobody changes from %s to %s", name, unknown[name], again[name])
		}
	}
	if len(known) != 5 || len(unknown) != 5 || sub["USER_ID_FOR_SRP"] != unknown["USERNAME"] ||
		again["SRP_B"] == unknown["SRP_B"] {
		t.Errorf("parameters %v of nobody, want as for %v", unknown, known)
	}
	other := begin("somebody.else@example.com")
	if other["SALT"] == unknown["SALT"] || other["USERNAME"] == unknown["USERNAME"] {
		t.Error("everybody who does not exist is the same")
	}
}

// The answers are compared one by one, lockout included; the time by the work that is done, because measuring it would
// make this test flaky: both sign-ins take the path of passwordGiven with an exchange of the same size.
func TestUnknownUserIsAnsweredLikeAWrongPassword(t *testing.T) {
	r := newRig(t).with(jane)
	answers := map[string][]string{}
	for range freeFailures + 1 {
		for _, name := range []string{jane, "nobody@example.com"} {
			answers[name] = append(answers[name], refusal(errorOf(r.srp(webID, name, another))))
		}
	}
	for i, got := range answers["nobody@example.com"] {
		want := "NotAuthorizedException: Incorrect username or password."
		if i == freeFailures {
			want = "NotAuthorizedException: Password attempts exceeded"
		}
		if got != want || answers[jane][i] != want {
			t.Errorf("attempt %d: %q for nobody and %q for Jane, want %q", i, got, answers[jane][i], want)
		}
	}
}

func TestLockoutDoublesUpToFifteenMinutesAndIsForgotten(t *testing.T) {
	r := newRig(t).with(jane)
	try := func(typed string) string { return refusal(errorOf(r.SignInWithPassword(webID, jane, typed))) }
	const wrong = "NotAuthorizedException: Incorrect username or password."
	const locked = "NotAuthorizedException: Password attempts exceeded"
	for range freeFailures {
		if got := try(another); got != wrong {
			t.Fatalf("got %q", got)
		}
	}
	for lock := time.Second; lock < 20*time.Minute; lock *= 2 {
		lock := min(lock, 15*time.Minute)
		r.clock.Advance(lock - time.Millisecond)
		// What is tried during a lockout does not make it longer, not even with the right password.
		for _, typed := range []string{another, password} {
			if got := try(typed); got != locked {
				t.Fatalf("just before %v: got %q", lock, got)
			}
		}
		r.clock.Advance(time.Millisecond)
		if got := try(another); got != wrong {
			t.Fatalf("after %v: got %q", lock, got)
		}
	}
	if got := try(password); got != locked {
		t.Errorf("got %q, want a lockout", got)
	}
	r.clock.Advance(15 * time.Minute)
	if got := try(password); got != "" {
		t.Errorf("after the lockout the right password is refused: %q", got)
	}
	for range freeFailures {
		if got := try(another); got != wrong {
			t.Errorf("after a sign-in failures are counted on: %q", got)
		}
	}
	r.clock.Advance(15*time.Minute + time.Second)
	if got := try(another); got != wrong {
		t.Errorf("15 minutes without an attempt are not enough: %q", got)
	}
}

func TestOfManyGuessesAtOnceFiveAreAnswered(t *testing.T) {
	r := newRig(t).with(jane)
	var guesses sync.WaitGroup
	var mu sync.Mutex
	answers := map[string]int{}
	for i := range 40 {
		guesses.Go(func() {
			_, err := r.SignInWithPassword(webID, jane, fmt.Sprintf("guess number %d", i))
			mu.Lock()
			defer mu.Unlock()
			answers[refusal(err)]++
		})
	}
	guesses.Wait()
	if wrong := answers["NotAuthorizedException: Incorrect username or password."]; wrong != freeFailures {
		t.Errorf("answers %v, want %d of them to say that the password is wrong", answers, freeFailures)
	}
}

func TestProofOfAPasswordIsGoodForOneAnswer(t *testing.T) {
	r := newRig(t).with(jane)
	srp := must.Get(cognitosrp.NewCognitoSRP(jane, password, poolID, webID, nil))(t)
	begin := func() map[string]string {
		begun := must.Get(r.initiate(webID, "USER_SRP_AUTH", srp.GetAuthParams()))(t)
		return must.Get(srp.PasswordVerifierChallenge(begun.ChallengeParameters, r.clock.Now()))(t)
	}
	const wrong = "NotAuthorizedException: Incorrect username or password."
	responses := begin()
	must.Get(r.respond(webID, "", "PASSWORD_VERIFIER", responses))(t)
	refused(t, "the same proof again", wrong)(r.respond(webID, "", "PASSWORD_VERIFIER", responses))
	refused(t, "another client", wrong)(r.respond(stepUpID, "", "PASSWORD_VERIFIER", begin()))
	late := begin()
	r.clock.Advance(3 * time.Minute)
	refused(t, "too late", wrong)(r.respond(webID, "", "PASSWORD_VERIFIER", late))
	for name, change := range map[string]struct{ key, value, want string }{
		"another time": {"TIMESTAMP", "Mon May 4 12:00:06 UTC 2026", wrong},
		"no time": {"TIMESTAMP", "yesterday",
			"InvalidParameterException: TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english"},
		"another user":         {"USERNAME", "nobody@example.com", wrong},
		"another secret block": {"PASSWORD_CLAIM_SECRET_BLOCK", base64.StdEncoding.EncodeToString([]byte("x")), wrong},
		"no base64":            {"PASSWORD_CLAIM_SIGNATURE", "%", "InvalidParameterException"},
		"an empty signature": {"PASSWORD_CLAIM_SIGNATURE", "",
			"InvalidParameterException: Missing required parameter PASSWORD_CLAIM_SIGNATURE"},
		"a cut signature": {"PASSWORD_CLAIM_SIGNATURE", "AAAA", wrong},
	} {
		r.clock.Advance(16 * time.Minute)
		responses := begin()
		responses[change.key] = change.value
		refused(t, name, change.want)(r.respond(webID, "", "PASSWORD_VERIFIER", responses))
	}
	r.clock.Advance(16 * time.Minute)
	former := begin()
	r.hold(func() { must.Do(t, r.setPassword(r.find(jane), another)) })
	refused(t, "a password that was replaced", wrong)(r.respond(webID, "", "PASSWORD_VERIFIER", former))
	refused(t, "A = N", "InvalidParameterException: SRP_A must not be 0 modulo N.")(
		r.initiate(webID, "USER_SRP_AUTH", map[string]string{"USERNAME": jane, "SRP_A": groupN.Text(16)}))
	refused(t, "no user name", "InvalidParameterException: Missing required parameter USERNAME")(
		r.initiate(webID, "USER_SRP_AUTH", map[string]string{"SRP_A": "abc"}))
}

func TestDisabledUserIsToldSoOnlyWithTheRightPassword(t *testing.T) {
	r := newRig(t).with(jane)
	r.disable(jane)
	refused(t, "wrong password", "NotAuthorizedException: Incorrect username or password.")(r.srp(webID, jane, another))
	refused(t, "right password", "NotAuthorizedException: User is disabled.")(r.srp(webID, jane, password))
	must.Get(r.sdk.AdminEnableUser(t.Context(),
		&cognito.AdminEnableUserInput{UserPoolId: aws.String(poolID), Username: aws.String(jane)}))(t)
	r.signIn(webID, jane)
}
