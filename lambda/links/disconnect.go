package main

import (
	"context"
	"net/http"
	"slices"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/table"
)

// disconnect answers DELETE /links: it unlinks the provider's identities from the caller. It never touches the identity
// for which an account was created, nor an identity of another account.
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

// readProvider refuses the provider Cognito: disconnecting it would remove the account's password.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableProviderForUser.html
func readProvider(event events.APIGatewayProxyRequest) (string, error) {
	parameters := gateway.Query(event)
	provider := parameters.Text("provider", "the name of a provider", upTo(maxProvider))
	if err := parameters.Err(); err != nil {
		return "", err
	}
	if provider == "" {
		return "", gateway.BadRequest("provider is missing")
	}
	if asciiLower(provider) == asciiLower(passwordProvider) {
		return "", gateway.BadRequest("provider must be one that is connected; a password cannot be disconnected")
	}
	return provider, nil
}

// cut deletes the record of an identity, then its link. The order matters, because the subject is known from the link:
// a record without a link could not be found again. An identity without a record is equally protected, since Cognito
// links none twice. After an error cut asks the pool whether the link is gone nevertheless.
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
