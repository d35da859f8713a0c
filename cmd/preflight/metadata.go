package main

import (
	"slices"
	"time"

	"github.com/securecart/identity/config"
)

func hasMetadata(s config.Stage) bool {
	return slices.ContainsFunc(s.Providers, func(p config.Provider) bool { return p.SAML.Metadata != "" })
}

// metadata checks the SAML providers whose metadata is in the config: it must be replaced by hand, and after its last
// certificate has expired every sign-in with the provider fails. Cognito refreshes metadata from a URL by itself.
// https://aws.amazon.com/blogs/security/how-to-monitor-the-expiration-of-saml-identity-provider-certificates-in-an-amazon-cognito-user-pool/
func metadata(s config.Stage, now time.Time) []Result {
	var results []Result
	for _, provider := range s.Providers {
		expires, embedded := provider.SignsUntil()
		if !embedded {
			continue
		}
		until := expires.Format(time.DateOnly)
		switch {
		case !now.Before(expires):
			results = append(results, failure(newMetadata,
				"the last certificate of %s expired on %s: nobody can sign in with it", provider.Name, until))
		case expires.Sub(now) < config.MetadataNotice:
			results = append(results, warning(newMetadata,
				"the last certificate of %s expires on %s: nobody can sign in with it then", provider.Name, until))
		default:
			results = append(results, ok("the last certificate of %s expires on %s", provider.Name, until))
		}
	}
	return results
}

const newMetadata = "embed the provider's new metadata, or name its MetadataURL: docs/providers.md"
