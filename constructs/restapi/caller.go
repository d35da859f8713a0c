package restapi

import (
	"github.com/securecart/identity/constructs/internal/check"
	"github.com/securecart/identity/constructs/userpool"
)

// Caller says who may call a route. The zero value is nobody, and a route for nobody is refused: every route must name
// its callers.
type Caller struct {
	scope     userpool.Scope
	steppedUp bool
	signed    bool
}

// CustomerWith are customers whose access token carries scope. API Gateway refuses ID tokens on such a route, and
// access tokens without the scope.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html
func CustomerWith(scope userpool.Scope) Caller { return Caller{scope: scope} }

// SteppedUpWith are customers who have just proven password and second factor: only the token trigger grants these
// scopes, and only then. API Gateway checks the token of each request and caches no result.
func SteppedUpWith(scope userpool.Scope) Caller { return Caller{scope: scope, steppedUp: true} }

// Signed are requests signed with AWS credentials (Signature Version 4) of a role that AllowInvoke grants the route.
func Signed() Caller { return Caller{signed: true} }

// SteppedUp reports whether the caller must have just proven a second factor: the route is high-risk.
func (c Caller) SteppedUp() bool { return c.steppedUp }

// check returns the rules that the caller of a route breaks.
func (c Caller) check() check.Broken {
	return check.All(
		check.Require(c != Caller{}, "Caller", "must be CustomerWith(scope), SteppedUpWith(scope) or Signed(), got nobody: "+
			"a route that does not say who may call it is not added"),
		check.Require(c.scope == "" || c.scope.Obtainable(), "Caller",
			"has the scope %s, and no client can obtain this scope: list it in Scopes and in one of ReadScopes, "+
				"BrowseScopes and HighRiskScopes of lambda/contract", c.scope),
		check.Require(c.steppedUp || !c.scope.HighRisk(), "Caller",
			"must be SteppedUpWith(%s), got CustomerWith", c.scope),
		check.Require(!c.steppedUp || c.scope.HighRisk(), "Caller",
			"must be SteppedUpWith a high-risk scope, got %s", c.scope),
	)
}
