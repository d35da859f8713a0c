package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/securecart/identity/lambda/contract"
)

// Caller is one kind of caller, a column of README's table "Who may do what".
type Caller struct {
	Name string
	// Credentials is the role behind AWS credentials, nil if the caller has none.
	Credentials *Role
	// Scopes are the scopes of an access token, nil if the caller has none.
	Scopes []string
}

// Callers are all kinds. A stepped-up token has the scopes that lambda/tokens adds, an account token the one for the
// account itself. Neither has the other's scopes; the tests of lambda/tokens prove it. The support desk's roles are
// callers if the stage has them.
func (s *Subject) Callers() ([]Caller, error) {
	guest, isGuest := s.Role(Guest)
	customer, isCustomer := s.Role(Customer)
	web, err := s.client("Web")
	if err != nil || !isGuest || !isCustomer {
		return nil, fmt.Errorf("want a client Web and roles for guests and customers (%t, %t): %w", isGuest, isCustomer, err)
	}
	granted := append(contract.HighRiskScopes(), contract.ReadScopes()...)
	var steppedUp []string
	for _, server := range s.ResourceServers {
		for _, scope := range server.Scopes {
			if name := server.Identifier + "/" + scope.ScopeName; slices.Contains(granted, name) {
				steppedUp = append(steppedUp, name)
			}
		}
	}
	callers := []Caller{
		{Name: "anonymous"},
		{Name: "guest credentials", Credentials: &guest},
		{Name: "customer token", Scopes: web},
		{Name: "stepped-up token", Scopes: steppedUp},
		{Name: "account token", Scopes: []string{selfService}},
		{Name: "customer credentials", Credentials: &customer},
	}
	for _, name := range []string{Support, Privacy} {
		if role, provided := s.Role(name); provided {
			callers = append(callers, Caller{Name: strings.ToLower(name) + " role", Credentials: &role})
		}
	}
	return callers, nil
}

// client returns the scopes that a client may ask for.
func (s *Subject) client(name string) ([]string, error) {
	for _, client := range s.Clients {
		if client.ClientName == name {
			return client.AllowedOAuthScopes, nil
		}
	}
	return nil, fmt.Errorf("no client is called %s", name)
}

// Applies reports whether the caller can make the attempt: a token cannot sign a request to AWS.
func (c Caller) Applies(a Attempt) bool { return a.asks != forSignature || c.Scopes == nil }

// Try returns whether a kind of caller may make the attempt.
func (s *Subject) Try(c Caller, a Attempt) (Verdict, error) {
	switch a.asks {
	case forNothing:
		if a.open {
			return Verdict{Allowed: true, By: []string{"asks for nothing"}}, nil
		}
		return Verdict{}, nil
	case forToken:
		return c.shows(selfService), nil
	case byRoute:
		return s.call(c, a)
	case forSignature:
		if c.Credentials == nil {
			return s.may(nobody, a)
		}
		return s.May(*c.Credentials, a)
	}
	return Verdict{}, fmt.Errorf("%s asks for something unknown", a)
}

// call decides by the method's authorization.
func (s *Subject) call(c Caller, a Attempt) (Verdict, error) {
	if a.method == nil {
		return Verdict{}, nil
	}
	switch a.method.AuthorizationType {
	case "NONE":
		return Verdict{Allowed: true, By: []string{"asks for nothing"}}, nil
	case "AWS_IAM":
		if c.Credentials == nil {
			return Verdict{By: []string{"wants AWS credentials"}}, nil
		}
		return s.May(*c.Credentials, a)
	case "COGNITO_USER_POOLS":
		return c.shows(a.method.AuthorizationScopes...), nil
	}
	return Verdict{}, fmt.Errorf("%s: authorization type %q is unknown", a, a.method.AuthorizationType)
}

// shows requires one of the scopes. Without a scope an authorizer accepts ID tokens, which every customer has:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html
func (c Caller) shows(scopes ...string) Verdict {
	switch {
	case c.Scopes == nil:
		return Verdict{By: []string{"wants a token"}}
	case len(scopes) == 0:
		return Verdict{Allowed: true, By: []string{"no scope"}}
	}
	for _, scope := range scopes {
		if slices.Contains(c.Scopes, scope) {
			return Verdict{Allowed: true, By: []string{scope}}
		}
	}
	return Verdict{By: []string{"wants " + strings.Join(scopes, " or ")}}
}
