package customer_test

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"pgregory.net/rapid"

	"github.com/securecart/identity/lambda/internal/customer"
	"github.com/securecart/identity/lambda/internal/gateway"
)

const (
	sub    = "c3d4e5f6-a7b8-4c9d-8e0f-1a2b3c4d5e6f"
	client = "2hexampleclientid0stepup0a"
	noon   = 1784116800
)

// gate's clock stands just before the end of the second noon.
var gate = customer.Gate{Client: client, Now: func() time.Time { return time.Unix(noon, 999_999_999) }}

// claims are the claims of a valid token, with some changed or, if nil, left out.
func claims(changes map[string]any) map[string]any {
	all := map[string]any{"token_use": "access", "client_id": client, "auth_time": strconv.Itoa(noon - 60), "sub": sub}
	for name, value := range changes {
		all[name] = value
		if value == nil {
			delete(all, name)
		}
	}
	return all
}

func request(claims any) events.APIGatewayProxyRequest {
	return events.APIGatewayProxyRequest{RequestContext: events.APIGatewayProxyRequestContext{
		Authorizer: map[string]any{"claims": claims},
	}}
}

func wantCustomer(t *testing.T, claims any) {
	t.Helper()
	if got, err := gate.Sub(request(claims)); err != nil || got != sub {
		t.Errorf("Sub() = %q, %v; want %s", got, err, sub)
	}
}

func wantRefused(t *testing.T, gate customer.Gate, claims any, code string) {
	t.Helper()
	got, err := gate.Sub(request(claims))
	var refused *gateway.Problem
	if !errors.As(err, &refused) || refused.Status != http.StatusUnauthorized || got != "" {
		t.Fatalf("Sub() = %q, %v; want a 401 problem", got, err)
	}
	if refused.Code != code || refused.Reason == "" || strings.Contains(refused.Reason, sub) {
		t.Errorf("logged as %q, want %s and the claim without its value", refused.Error(), code)
	}
	want := `Bearer error="insufficient_user_authentication", max_age=300`
	if header := refused.Header["WWW-Authenticate"]; header != want {
		t.Errorf("WWW-Authenticate %s, want %s: nothing else makes a client step up", header, want)
	}
}

func TestSteppedUpCustomerIsLetThroughForFiveMinutes(t *testing.T) {
	for _, age := range []int{-30, -29, -1, 0, 1, 299, 300} {
		wantCustomer(t, claims(map[string]any{"auth_time": strconv.Itoa(noon - age)}))
	}
}

func TestSignInOutsideTheFiveMinutesIsRefused(t *testing.T) {
	for authTime, code := range map[string]string{
		strconv.Itoa(noon - 301):   gateway.Stale,
		strconv.Itoa(noon - 86400): gateway.Stale,
		"0":                        gateway.Stale,
		strconv.Itoa(noon + 31):    "InvalidStepUp",
		strconv.Itoa(noon * 1000):  "InvalidStepUp", // milliseconds
		"9223372036854775807":      "InvalidStepUp",
		"-1":                       "InvalidStepUp",
		"-9223372036854775808":     "InvalidStepUp",
	} {
		t.Run(authTime, func(t *testing.T) {
			wantRefused(t, gate, claims(map[string]any{"auth_time": authTime}), code)
		})
	}
}

// weak are values of the claim acr that name no second factor.
var weak = []any{
	"urn:cognito:loa:1", "urn:cognito:loa:2", "urn:cognito:loa:5", "urn:cognito:loa:34", "urn:cognito:loa:",
	"URN:COGNITO:LOA:3", " urn:cognito:loa:3", "urn:cognito:loa:3\n", "urn:cognito:loa:3 urn:cognito:loa:4", "3", "",
	3.0, true,
	[]any{"urn:cognito:loa:3"}, map[string]any{},
}

// demanding is the gate of a stage that requires the claim acr.
var demanding = customer.Gate{Client: client, RequireACR: true, Now: gate.Now}

func TestAuthenticationContextMustIncludeASecondFactorIfNamed(t *testing.T) {
	for _, gate := range []customer.Gate{gate, demanding} {
		for _, level := range []string{"urn:cognito:loa:3", "urn:cognito:loa:4"} {
			if got, err := gate.Sub(request(claims(map[string]any{"acr": level}))); err != nil || got != sub {
				t.Errorf("acr %s demanded %t: Sub() = %q, %v; want %s", level, gate.RequireACR, got, err, sub)
			}
		}
		for _, level := range weak {
			wantRefused(t, gate, claims(map[string]any{"acr": level}), "InvalidStepUp")
		}
		null := claims(nil)
		null["acr"] = nil
		wantRefused(t, gate, null, "InvalidStepUp")
	}
}

func TestAuthenticationContextMustBeNamedWhereItIsDemanded(t *testing.T) {
	wantCustomer(t, claims(map[string]any{"acr": nil}))
	wantRefused(t, demanding, claims(map[string]any{"acr": nil}), "InvalidStepUp")
	// A valid acr does not replace any other claim.
	const good = "urn:cognito:loa:4"
	wantRefused(t, demanding, claims(map[string]any{"acr": good, "client_id": "x"}), "InvalidStepUp")
	wantRefused(t, demanding, claims(map[string]any{"acr": good, "auth_time": strconv.Itoa(noon - 301)}), gateway.Stale)
}

