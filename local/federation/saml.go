package federation

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/crewjam/saml"
	"github.com/crewjam/saml/samlsp"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/identityprovider"
)

// samlParty is a provider that speaks SAML 2.0.
type samlParty struct {
	*Client
	at   identityprovider.SAMLAddresses
	pool saml.ServiceProvider
	// encrypted says that assertions must be encrypted.
	encrypted bool

	mu sync.Mutex
	// found is nil until the provider has published its metadata, which were read at since.
	found *saml.EntityDescriptor
	since time.Time
}

// replays is the number of assertions that are remembered until they expire: as many as sign-ins may be under way.
const replays = 4096

func newSAML(c *Client, p deployed.IdentityProvider) (party, error) {
	at, err := identityprovider.SAML(p)
	d := p.ProviderDetails
	if strings.EqualFold(d["IDPInit"], "true") {
		err = errors.Join(err, errors.New("IDPInit is true: a sign-in that nobody began is not served; set it to false"))
	}
	signing := d["RequestSigningAlgorithm"]
	if signing != "" && signing != "rsa-sha256" {
		err = errors.Join(err, fmt.Errorf("RequestSigningAlgorithm must be rsa-sha256, got %q", signing))
	}
	acs, parsed := url.Parse(c.options.Login + "/saml2/idpresponse")
	if err := errors.Join(err, parsed); err != nil {
		return nil, err
	}
	s := &samlParty{Client: c, at: at, encrypted: strings.EqualFold(d["EncryptedResponses"], "true")}
	s.pool = saml.ServiceProvider{
		// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-saml-idp.html
		EntityID: "urn:amazon:cognito:sp:" + c.options.Stage.UserPool.ID, AcsURL: *acs,
		AssertionConsumerServiceBindings: []string{saml.HTTPPostBinding},
		ReplayCache:                      samlsp.NewMemoryReplayCache(replays),
		RejectSHA1Signatures:             true, RejectUnknownConditions: true, RejectExpiredIDPMetadata: true,
		RequireSignedResponseForCBC: true,
		// The subject names a user for good: docs/providers.md asks providers for it.
		AuthnNameIDFormat: saml.PersistentNameIDFormat,
	}
	if signing != "" || s.encrypted {
		key, certificate, err := identityprovider.Certificate("user pool")
		if err != nil {
			return nil, err
		}
		s.pool.Key, s.pool.Certificate = key, certificate
	}
	if signing != "" {
		s.pool.SignatureMethod = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
	}
	return s, nil
}

// ServiceProvider returns the metadata of the user pool for a SAML provider.
func (c *Client) ServiceProvider(provider string) (*saml.EntityDescriptor, error) {
	s, ok := c.parties[provider].(*samlParty)
	if !ok {
		return nil, fmt.Errorf("%q is no SAML provider", provider)
	}
	metadata := s.pool.Metadata()
	if !s.encrypted {
		for i := range metadata.SPSSODescriptors {
			keys := &metadata.SPSSODescriptors[i].KeyDescriptors
			*keys = slices.DeleteFunc(*keys, func(k saml.KeyDescriptor) bool { return k.Use == "encryption" })
		}
	}
	return metadata, nil
}

func (s *samlParty) saml() bool { return true }

// discover asks the provider for its metadata, and returns the user pool as its client.
func (s *samlParty) discover(ctx context.Context) (saml.ServiceProvider, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	pool := s.pool
	now := time.Now()
	if s.found == nil || !now.Before(s.since.Add(refresh)) ||
		!s.found.ValidUntil.IsZero() && !now.Before(s.found.ValidUntil) {
		found, err := s.metadata(ctx)
		if err != nil {
			return pool, fmt.Errorf("metadata: %w", err)
		}
		s.found, s.since = found, now
	}
	pool.IDPMetadata = s.found
	return pool, nil
}

// metadata reads the provider's metadata. They must be those of the entity that the template names.
func (s *samlParty) metadata(ctx context.Context) (*saml.EntityDescriptor, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.at.Metadata, nil)
	if err != nil {
		return nil, err
	}
	response, err := s.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close() //nolint:errcheck // it was read
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		return nil, errors.Join(errors.New(response.Status), err)
	}
	found, err := samlsp.ParseMetadata(body)
	if err != nil {
		return nil, err
	}
	if found.EntityID != s.at.Entity {
		return nil, fmt.Errorf("they are those of %q; want %q", found.EntityID, s.at.Entity)
	}
	target := (&saml.ServiceProvider{IDPMetadata: found}).GetSSOBindingLocation(saml.HTTPRedirectBinding)
	if target == "" {
		return nil, errors.New("they name no endpoint with the binding HTTP-Redirect, the only one that is served")
	}
	return found, absolute("SingleSignOnService", target)
}

func (s *samlParty) begin(ctx context.Context, r *Round) (string, error) {
	pool, err := s.discover(ctx)
	if err != nil {
		return "", err
	}
	target := pool.GetSSOBindingLocation(saml.HTTPRedirectBinding)
	request, err := pool.MakeAuthenticationRequest(target, saml.HTTPRedirectBinding, saml.HTTPPostBinding)
	if err != nil {
		return "", err
	}
	r.request = request.ID
	address, err := request.Redirect(r.State, &pool)
	if err != nil {
		return "", err
	}
	return address.String(), nil
}

func (s *samlParty) finish(ctx context.Context, r Round, values url.Values) (Identity, error) {
	pool, err := s.discover(ctx)
	if err != nil {
		return Identity{}, err
	}
	response, err := base64.StdEncoding.DecodeString(values.Get("SAMLResponse"))
	switch {
	case err != nil:
		return Identity{}, fmt.Errorf("the response cannot be read: %w", err)
	case len(response) > maxAnswer:
		return Identity{}, fmt.Errorf("the response has %d bytes; at most %d are read", len(response), maxAnswer)
	}
	if err := s.wellFormed(response); err != nil {
		return Identity{}, err
	}
	assertion, err := pool.ParseXMLResponse(response, []string{r.request}, pool.AcsURL)
	var private *saml.InvalidResponseError
	if errors.As(err, &private) {
		err = private.PrivateErr
	}
	if err != nil {
		return Identity{}, err
	}
	for _, statement := range assertion.AuthnStatements {
		if end := statement.SessionNotOnOrAfter; end != nil && !time.Now().Before(*end) {
			return Identity{}, fmt.Errorf("the provider's session ended at %s", end.UTC())
		}
	}
	attributes, err := stated(assertion)
	if err != nil {
		return Identity{}, err
	}
	return Identity{Subject: attributes["NameID"], Attributes: attributes}, nil
}

// stated returns the attributes of an assertion, and its NameID. Several values of one become a list, "[a,b]".
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-saml-idp-things-to-know.html
func stated(assertion *saml.Assertion) (map[string]string, error) {
	if assertion.Subject == nil || assertion.Subject.NameID == nil {
		return nil, errors.New("the assertion has no NameID")
	}
	attributes := map[string]string{"NameID": strings.TrimSpace(assertion.Subject.NameID.Value)}
	for _, statement := range assertion.AttributeStatements {
		for _, attribute := range statement.Attributes {
			if _, twice := attributes[attribute.Name]; twice {
				return nil, fmt.Errorf("the assertion has the attribute %q twice", attribute.Name)
			}
			var values []string
			for _, value := range attribute.Values {
				values = append(values, value.Value)
			}
			text := strings.Join(values, ",")
			if len(values) > 1 {
				text = "[" + text + "]"
			}
			attributes[attribute.Name] = text
		}
	}
	return attributes, nil
}
