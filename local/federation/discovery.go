package federation

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// refresh is how long metadata are used before they are read again: user pools do so typically every 6 h,
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-managing-saml-idp.html
// The documentation does not mention discovery documents. The same applies to them here.
const refresh = 6 * time.Hour

// discover asks the provider for its endpoints, unless the template names them.
func (o *openID) discover(ctx context.Context) (*oidc.Provider, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.found != nil && time.Since(o.since) < refresh {
		return o.found, nil
	}
	ctx = oidc.ClientContext(ctx, o.http)
	d := o.provider.ProviderDetails
	var found *oidc.Provider
	var more struct {
		Keys string `json:"jwks_uri"`
	}
	if d["authorize_url"] != "" {
		more.Keys = d["jwks_uri"]
		found = (&oidc.ProviderConfig{
			IssuerURL: o.issuer, AuthURL: d["authorize_url"], TokenURL: d["token_url"], UserInfoURL: d["attributes_url"],
			JWKSURL: d["jwks_uri"],
		}).NewProvider(ctx)
	} else {
		var err error
		if found, err = oidc.NewProvider(ctx, o.issuer); err != nil {
			return nil, err
		}
		if err := found.Claims(&more); err != nil {
			return nil, err
		}
	}
	at := found.Endpoint()
	err := errors.Join(
		absolute("authorization_endpoint", at.AuthURL), absolute("token_endpoint", at.TokenURL),
		absolute("jwks_uri", more.Keys))
	if found.UserInfoEndpoint() != "" {
		err = errors.Join(err, absolute("userinfo_endpoint", found.UserInfoEndpoint()))
	}
	if err != nil {
		return nil, err
	}
	o.found, o.since = found, time.Now()
	return found, nil
}

// answers refuses an answer of another issuer, as RFC 9207, section 2.4 requires.
func (o *openID) answers(found *oidc.Provider, values url.Values) error {
	var announced struct {
		Issuer bool `json:"authorization_response_iss_parameter_supported"`
	}
	if o.provider.ProviderDetails["authorize_url"] == "" {
		if err := found.Claims(&announced); err != nil {
			return err
		}
	}
	switch {
	case values.Has("iss") && values.Get("iss") != o.issuer:
		return fmt.Errorf("the answer is one of %s", values.Get("iss"))
	case announced.Issuer && !values.Has("iss"):
		return errors.New("the answer names no issuer, which the provider announces")
	}
	return nil
}

// absolute refuses an address that a browser would resolve to managed login, or that TLS does not protect.
func absolute(name, address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return fmt.Errorf("%s is %q; want an absolute https URL", name, address)
	}
	return nil
}
