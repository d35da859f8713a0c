package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/customer"
	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/proof"
	"github.com/securecart/identity/lambda/internal/table"
)

// offerLasts is how long an offer can be redeemed: long enough to sign in with a password and a second factor.
const offerLasts = 5 * time.Minute

// made is the response to a new offer. The customer confirms Provider and Email.
type made struct {
	Offer     string `json:"offer"`
	Provider  string `json:"provider"`
	Email     string `json:"email"`
	ExpiresAt string `json:"expiresAt"`
}

// An offer is a stored offer. The table holds only the hash of its secret.
type offer struct {
	identity
	// username and sub are those of the federated account, email is the address that its provider has stated.
	username, sub, email string
	expiresAt            int64
	usedBy               string
}

// offer answers POST /link-offers. The sign-in must be recent: it proves that the account at the provider is the
// customer's, and a stolen older token must not do so.
func (s *service) offer(ctx context.Context, request events.APIGatewayProxyRequest) (gateway.Answer, error) {
	now := s.gate.Now()
	sub, err := customer.SignedIn(request, now)
	if err != nil {
		return gateway.Answer{}, err
	}
	me, err := s.callersAccount(ctx, request, sub)
	if err != nil {
		return gateway.Answer{}, err
	}
	if err := s.mayOffer(ctx, me); err != nil {
		return gateway.Answer{}, err
	}
	secret := randomText()
	expires := now.Add(offerLasts)
	if err := s.links.put(ctx, offerID(secret), table.Item{
		contract.LinkProvider:  table.String(me.own[0].provider),
		contract.LinkSubject:   table.String(me.own[0].subject),
		contract.LinkUsername:  table.String(me.username),
		subAttribute:           table.String(me.sub),
		emailAttribute:         table.String(me.providerEmail),
		contract.LinkExpiresAt: table.Number(expires.Unix()),
	}); err != nil {
		return gateway.Answer{}, err
	}
	return gateway.Answer{Status: http.StatusCreated, Body: made{
		Offer: secret, Provider: me.own[0].provider, Email: me.providerEmail, ExpiresAt: expires.UTC().Format(time.RFC3339),
	}}, nil
}

// callersAccount returns the account of the request's token, whose sub is customer.
func (s *service) callersAccount(
	ctx context.Context, request events.APIGatewayProxyRequest, sub string,
) (account, error) {
	username, err := customer.Username(request)
	if err != nil {
		return account{}, err
	}
	return s.pool.caller(ctx, username, sub)
}

// mayOffer refuses an account that is more than the profile of one identity. It also checks the mark: an account with a
// password may look like a profile once it is connected.
func (s *service) mayOffer(ctx context.Context, me account) error {
	marked, err := s.marked(ctx, me.sub)
	if err != nil {
		return err
	}
	if !me.federated() || marked {
		return gateway.Refused(http.StatusConflict, "NotFederated",
			"Only an account without a password, made by signing in with a provider, can be offered for connecting.")
	}
	if me.providerEmail == "" {
		return gateway.Unprocessable("The provider has not told an e-mail address, so this sign-in cannot be connected. " +
			"Sign up with your e-mail address and a password instead.")
	}
	return nil
}

// marked reports whether the account has, or had, connected providers.
func (s *service) marked(ctx context.Context, sub string) (bool, error) {
	item, err := s.links.get(ctx, contract.LinkedCustomer+sub)
	return len(item) > 0, err
}

// readOffer returns the stored offer for the secret that was sent.
func (s *service) readOffer(ctx context.Context, secret string) (offer, error) {
	item, err := s.links.get(ctx, offerID(secret))
	if err != nil {
		return offer{}, err
	}
	if len(item) == 0 {
		return offer{}, gateway.Refused(http.StatusNotFound, "UnknownOffer",
			"There is no such offer. Sign in with the provider again to make a new one.")
	}
	read := offer{
		identity:  identity{table.Text(item, contract.LinkProvider), table.Text(item, contract.LinkSubject)},
		username:  table.Text(item, contract.LinkUsername),
		sub:       table.Text(item, subAttribute),
		email:     table.Text(item, emailAttribute),
		expiresAt: seconds(item, contract.LinkExpiresAt),
		usedBy:    table.Text(item, usedBy),
	}
	for _, text := range []string{read.provider, read.subject, read.username, read.sub, read.email} {
		if text == "" {
			return offer{}, gateway.Internal("MalformedItem", "an offer lacks an attribute")
		}
	}
	return read, nil
}

// use marks the offer as redeemed by this account. It succeeds again for the same account.
func (s *service) use(ctx context.Context, secret, sub string, now time.Time) error {
	met, err := s.links.update(ctx, offerID(secret), "SET #usedBy = :me",
		"#expires > :now AND (attribute_not_exists(#usedBy) OR #usedBy = :me)",
		table.Item{":me": table.String(sub), ":now": table.Number(now.Unix())})
	if err == nil && !met {
		return usedByAnother()
	}
	return err
}

func usedByAnother() error {
	return gateway.Refused(http.StatusConflict, "ForeignOffer",
		"Another account has used this offer. If that was not you, sign in with the provider again to make a new one.")
}

func expired() error {
	return gateway.Refused(http.StatusGone, "ExpiredOffer",
		"The offer has expired. Sign in with the provider again to make a new one.")
}

// offerID is the key of an offer. The hash is that of package proof: SHA-256 of the characters.
func offerID(secret string) string {
	hash, _ := proof.ChallengeOf(secret)
	return contract.LinkOffer + hash
}

// isOffer reports whether text has the form of an offer.
func isOffer(text string) bool {
	_, found := proof.ChallengeOf(text)
	return found
}

// randomText returns 32 random bytes as 43 characters that need no escaping.
func randomText() string {
	var random [32]byte
	_, _ = rand.Read(random[:]) // never fails: https://pkg.go.dev/crypto/rand#Read
	return base64.RawURLEncoding.EncodeToString(random[:])
}
