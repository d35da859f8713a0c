// Package stepup is the second check of every high-risk request: that its token
// comes from a sign-in with a second factor, a moment ago.
//
// API Gateway has let the request through because its token carries the route's
// scope, which only the token trigger grants, and only at the StepUp client. This
// check reaches the same verdict from other claims, those that Cognito sets and
// no trigger can change, so that one mistake, in the trigger or in the routes,
// opens nothing. Whatever is missing or of another type counts against the token.
package stepup

import (
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/internal/caller"
	"github.com/securecart/identity/lambda/internal/problem"
)

const (
	// maxAge is how long a sign-in counts as recent.
	maxAge = 300 * time.Second
	// maxAhead is by how much Cognito's clock may be ahead of ours.
	maxAhead = 30 * time.Second
)

// strong are the authentication contexts that include a second factor. Cognito
// does not put acr into every pool's tokens yet.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-step-up-authentication.html
var strong = []string{"urn:cognito:loa:3", "urn:cognito:loa:4"}

// A Gate lets stepped-up customers through. Both fields are required.
type Gate struct {
	// Client is the id of the StepUp client.
	Client string
	// Now is the clock.
	Now func() time.Time
}

// Customer returns the sub of the customer who sent the request and has stepped
// up. Otherwise the error is a 401 Problem.
func (g Gate) Customer(request events.APIGatewayProxyRequest) (string, error) {
	if err := g.check(request); err != nil {
		return "", err
	}
	return caller.Customer(request)
}

// Again is the answer when Cognito, asked with a token that has passed the Gate,
// refuses it: it has been revoked since, which API Gateway does not see. Code and
// reason are for the log.
func Again(code, reason string) error {
	return problem.StepUp(code, reason, maxAge)
}

func (g Gate) check(request events.APIGatewayProxyRequest) error {
	claims, found := request.RequestContext.Authorizer["claims"].(map[string]any)
	if !found {
		return refused("claims are missing or not an object")
	}
	if use, _ := claims["token_use"].(string); use != "access" {
		return refused("claim token_use is not access")
	}
	// Without the first comparison a Gate without a client would take a token
	// without one.
	if client, _ := claims["client_id"].(string); client == "" || client != g.Client {
		return refused("claim client_id is not the StepUp client")
	}
	if level, present := claims["acr"]; present {
		if text, _ := level.(string); !slices.Contains(strong, text) {
			return refused("claim acr names no second factor")
		}
	}
	return g.recent(claims["auth_time"])
}

// recent checks auth_time, which API Gateway hands over as a string of digits.
func (g Gate) recent(claim any) error {
	text, _ := claim.(string)
	seconds, err := strconv.ParseInt(text, 10, 64)
	// ParseInt also takes "+5" and "007".
	if err != nil || strconv.FormatInt(seconds, 10) != text {
		return refused("claim auth_time is not a decimal string")
	}
	// The age is not a Duration, which would overflow for a time far away and come
	// out as a small one. auth_time has whole seconds, so the clock is cut to them.
	age := g.Now().Unix() - seconds
	switch {
	case seconds < 0 || age < -int64(maxAhead/time.Second):
		return refused("claim auth_time is in the future or before 1970")
	case age > int64(maxAge/time.Second):
		return problem.StepUp(problem.Stale, "claim auth_time is too long ago", maxAge)
	default:
		return nil
	}
}

func refused(reason string) error {
	return problem.StepUp("InvalidStepUp", reason, maxAge)
}
