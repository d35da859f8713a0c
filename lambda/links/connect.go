package main

import (
	"context"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/table"
)

// redemption is the body of POST /links: the offer, and the details that the customer has confirmed on the screen.
type redemption struct{ offer, provider, email string }

// The longest values that Cognito allows.
const (
	maxProvider = 32
	maxEmail    = 2048
)

func readRedemption(event events.APIGatewayProxyRequest) (redemption, error) {
	document, err := gateway.JSON(event)
	if err != nil {
		return redemption{}, err
	}
	sent := redemption{
		offer:    document.Text("offer", "the offer as it was answered, 43 characters", isOffer),
		provider: document.Text("provider", "the provider that the offer was answered with", upTo(maxProvider)),
		email:    document.Text("email", "the e-mail address that the offer was answered with", upTo(maxEmail)),
	}
	return sent, document.Err()
}

func upTo(limit int) func(string) bool {
	return func(text string) bool { return text != "" && utf8.RuneCountInString(text) <= limit }
}

// connect answers POST /links.
func (s *service) connect(ctx context.Context, event events.APIGatewayProxyRequest) (gateway.Answer, error) {
	done := gateway.Answer{Status: http.StatusNoContent}
	customer, err := s.gate.Sub(event)
	if err != nil {
		return gateway.Answer{}, err
	}
	sent, err := readRedemption(event)
	if err != nil {
		return gateway.Answer{}, err
	}
	offered, err := s.readOffer(ctx, sent.offer)
	if err != nil {
		return gateway.Answer{}, err
	}
	if err := offered.agrees(sent, customer); err != nil {
		return gateway.Answer{}, err
	}
	me, err := s.callersAccount(ctx, event, customer)
	if err != nil {
		return gateway.Answer{}, err
	}
	if err := offered.fits(me); err != nil {
		return gateway.Answer{}, err
	}
	try := attempt{service: s, offer: offered, me: me, name: randomText(), now: s.gate.Now()}
	if me.connected(offered.identity) {
		return done, try.record(ctx, "")
	}
	if try.now.Unix() >= offered.expiresAt {
		return gateway.Answer{}, expired()
	}
	if len(me.linked) >= maxLinked {
		return gateway.Answer{}, tooMany()
	}
	if err := s.use(ctx, sent.offer, customer, try.now); err != nil {
		return gateway.Answer{}, err
	}
	return done, try.run(ctx)
}

// agrees refuses an offer that another account has used, or whose provider and address differ from those that the
// customer has confirmed: the page has then shown another offer than it sends.
func (o offer) agrees(sent redemption, customer string) error {
	if o.usedBy != "" && o.usedBy != customer {
		return usedByAnother()
	}
	if sent.provider != o.provider || sent.email != o.email {
		return gateway.Unprocessable("provider and email must be those that the offer was answered with. " +
			"Show them to the customer, or sign in with the provider again to make a new offer.")
	}
	return nil
}

// fits refuses an account whose verified address differs from the provider's, and an account that signs in with a
// provider itself.
//
// Addresses are compared byte by byte, A to Z case-insensitively. The comparison prevents a thief, and the next
// customer at a shared browser, from redeeming an offer: their accounts have other addresses.
func (o offer) fits(me account) error {
	switch {
	case !me.native():
		return gateway.Refused(http.StatusConflict, "NotNative",
			"Providers are connected with an account that has a password. Sign in with your e-mail address and password.")
	case !me.verified || me.email == "":
		return gateway.Unprocessable("Your account's e-mail address is not verified yet. " +
			"Enter the code that was mailed to you, then try again.")
	case asciiLower(me.email) != asciiLower(o.email):
		return gateway.Unprocessable("The provider knows you by another e-mail address than this account has. " +
			"Sign in to the account with the provider's address, or sign up with that address.")
	}
	return nil
}

func tooMany() error {
	return gateway.Refused(http.StatusConflict, "TooManyLinks",
		"An account can have five providers connected. Disconnect one first.")
}

func elsewhere() error {
	return gateway.Refused(http.StatusConflict, "LinkedElsewhere",
		"This sign-in belongs to another account. Sign in to that account and disconnect it there first.")
}

func disabledProfile() error {
	return gateway.Refused(http.StatusConflict, "DisabledProfile",
		"Signing in with the provider has been disabled for you, so it cannot be connected. Ask the shop's support.")
}

// An attempt is one request that tries to connect the identity of an offer with an account.
type attempt struct {
	*service
	offer offer
	me    account
	// name is random and identifies the attempt.
	name string
	// now is when the attempt began. All times counted from it are much longer than a request.
	now time.Time
}

// run does the steps after the offer is marked as used. If a step fails, it unblocks the next request.
func (a attempt) run(ctx context.Context) (err error) {
	defer func() {
		if err != nil {
			a.release(ctx)
		}
	}()
	if err := a.claim(ctx); err != nil {
		return err
	}
	if err := a.links.put(ctx, contract.LinkedCustomer+a.me.sub, table.Item{
		contract.CustomerID: table.String(a.me.sub),
	}); err != nil {
		return err
	}
	if err := a.replace(ctx); err != nil {
		return err
	}
	return a.record(ctx, "REMOVE #busy")
}

// replace deletes the profile and links the identity. After an error it asks the pool for the result, since the link
// may exist nevertheless. If not, it tries once more: a sign-in with the provider after the deletion has created a new
// profile.
func (a attempt) replace(ctx context.Context) error {
	failure := a.replaceOnce(ctx)
	for again := true; failure != nil; again = false {
		me, err := a.pool.caller(ctx, a.me.username, a.me.sub)
		switch {
		case err != nil:
			return err
		case me.connected(a.offer.identity):
			return nil
		case len(me.linked) >= maxLinked:
			return tooMany()
		case !again:
			return failure
		}
		failure = a.replaceOnce(ctx)
	}
	return nil
}

func (a attempt) replaceOnce(ctx context.Context) error {
	if err := a.removeProfile(ctx); err != nil {
		return err
	}
	return a.pool.link(ctx, a.me.username, a.offer.identity)
}

// removeProfile deletes the account that the sign-in with the provider has created, if it still exists. It deletes
// nothing else: the account of the offer's user name must be enabled, and the profile of the offer's identity and of no
// other. It must not be the caller, or marked as an account that has, or had, connected providers.
//
// Each condition is checked just before the deletion, since a profile's user name may lead to the account that the
// identity is linked with. [attempt.claim] prevents another request from linking the identity in between.
func (a attempt) removeProfile(ctx context.Context) error {
	profile, found, err := a.pool.find(ctx, a.offer.username)
	if err != nil || !found || profile.sub == a.me.sub {
		return err
	}
	if profile.username != a.offer.username || !profile.federated() || profile.own[0] != a.offer.identity {
		return elsewhere()
	}
	marked, err := a.marked(ctx, profile.sub)
	if err != nil {
		return err
	}
	switch {
	case marked:
		return elsewhere()
	case !profile.enabled:
		return disabledProfile()
	}
	return a.pool.remove(ctx, profile.username)
}
