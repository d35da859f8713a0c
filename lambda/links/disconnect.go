package main

import (
	"context"
	"net/http"
	"slices"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/problem"
	"github.com/securecart/identity/lambda/internal/request"
	"github.com/securecart/identity/lambda/internal/table"
)

// disconnect answers DELETE /links: the provider's identities that are linked with the caller are so no more. The one
// that an account was made for is never touched, nor is an identity of another account.
func (s *service) disconnect(ctx context.Context, event events.APIGatewayProxyRequest) (gateway.Answer, error) {
	customer, err := s.gate.Sub(event)
	if err != nil {
		return gateway.Answer{}, err
	}
	provider, err := readProvider(event)
	if err != nil {
		return gateway.Answer{}, err
	}
	me, err := s.callersAccount(ctx, event, customer)
	if err != nil {
		return gateway.Answer{}, err
	}
	for _, one := range me.linked {
		if one.provider != provider {
			continue
		}
		if err := s.cut(ctx, me, one); err != nil {
			return gateway.Answer{}, err
		}
	}
	return gateway.Answer{Status: http.StatusNoContent}, nil
}

// readProvider refuses the provider Cognito: disconnecting it would take the password from the account.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableProviderForUser.html
func readProvider(event events.APIGatewayProxyRequest) (string, error) {
	parameters := request.Query(event)
	provider := parameters.Text("provider", "the name of a provider", upTo(maxProvider))
	if err := parameters.Err(); err != nil {
		return "", err
	}
	if provider == "" {
		return "", problem.BadRequest("provider is missing")
	}
	if asciiLower(provider) == asciiLower(passwordProvider) {
		return "", problem.BadRequest("provider must be one that is connected; a password cannot be disconnected")
	}
	return provider, nil
}

// cut deletes the record of an identity and ends its link. In this order, because the subject is known from the link: a
// record that outlived the link would be found by nobody. An identity without a record is as well guarded, since
// Cognito links none twice. After an error the pool is asked whether the link is gone all the same.
func (s *service) cut(ctx context.Context, me account, one identity) error {
	_, err := s.links.remove(ctx, recordID(one), "#owner = :me AND (attribute_not_exists(#busy) OR #busy <= :now)",
		table.Item{":me": table.String(me.sub), ":now": table.Number(s.gate.Now().Unix())})
	if err != nil {
		return err
	}
	failure := s.pool.unlink(ctx, one)
	if failure == nil {
		return nil
	}
	now, err := s.pool.caller(ctx, me.username, me.sub)
	if err != nil {
		return err
	}
	if now.connected(one) {
		return failure
	}
	return nil
}

// providers returns the name of each provider once.
func providers(identities []identity) []string {
	var names []string
	for _, one := range identities {
		if !slices.Contains(names, one.provider) {
			names = append(names, one.provider)
		}
	}
	return names
}
