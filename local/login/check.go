package login

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/securecart/identity/internal/deployed"
)

// check refuses OAuth clients that this package would not serve as AWS does. [userpool.New] refuses those with a
// secret, and those with providers that the user pool does not have.
func check(s *deployed.Stage) error {
	var errs []error
	for _, id := range slices.Sorted(maps.Keys(s.Clients)) {
		client := s.Clients[id]
		if !client.AllowedOAuthFlowsUserPoolClient {
			continue
		}
		for _, err := range slices.Concat(checkFlows(client), checkURLs(client)) {
			errs = append(errs, fmt.Errorf("app client %s (%s): %w", client.ClientName, id, err))
		}
	}
	return errors.Join(errs...)
}

func checkFlows(client deployed.UserPoolClient) []error {
	var errs []error
	if !slices.Equal(client.AllowedOAuthFlows, []string{"code"}) {
		errs = append(errs,
			fmt.Errorf("only the flow code is served, got %q; set AllowedOAuthFlows to [code]", client.AllowedOAuthFlows))
	}
	if len(client.AllowedOAuthScopes) == 0 {
		errs = append(errs, errors.New("it has no AllowedOAuthScopes; name at least one"))
	}
	if len(client.SupportedIdentityProviders) == 0 {
		errs = append(errs, errors.New("it has no SupportedIdentityProviders; name COGNITO or a provider"))
	}
	return errs
}

func checkURLs(client deployed.UserPoolClient) []error {
	var errs []error
	if len(client.CallbackURLs) == 0 {
		errs = append(errs, errors.New("it has no CallbackURLs; name at least one"))
	}
	for _, text := range slices.Concat(client.CallbackURLs, client.LogoutURLs) {
		u, err := url.Parse(text)
		switch {
		case err != nil:
			errs = append(errs, err)
		case u.Scheme == "" || strings.Contains(text, "#"):
			errs = append(errs, fmt.Errorf("%q must be an absolute URL without a fragment", text))
		case strings.ContainsAny(u.Host, "; ,'\""):
			// The host becomes a source of the pages' Content-Security-Policy.
			errs = append(errs, fmt.Errorf("%q has a host that a Content-Security-Policy cannot name", text))
		}
	}
	return errs
}
