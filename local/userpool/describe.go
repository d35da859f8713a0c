package userpool

import (
	"context"
	"encoding/base64"
	"maps"
	"slices"
	"strings"
	"time"
)

// The operations of this file describe what the template provisions. Properties of the template and members of the API
// mostly have the same names, so a description is the properties with the differing names corrected. Nothing else is
// added: for example, standard attributes that the template does not mention are not listed.

// seconds returns a time as the API writes it.
func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1000 }

// summary returns the pool's entry in ListUserPools.
func (p *Pool) summary() map[string]any {
	return map[string]any{
		"Id": p.pool.ID, "Name": p.pool.Name, "LambdaConfig": p.pool.Properties["LambdaConfig"],
		"CreationDate": seconds(p.made), "LastModifiedDate": seconds(p.made),
	}
}

// serveDescribeUserPool describes the pool.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolType.html
func (p *Pool) serveDescribeUserPool(_ context.Context, _ nothing) (any, error) {
	described := maps.Clone(p.pool.Properties)
	// GetUserPoolMfaConfig has these.
	delete(described, "EnabledMfas")
	delete(described, "Schema")
	maps.Copy(described, p.summary())
	described["Arn"] = p.pool.ARN
	described["SchemaAttributes"] = p.schemaAttributes()
	domain := "Domain"
	if strings.Contains(p.stage.Domain.Domain, ".") {
		domain = "CustomDomain"
	}
	described[domain] = p.stage.Domain.Domain
	p.mu.Lock()
	defer p.mu.Unlock()
	described["EstimatedNumberOfUsers"] = len(p.users)
	return map[string]any{"UserPool": described}, nil
}

// schemaAttributes returns the attributes of the template, by the names that users give them.
func (p *Pool) schemaAttributes() []any {
	attributes, _ := p.pool.Properties["Schema"].([]any)
	renamed := make([]any, len(attributes))
	for i, attribute := range attributes {
		properties, _ := attribute.(map[string]any)
		of := maps.Clone(properties)
		of["Name"] = attributeName(p.pool.Schema[i])
		renamed[i] = of
	}
	return renamed
}

// serveDescribeUserPoolClient describes a client. None has a secret.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolClientType.html
func (p *Pool) serveDescribeUserPoolClient(_ context.Context, in struct {
	ClientID string `json:"ClientId"`
},
) (any, error) {
	client, err := p.client(in.ClientID)
	if err != nil {
		return nil, err
	}
	described := maps.Clone(client.Properties)
	delete(described, "GenerateSecret")
	described["ClientId"] = client.ID
	described["CreationDate"], described["LastModifiedDate"] = seconds(p.made), seconds(p.made)
	return map[string]any{"UserPoolClient": described}, nil
}

// serveGetUserPoolMfaConfig describes the second factors.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserPoolMfaConfig.html
func (p *Pool) serveGetUserPoolMfaConfig(_ context.Context, _ nothing) (any, error) {
	config := map[string]any{
		"MfaConfiguration":              p.pool.MfaConfiguration,
		"SoftwareTokenMfaConfiguration": map[string]bool{"Enabled": slices.Contains(p.pool.EnabledMfas, totpMFA)},
	}
	if slices.Contains(p.pool.EnabledMfas, smsMFA) {
		config["SmsMfaConfiguration"] = map[string]any{
			"SmsAuthenticationMessage": p.pool.Properties["SmsAuthenticationMessage"],
			"SmsConfiguration":         p.pool.Properties["SmsConfiguration"],
		}
	}
	return config, nil
}

// paging are the members of a request for a list. Without MaxResults a page has all entries.
type paging struct {
	MaxResults *int
	NextToken  string
}

// paged returns one page, and the token of the next or "". The names of all are sorted, and a token is the last of them
// that was listed.
func paged(in paging, all []string) (page []string, next string, err error) {
	last, err := base64.RawURLEncoding.DecodeString(in.NextToken)
	if err != nil || len(last) > 0 && !slices.Contains(all, string(last)) {
		return nil, "", invalidParameter("NextToken must be one that an answer to the same request had.")
	}
	page = all[slices.Index(all, string(last))+1:]
	if in.MaxResults != nil && *in.MaxResults < len(page) {
		page = page[:*in.MaxResults]
		next = base64.RawURLEncoding.EncodeToString([]byte(page[len(page)-1]))
	}
	return page, next, nil
}

// serveListUserPools lists this pool.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPools.html
func (p *Pool) serveListUserPools(_ context.Context, in paging) (any, error) {
	page, _, err := paged(in, []string{p.pool.ID})
	pools := []any{}
	for range page {
		pools = append(pools, p.summary())
	}
	return map[string]any{"UserPools": pools}, err
}

// serveListUserPoolClients lists the app clients.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPoolClients.html
func (p *Pool) serveListUserPoolClients(_ context.Context, in paging) (any, error) {
	page, next, err := paged(in, slices.Sorted(maps.Keys(p.stage.Clients)))
	type summary struct {
		ClientID   string `json:"ClientId"`
		UserPoolID string `json:"UserPoolId"`
		ClientName string
	}
	answer := struct {
		UserPoolClients []summary
		NextToken       string `json:",omitempty"`
	}{[]summary{}, next}
	for _, id := range page {
		answer.UserPoolClients = append(answer.UserPoolClients, summary{id, p.pool.ID, p.stage.Clients[id].ClientName})
	}
	return answer, err
}
