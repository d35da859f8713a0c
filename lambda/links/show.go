package main

import (
	"context"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/internal/customer"
	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/mfa"
)

// status is the answer to GET /links.
type status struct {
	// SignIn is "password" or "provider". Provider then names the provider.
	SignIn   string `json:"signIn"`
	Provider string `json:"provider,omitempty"`
	// Factor is "none" if Cognito asks for no second factor, "unsealed" if it is not proven that the customer set up the
	// factor, "suspended" if the factor may have been replaced since the proof, and "sealed" otherwise.
	Factor string `json:"factor"`
	// CanBuy reports whether a step-up would succeed without a new proof of the mailbox.
	CanBuy bool `json:"canBuy"`
	// Links names each connected provider once.
	Links []link `json:"links"`
}

type link struct {
	Provider string `json:"provider"`
}

// show answers GET /links.
func (s *service) show(ctx context.Context, request events.APIGatewayProxyRequest) (gateway.Answer, error) {
	sub, err := customer.Sub(request)
	if err != nil {
		return gateway.Answer{}, err
	}
	me, err := s.callersAccount(ctx, request, sub)
	if err != nil {
		return gateway.Answer{}, err
	}
	shown := status{SignIn: "password", Links: []link{}}
	if !me.native() {
		shown.SignIn = "provider"
		for _, one := range me.own {
			shown.Provider = one.provider
		}
	}
	for _, provider := range providers(me.linked) {
		shown.Links = append(shown.Links, link{provider})
	}
	if shown.Factor, err = s.factorOf(ctx, me); err != nil {
		return gateway.Answer{}, err
	}
	shown.CanBuy = me.native() && shown.Factor == "sealed"
	return gateway.Answer{Body: shown, Count: len(shown.Links)}, nil
}

// factorOf returns the state of the factor that the token trigger would find at a step-up.
func (s *service) factorOf(ctx context.Context, me account) (string, error) {
	asked := mfa.Asked(me.active, me.preferred, s.factors)
	if asked == mfa.None {
		return "none", nil
	}
	trust, err := s.proofs.ReadTrust(ctx, me.sub)
	switch {
	case err != nil:
		return "", err
	case !trust.SealedKind(string(asked)):
		return "unsealed", nil
	case trust.Suspended():
		return "suspended", nil
	}
	return "sealed", nil
}
