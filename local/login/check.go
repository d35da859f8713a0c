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

// check refuses OAuth clients that this package would not serve as AWS does.
func check(s *deployed.Stage) error {
	var errs []error
	for _, id := range slices.Sorted(maps.Keys(s.Clients)) {
		client := s.Clients[id]
		if !client.AllowedOAuthFlowsUserPoolClient {
			continue
		}
		for _, err := range slices.Concat(checkFlows(client), checkURLs(client), checkProviders(s, client)) {
			errs = append(errs, fmt.Errorf("app client %s (%s): %w", client.ClientName, id, err))
		}
	}
	return errors.Join(errs...)
}

func checkFlows(client deployed.UserPoolClient) []error {
	var errs []error
	if client.GenerateSecret {
		errs = append(errs, errors.New("it has a secret, which is not checked here; set GenerateSecret to false"))
	}
	if !slices.Equal(client.AllowedOAuthFlows, []string{"code"}) {
		errs = append(errs,
			fmt.Errorf("only the flow code is served, got %q; set AllowedOAuthFlows to [code]", client.AllowedOAuthFlows))
	}
	if len(client.AllowedOAuthScopes) == 0 {
		errs = append(errs, errors.New("it has no AllowedOAuthScopes; name at least one"))
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

func checkProviders(s *deployed.Stage, client deployed.UserPoolClient) []error {
	var errs []error
	if len(client.SupportedIdentityProviders) == 0 {
		errs = append(errs, errors.New("it has no SupportedIdentityProviders; name COGNITO or a provider"))
	}
	for _, name := range client.SupportedIdentityProviders {
		if name == cognito {
			continue
		}
		if _, ok := s.Providers[name]; !ok {
			errs = append(errs, fmt.Errorf("it supports provider %q, which the user pool does not have", name))
		}
	}
	return errs
}
