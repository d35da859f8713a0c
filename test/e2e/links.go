package e2e

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// offer is the answer of POST /link-offers.
type offer struct {
	Offer, Provider, Email string
}

// Links is the answer of GET /links.
type Links struct {
	SignIn, Factor string
	CanBuy         bool
	Links          []struct{ Provider string }
}

// graceConnects is the part of the story in which a customer of Google becomes able to buy.
func graceConnects() []Step {
	return []Step{
		{"Grace signs in with Google and reads her orders", signInWithGoogle},
		{"Grace asks whether she can buy", canBuy(false, func(c *Cast) Tokens { return c.google })},
		{"Grace offers her Google account for connecting", makeOffer},
		{"Grace signs up with the same address and protects the account", graceProtects},
		{"Grace connects Google", connect},
		{"Grace signs in with Google again: it is the account of her own", signInConnected},
		{"Grace steps up and checks out", graceBuys},
		{"Frank signs in with Facebook: he browses, and cannot buy yet", signInWithFacebook},
	}
}

func (c *Cast) atGoogle() Identity {
	subject := "1" + fmt.Sprintf("%020d", len(c.Grace.Email)) + c.Grace.Email[len(mailbox):len(mailbox)+6]
	return Identity{Provider: "Google", Subject: subject, Email: c.Grace.Email}
}

func signInWithGoogle(ctx context.Context, c *Cast) (string, error) {
	var err error
	if c.google, err = c.Stage.SignInWith(ctx, c.atGoogle()); err != nil {
		return "", err
	}
	answer, err := c.Stage.Do(ctx, Call{Method: "GET", Path: "/orders", Token: c.google.Access})
	if err != nil {
		return "", err
	}
	return answer.must(http.StatusOK)
}

// canBuy asks GET /links, as the cart does before the customer checks out.
func canBuy(want bool, who func(*Cast) Tokens) func(context.Context, *Cast) (string, error) {
	return func(ctx context.Context, c *Cast) (string, error) {
		links, err := c.Stage.Links(ctx, who(c))
		if err != nil {
			return "", err
		}
		if links.CanBuy != want {
			return "", fmt.Errorf("GET /links says %+v, want canBuy %t", links, want)
		}
		return fmt.Sprintf("200, canBuy %t: signed in by %s, factor %s", links.CanBuy, links.SignIn, links.Factor), nil
	}
}

// Links asks which providers are connected, and whether the customer can buy.
func (s *Running) Links(ctx context.Context, t Tokens) (Links, error) {
	answer, err := s.Do(ctx, Call{Method: "GET", Path: "/links", Token: t.Access})
	if err != nil {
		return Links{}, err
	}
	if _, err := answer.must(http.StatusOK); err != nil {
		return Links{}, err
	}
	var links Links
	return links, answer.Into(&links)
}

func makeOffer(ctx context.Context, c *Cast) (string, error) {
	answer, err := c.Stage.Do(ctx, Call{Method: "POST", Path: "/link-offers", Token: c.google.Access})
	if err != nil {
		return "", err
	}
	if _, err := answer.must(http.StatusCreated); err != nil {
		return "", err
	}
	return "201", answer.Into(&c.offer)
}

func graceProtects(ctx context.Context, c *Cast) (string, error) {
	v := NewVerifier()
	if err := c.Stage.SignUp(ctx, c.Grace, v); err != nil {
		return "", err
	}
	tokens, err := c.Stage.Protect(ctx, c.Grace, v)
	if err != nil {
		return "", err
	}
	c.Grace.SteppedUp = tokens
	return "sealed", nil
}

// Connect is the request by which a customer connects an offered identity.
func Connect(stepped Tokens, offer, provider, email string) Call {
	return Call{
		Method: "POST", Path: "/links", Token: stepped.Access,
		Body: map[string]string{"offer": offer, "provider": provider, "email": email},
	}
}

// Disconnect is the request by which a customer disconnects a provider.
func Disconnect(stepped Tokens, provider string) Call {
	return Call{Method: "DELETE", Path: "/links?provider=" + url.QueryEscape(provider), Token: stepped.Access}
}

func connect(ctx context.Context, c *Cast) (string, error) {
	answer, err := c.Stage.Do(ctx, Connect(c.Grace.SteppedUp, c.offer.Offer, c.offer.Provider, c.offer.Email))
	if err != nil {
		return "", err
	}
	return answer.must(http.StatusNoContent)
}

func signInConnected(ctx context.Context, c *Cast) (string, error) {
	tokens, err := c.Stage.SignInWith(ctx, c.atGoogle())
	if err != nil {
		return "", err
	}
	if tokens.Sub() != c.Grace.SteppedUp.Sub() {
		return "", fmt.Errorf("signed in as %s, want %s", tokens.Sub(), c.Grace.SteppedUp.Sub())
	}
	c.google = tokens
	return canBuy(true, func(c *Cast) Tokens { return c.google })(ctx, c)
}

func graceBuys(ctx context.Context, c *Cast) (string, error) {
	stepped, err := c.Stage.SignIn(ctx, c.Grace, c.Stage.StepUpClientID)
	if err != nil {
		return "", err
	}
	answer, err := c.Stage.Do(ctx, c.checkout(nil, stepped.Access))
	if err != nil {
		return "", err
	}
	return answer.must(http.StatusCreated)
}

func signInWithFacebook(ctx context.Context, c *Cast) (string, error) {
	who := Identity{Provider: "Facebook", Subject: "2" + c.atGoogle().Subject, Email: "frank." + c.Grace.Email}
	var err error
	if c.Federated, err = c.Stage.SignInWith(ctx, who); err != nil {
		return "", err
	}
	return canBuy(false, func(c *Cast) Tokens { return c.Federated })(ctx, c)
}
