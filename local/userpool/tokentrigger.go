package userpool

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/securecart/identity/internal/deployed"
)

// tokenEvent is what a pre token generation trigger of version V2_0 gets, and sends back with its response.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
type tokenEvent struct {
	header
	CallerContext callerContext `json:"callerContext"`
	Request       struct {
		UserAttributes     map[string]string `json:"userAttributes"`
		GroupConfiguration groups            `json:"groupConfiguration"`
		Scopes             []string          `json:"scopes"`
		ClientMetadata     map[string]string `json:"clientMetadata,omitempty"`
	} `json:"request"`
	Response struct {
		Details *struct{} `json:"claimsAndScopeOverrideDetails"`
	} `json:"response"`
}

type groups struct {
	Groups        []string        `json:"groupsToOverride"`
	Roles         []string        `json:"iamRolesToOverride"`
	PreferredRole json.RawMessage `json:"preferredRole"`
}

// preTokenGeneration asks the pool's function what to change about tokens. Without a function nothing changes.
func (p *Pool) preTokenGeneration(
	ctx context.Context, client deployed.UserPoolClient, of subject, scopes []string, m mint,
) (overrides, error) {
	function := p.pool.LambdaConfig.PreTokenGenerationConfig.LambdaArn
	if function == "" {
		return overrides{}, nil
	}
	sent := tokenEvent{header: p.header("2", m.source, of.username), CallerContext: calledBy(client.ID)}
	sent.Request.UserAttributes = of.shownToTriggers()
	sent.Request.GroupConfiguration = groups{Groups: append([]string{}, of.groups...), Roles: []string{}}
	sent.Request.Scopes = scopes
	sent.Request.ClientMetadata = m.metadata
	answer, err := p.fire(ctx, "PreTokenGeneration", function, sent.header, sent)
	if err != nil {
		return overrides{}, err
	}
	return readOverrides(answer, client.ID)
}

// shownToTriggers are the attributes of a user that exists, with its state.
func (s subject) shownToTriggers() map[string]string {
	attributes := maps.Clone(s.attributes)
	attributes["cognito:user_status"] = s.status
	return attributes
}

// readOverrides takes what a trigger sent back. Whatever is not as documented fails the sign-in: a change that the pool
// missed could be the one that withholds a scope.
func readOverrides(answer []byte, clientID string) (overrides, error) {
	var read struct {
		Response struct {
			Details json.RawMessage `json:"claimsAndScopeOverrideDetails"`
		} `json:"response"`
	}
	if err := json.Unmarshal(answer, &read); err != nil {
		return overrides{}, errAnswer
	}
	if unchanged := [][]byte{nil, []byte("null"), []byte("[]")}; slices.ContainsFunc(unchanged, func(text []byte) bool {
		return bytes.Equal(text, bytes.TrimSpace(read.Response.Details))
	}) {
		return overrides{}, nil
	}
	var details struct {
		ID     changes         `json:"idTokenGeneration"`
		Access changes         `json:"accessTokenGeneration"`
		Groups json.RawMessage `json:"groupOverrideDetails"`
	}
	if err := json.Unmarshal(read.Response.Details, &details); err != nil {
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
