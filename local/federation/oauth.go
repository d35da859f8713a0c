package federation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/oauth2"

	"github.com/securecart/identity/internal/deployed"
)

// oauth is a provider with OAuth 2.0 and an API for the profile. Its endpoints are those that DescribeIdentityProvider
// says user pools use:
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
type oauth struct {
	*Client
	provider deployed.IdentityProvider
	endpoint oauth2.Endpoint
	// profile is the address of the API, and subject its name of the user.
	profile, subject string
}

func newFacebook(c *Client, p deployed.IdentityProvider) (party, error) {
	version := p.ProviderDetails["api_version"]
	graph := "https://graph.facebook.com/" + version
	fields := []string{"id"}
	for _, theirs := range slices.Sorted(maps.Values(p.AttributeMapping)) {
		if !slices.Contains(fields, theirs) {
			fields = append(fields, theirs)
		}
	}
	return newOAuth(&oauth{
		Client: c, provider: p, subject: "id",
		endpoint: oauth2.Endpoint{
			AuthURL: "https://www.facebook.com/" + version + "/dialog/oauth", TokenURL: graph + "/oauth/access_token",
		},
		profile: graph + "/me?fields=" + url.QueryEscape(strings.Join(fields, ",")),
	})
}

func newAmazon(c *Client, p deployed.IdentityProvider) (party, error) {
	return newOAuth(&oauth{
		Client: c, provider: p, subject: "user_id",
		endpoint: oauth2.Endpoint{AuthURL: "https://www.amazon.com/ap/oa", TokenURL: "https://api.amazon.com/auth/o2/token"},
		profile:  "https://api.amazon.com/user/profile",
	})
}

func newOAuth(o *oauth) (party, error) {
	o.endpoint.AuthStyle = oauth2.AuthStyleInParams
	_, err := o.options.Secrets.Text("client_secret", o.provider.ProviderDetails["client_secret"])
	return o, errors.Join(err, missing(o.provider, "client_id", "authorize_scopes"))
}

func (o *oauth) saml() bool { return false }

func (o *oauth) config() oauth2.Config {
	return oauth2.Config{
		ClientID: o.provider.ProviderDetails["client_id"], Endpoint: o.endpoint,
		RedirectURL: o.options.Login + "/oauth2/idpresponse",
		// Unchanged from the template: Facebook separates scopes by commas.
		Scopes: []string{o.provider.ProviderDetails["authorize_scopes"]},
	}
}

func (o *oauth) begin(_ context.Context, r *Round) (string, error) {
	config := o.config()
	return config.AuthCodeURL(r.State), nil
}

func (o *oauth) finish(ctx context.Context, _ Round, values url.Values) (Identity, error) {
	if err := refused(values); err != nil {
		return Identity{}, err
	}
	config := o.config()
	var err error
	config.ClientSecret, err = o.options.Secrets.Text("client_secret", o.provider.ProviderDetails["client_secret"])
	if err != nil {
		return Identity{}, err
	}
	tokens, err := o.exchange(ctx, config, values)
	if err != nil {
		return Identity{}, err
	}
	body, err := o.ask(ctx, http.MethodGet, o.profile, tokens.AccessToken)
	if err != nil {
		return Identity{}, err
	}
	profile, err := texts(body)
	if err != nil {
		return Identity{}, err
	}
	var members map[string]any
	if err := json.Unmarshal(body, &members); err != nil {
		return Identity{}, err
	}
	if _, text := members[o.subject].(string); !text {
		return Identity{}, fmt.Errorf("%s is %v in the profile; want a text", o.subject, members[o.subject])
	}
	return Identity{Subject: profile[o.subject], Attributes: profile}, nil
}
