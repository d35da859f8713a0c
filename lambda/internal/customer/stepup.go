package customer

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/gateway"
)

const (
	// maxAge is how long a sign-in counts as recent.
	maxAge = 300 * time.Second
	// maxAhead is by how much Cognito's clock may be ahead of ours.
	maxAhead = 30 * time.Second
)

// invalid is the code of a refusal that the log shows as an error: the token was never sufficient.
const invalid = "InvalidStepUp"

// strong are the authentication contexts that count as more than a password: a passkey, or a password and a code by SMS
// or e-mail (loa:3), and a password and a TOTP code (loa:4).
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-step-up-authentication.html
var strong = []string{"urn:cognito:loa:3", "urn:cognito:loa:4"}

// A Gate is the second check of every high-risk request: it lets stepped-up customers through. API Gateway has let the
// request through because its token carries the route's scope. The Gate does not read scopes; it reads claims that
// Cognito sets and no trigger can change.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
//
// It checks three things: the token is an access token, Cognito issued it to the StepUp client, and its sign-in is at
// most 300 s old. So none of these gives access: a high-risk scope in a token of another client, a token refreshed
// after its sign-in was old, a route deployed without its scope.
//
// It does not prove that Cognito asked for a second factor, nor that the factor is trusted. Tokens without the claim
// acr do not show it: a sign-in at the StepUp client with the password alone has the same claims. The token trigger
// alone withholds high-risk scopes from such a sign-in, and the Gate would not notice a wrong decision. Where tokens
// have acr, the Gate checks it, and RequireACR requires it.
//
// A missing claim, or one of another type, makes the Gate refuse. Client and Now are required.
type Gate struct {
	// Client is the id of the StepUp client.
	Client string
	// RequireACR refuses tokens without the claim acr. Set it where Cognito issues the claim; it does not in every Region
	// yet. Without RequireACR the claim is checked only when it is present.
	RequireACR bool
	// Now is the clock.
	Now func() time.Time
}

// GateFromEnvironment returns the Gate that the variables [contract.StepUpClientID] and [contract.RequireACR] describe,
// with the clock of this machine. Both must be set; the latter must be "true" or "false", so that a spelling mistake
// cannot switch the requirement off.
func GateFromEnvironment(env *function.Environment) Gate {
	gate := Gate{Client: env.Required(contract.StepUpClientID), Now: time.Now}
	switch demanded := env.Required(contract.RequireACR); demanded {
	case "true":
		gate.RequireACR = true
	case "", "false":
	default:
		env.Refuse(fmt.Errorf("%s must be true or false, got %q", contract.RequireACR, demanded))
	}
	return gate
}

// Sub returns the sub of the customer who sent the request and has stepped up. Otherwise the error is a 401 Problem.
func (g Gate) Sub(request events.APIGatewayProxyRequest) (string, error) {
	if err := g.check(request); err != nil {
		return "", err
	}
	return Sub(request)
}

// SignedIn returns the sub of the customer who sent the request, with an access token of any client, and signed in at
// most 300 s ago. If the sign-in is older, or the token does not say when it was, the error is a 401 Problem that asks
// for a new sign-in.
//
// A refreshed token keeps the time of its sign-in. After a sign-in by managed login's cookie the time may be that of
// the first sign-in: the customer must then sign in again.
func SignedIn(request events.APIGatewayProxyRequest, now time.Time) (string, error) {
	customer, err := Sub(request)
	if err != nil {
		return "", err
	}
	claims, _ := request.RequestContext.Authorizer["claims"].(map[string]any)
	if code, reason := age(claims["auth_time"], now); code != "" {
		return "", gateway.SignInAgain(code, reason, maxAge)
	}
	return customer, nil
}

func (g Gate) check(request events.APIGatewayProxyRequest) error {
	claims, found := request.RequestContext.Authorizer["claims"].(map[string]any)
	if !found {
		return refused("claims are missing or not an object")
	}
	if use, _ := claims["token_use"].(string); use != "access" {
		return refused("claim token_use is not access")
	}
	// Without the first comparison a Gate without a client would accept a token without one.
	if client, _ := claims["client_id"].(string); client == "" || client != g.Client {
		return refused("claim client_id is not the StepUp client")
	}
	level, present := claims["acr"]
	if g.RequireACR && !present {
		return refused("claim acr is missing")
	}
	if text, _ := level.(string); present && !slices.Contains(strong, text) {
		return refused("claim acr names no second factor")
	}
	if code, reason := age(claims["auth_time"], g.Now()); code != "" {
		return gateway.StepUp(code, reason, maxAge)
	}
	return nil
}

// age checks auth_time, which API Gateway passes as a string of digits. If the sign-in is not recent, it returns the
// code and the reason for the log.
func age(claim any, now time.Time) (code, reason string) {
	text, _ := claim.(string)
	seconds, err := strconv.ParseInt(text, 10, 64)
	// ParseInt also accepts "+5" and "007".
	if err != nil || strconv.FormatInt(seconds, 10) != text {
		return invalid, "claim auth_time is not a decimal string"
	}
	// The age is not a Duration, which could overflow to a small value. auth_time has whole seconds, so the clock is
	// truncated to them.
	age := now.Unix() - seconds
	switch {
	case seconds < 0 || age < -int64(maxAhead/time.Second):
		return invalid, "claim auth_time is in the future or before 1970"
	case age > int64(maxAge/time.Second):
		return gateway.Stale, "claim auth_time is too long ago"
	default:
		return "", ""
	}
}

func refused(reason string) error {
	return gateway.StepUp(invalid, reason, maxAge)
}
