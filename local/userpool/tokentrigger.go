package userpool

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/securecart/identity/internal/deployed"
)

type groups struct {
	Groups        []string        `json:"groupsToOverride"`
	Roles         []string        `json:"iamRolesToOverride"`
	PreferredRole json.RawMessage `json:"preferredRole"`
}

// preTokenGeneration asks the pool's function what to change about tokens, by an event of version V2_0. Without a
// function nothing changes.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
func (p *Pool) preTokenGeneration(
	ctx context.Context, client deployed.UserPoolClient, of subject, scopes []string, m mint,
) (overrides, error) {
	function := p.pool.LambdaConfig.PreTokenGenerationConfig.LambdaArn
	if function == "" {
		return overrides{}, nil
	}
	sent := p.event("2", m.source, of.username, client.ID, struct {
		UserAttributes     map[string]string `json:"userAttributes"`
		GroupConfiguration groups            `json:"groupConfiguration"`
		Scopes             []string          `json:"scopes"`
		ClientMetadata     map[string]string `json:"clientMetadata,omitempty"`
	}{
		of.shownToTriggers(), groups{Groups: append([]string{}, of.groups...), Roles: []string{}}, scopes, m.metadata,
	}, map[string]any{"claimsAndScopeOverrideDetails": nil})
	var response struct {
		Details json.RawMessage `json:"claimsAndScopeOverrideDetails"`
	}
	if err := p.fire(ctx, "PreTokenGeneration", function, sent, &response); err != nil {
		return overrides{}, err
	}
	return readOverrides(response.Details, client.ID)
}

// shownToTriggers returns the attributes of an existing user, with its status.
func (s subject) shownToTriggers() map[string]string {
	attributes := maps.Clone(s.attributes)
	attributes["cognito:user_status"] = s.status
	return attributes
}

// readOverrides reads the details of a trigger's response. Details that are not as documented fail the sign-in: an
// ignored change could be the one that withholds a scope.
func readOverrides(text []byte, clientID string) (overrides, error) {
	if slices.Contains([]string{"", "null", "[]"}, string(bytes.TrimSpace(text))) {
		return overrides{}, nil
	}
	var details struct {
		ID     changes         `json:"idTokenGeneration"`
		Access changes         `json:"accessTokenGeneration"`
		Groups json.RawMessage `json:"groupOverrideDetails"`
	}
	if err := json.Unmarshal(text, &details); err != nil {
		return overrides{}, errAnswer
	}
	result := overrides{id: details.ID, access: details.Access}
	if details.Groups != nil {
		result.groups = &groups{}
		if err := json.Unmarshal(details.Groups, result.groups); err != nil {
			return overrides{}, errAnswer
		}
	}
	return result, result.check(clientID)
}
