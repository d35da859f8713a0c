package userpool

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// overrides are the changes that a trigger has answered with.
type overrides struct {
	id, access changes
	// groups replace the user's, unless they are nil.
	groups *groups
}

// changes are those of one token.
type changes struct {
	Add            map[string]json.RawMessage `json:"claimsToAddOrOverride"`
	Suppress       []string                   `json:"claimsToSuppress"`
	ScopesToAdd    []string                   `json:"scopesToAdd"`
	ScopesSuppress []string                   `json:"scopesToSuppress"`
}

// reserved are the claims that no trigger changes. Claims that begin with cognito: are reserved, too, except groups.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
var reserved = []string{
	"acr", "amr", "at_hash", "aud", "auth_time", "azp", "client_id", "device_key", "event_id", "exp", "iat", "identities",
	"iss", "jti", "nbf", "nonce", "origin_jti", "scope", "sub", "token_use", "username", "version",
}

// groupClaims can be suppressed. Only groupOverrideDetails sets them.
var groupClaims = []string{"cognito:groups", "cognito:roles", "cognito:preferred_role"}

func isReserved(claim string) bool {
	return slices.Contains(reserved, claim) || strings.HasPrefix(claim, "cognito:")
}

// check refuses changes that AWS documents as impossible, without saying what it does about them.
func (o overrides) check(clientID string) error {
	for _, scope := range slices.Concat(o.access.ScopesToAdd, o.access.ScopesSuppress) {
		if scope == "" || strings.ContainsAny(scope, " \t\r\n") {
			return errAnswer
		}
	}
	if audience, ok := o.access.Add["aud"]; ok && !bytes.Equal(audience, []byte(jsonText(clientID))) {
		return errAnswer
	}
	return nil
}

// scopes returns the scopes of the access token. A scope that is both added and suppressed is suppressed.
func (o overrides) scopes(before []string) []string {
	var after []string
	for _, scope := range slices.Concat(before, o.access.ScopesToAdd) {
		if !slices.Contains(o.access.ScopesSuppress, scope) && !slices.Contains(after, scope) {
			after = append(after, scope)
		}
	}
	return after
}

// apply changes the claims of one token. Reserved claims do not change. A claim that is both added and suppressed is
// suppressed.
func (o overrides) apply(claims map[string]any, change changes, groups []string) {
	if o.groups != nil {
		groups = o.groups.Groups
	}
	if len(groups) > 0 {
		claims["cognito:groups"] = groups
	}
	for name, value := range change.Add {
		// Only an access token has no aud of its own, and it was checked to be the client's.
		if _, own := claims["aud"]; !isReserved(name) || name == "aud" && !own {
			claims[name] = value
		}
	}
	for _, name := range change.Suppress {
		if !isReserved(name) || slices.Contains(groupClaims, name) {
			delete(claims, name)
		}
	}
}

// applyRoles sets the roles of the groups, which an ID token carries. They go with cognito:groups when that is
// suppressed.
func (o overrides) applyRoles(claims map[string]any) {
	if o.groups == nil || slices.Contains(o.id.Suppress, "cognito:groups") {
		return
	}
	if len(o.groups.Roles) > 0 && !slices.Contains(o.id.Suppress, "cognito:roles") {
		claims["cognito:roles"] = o.groups.Roles
	}
	var preferred string
	suppressed := slices.Contains(o.id.Suppress, "cognito:preferred_role")
	if json.Unmarshal(o.groups.PreferredRole, &preferred) == nil && preferred != "" && !suppressed {
		claims["cognito:preferred_role"] = preferred
	}
}