func TestTokenThatIsMissingSomethingIsRefused(t *testing.T) {
	tests := map[string]any{
		"no claims":       nil,
		"claims a string": `{"token_use":"access"}`,
		"claims a list":   []any{claims(nil)},
		"claims of another map": map[string]string{
			"token_use": "access", "client_id": client, "auth_time": strconv.Itoa(noon), "sub": sub,
		},
		"claims empty":             map[string]any{},
		"no token_use":             claims(map[string]any{"token_use": nil}),
		"an ID token":              claims(map[string]any{"token_use": "id", "aud": client}),
		"token_use of two":         claims(map[string]any{"token_use": []any{"access"}}),
		"no client":                claims(map[string]any{"client_id": nil}),
		"client empty":             claims(map[string]any{"client_id": ""}),
		"the Web client":           claims(map[string]any{"client_id": "4hexampleclientid0web0abcd"}),
		"client with more":         claims(map[string]any{"client_id": client + "x"}),
		"client in upper case":     claims(map[string]any{"client_id": strings.ToUpper(client)}),
		"client a list":            claims(map[string]any{"client_id": []any{client}}),
		"the client as audience":   claims(map[string]any{"client_id": nil, "aud": client}),
		"no auth_time":             claims(map[string]any{"auth_time": nil}),
		"no auth_time, but an iat": claims(map[string]any{"auth_time": nil, "iat": strconv.Itoa(noon)}),
		"auth_time a number":       claims(map[string]any{"auth_time": float64(noon)}),
		"auth_time empty":          claims(map[string]any{"auth_time": ""}),
		"auth_time with a sign":    claims(map[string]any{"auth_time": "+" + strconv.Itoa(noon)}),
		"auth_time with a zero":    claims(map[string]any{"auth_time": "0" + strconv.Itoa(noon)}),
		"auth_time with decimals":  claims(map[string]any{"auth_time": strconv.Itoa(noon) + ".0"}),
		"auth_time with a blank":   claims(map[string]any{"auth_time": strconv.Itoa(noon) + " "}),
		"auth_time in hex":         claims(map[string]any{"auth_time": "0x6A57F240"}),
		"auth_time a date":         claims(map[string]any{"auth_time": "Wed Jul 15 12:00:00 UTC 2026"}),
		"auth_time too large":      claims(map[string]any{"auth_time": "9223372036854775808"}),
	}
	for name, claims := range tests {
		t.Run(name, func(t *testing.T) { wantRefused(t, gate, claims, "InvalidStepUp") })
	}
	t.Run("no authorizer", func(t *testing.T) {
		if got, err := gate.Sub(events.APIGatewayProxyRequest{}); err == nil {
			t.Errorf("Sub() = %q, want it refused", got)
		}
	})
}

func TestGateWithoutAClientLetsNobodyThrough(t *testing.T) {
	for _, client := range []any{"", nil} {
		wantRefused(t, customer.Gate{Now: gate.Now}, claims(map[string]any{"client_id": client}), "InvalidStepUp")
	}
}

func TestSteppedUpTokenOfNobodyIsRefused(t *testing.T) {
	got, err := gate.Sub(request(claims(map[string]any{"sub": "alice"})))
	var refused *gateway.Problem
	if !errors.As(err, &refused) || refused.Status != http.StatusUnauthorized || got != "" {
		t.Errorf("Sub() = %q, %v; want a 401 problem", got, err)
	}
}

func TestOnlyTheRightClaimsGetThrough(t *testing.T) {
	anything := func(good string) *rapid.Generator[any] {
		return rapid.OneOf(
			rapid.Just[any](good), rapid.Just[any](nil), rapid.String().AsAny(), rapid.Float64().AsAny(), rapid.Bool().AsAny())
	}
	rapid.Check(t, func(r *rapid.T) {
		age := rapid.IntRange(-100, 400).Draw(r, "age")
		authTime := strconv.Itoa(noon - age)
		token := map[string]any{
			"sub":       sub,
			"token_use": anything("access").Draw(r, "token_use"),
			"client_id": anything(client).Draw(r, "client_id"),
			"auth_time": anything(authTime).Draw(r, "auth_time"),
		}
		if rapid.Bool().Draw(r, "acr present") {
			token["acr"] = anything("urn:cognito:loa:4").Draw(r, "acr")
		}
		acr, present := token["acr"]
		good := token["token_use"] == "access" && token["client_id"] == client && token["auth_time"] == authTime &&
			age >= -30 && age <= 300
		for gate, want := range map[*customer.Gate]bool{
			&gate:      good && (!present || acr == "urn:cognito:loa:4"),
			&demanding: good && acr == "urn:cognito:loa:4",
		} {
			if _, err := gate.Sub(request(token)); (err == nil) != want {
				r.Errorf("claims %v, acr demanded %t: error %v, want them let through: %t", token, gate.RequireACR, err, want)
			}
		}
	})
}
