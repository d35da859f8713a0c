package customer_test

import (
	"errors"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/securecart/identity/lambda/internal/customer"
	"github.com/securecart/identity/lambda/internal/gateway"
)

// now is the moment of gate's clock.
var now = gate.Now()

// ofWeb are the claims of a valid token of the Web client, with changes like those of claims.
func ofWeb(changes map[string]any) map[string]any {
	all := claims(changes)
	all["client_id"] = "4hexampleclientid0web0abcd"
	return all
}

func TestRecentSignInAtAnyClientIsAcceptedForFiveMinutes(t *testing.T) {
	for _, age := range []int{-30, 0, 299, 300} {
		got, err := customer.SignedIn(request(ofWeb(map[string]any{"auth_time": strconv.Itoa(noon - age)})), now)
		if err != nil || got != sub {
			t.Errorf("signed in %d s ago: SignedIn() = %q, %v; want %s", age, got, err, sub)
		}
	}
}

func TestSignInThatIsNotRecentMustBeRepeated(t *testing.T) {
	for name, test := range map[string]struct {
		authTime any
		code     string
	}{
		"too old":       {strconv.Itoa(noon - 301), gateway.Stale},
		"a day old":     {strconv.Itoa(noon - 86400), gateway.Stale},
		"in the future": {strconv.Itoa(noon + 31), "InvalidStepUp"},
		"before 1970":   {"-1", "InvalidStepUp"},
		"missing":       {nil, "InvalidStepUp"},
		"a number":      {float64(noon), "InvalidStepUp"},
	} {
		got, err := customer.SignedIn(request(ofWeb(map[string]any{"auth_time": test.authTime})), now)
		var refused *gateway.Problem
		if !errors.As(err, &refused) || got != "" || refused.Code != test.code {
			t.Errorf("%s: SignedIn() = %q, %v; want it refused with %s", name, got, err, test.code)
			continue
		}
		want := `Bearer error="insufficient_user_authentication", max_age=300`
		if header := refused.Header["WWW-Authenticate"]; refused.Status != http.StatusUnauthorized || header != want {
			t.Errorf("%s: %d, WWW-Authenticate %s; want 401 and %s", name, refused.Status, header, want)
		}
	}
}

func TestRecentSignInOfNobodyIsRefused(t *testing.T) {
	for name, claims := range map[string]any{
		"no claims":   nil,
		"an ID token": ofWeb(map[string]any{"token_use": "id"}),
		"no sub":      ofWeb(map[string]any{"sub": nil}),
	} {
		got, err := customer.SignedIn(request(claims), now)
		var refused *gateway.Problem
		if !errors.As(err, &refused) || refused.Status != http.StatusUnauthorized || got != "" {
			t.Errorf("%s: SignedIn() = %q, %v; want a 401 problem", name, got, err)
		}
	}
}

func TestTimeOfTheSignInIsComparedWithTheGivenClock(t *testing.T) {
	signedIn := request(ofWeb(map[string]any{"auth_time": strconv.Itoa(noon)}))
	if _, err := customer.SignedIn(signedIn, time.Unix(noon+301, 0)); err == nil {
		t.Error("a sign-in counts as recent 301 s later")
	}
}
