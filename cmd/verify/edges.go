package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/test/e2e"
)

// refusesAsProblems asks which media type and body API Gateway's own responses have, by the Accept header of requests.
func refusesAsProblems(ctx context.Context, b *bench) (verdict, string, error) {
	var seen []string
	v := holds
	for _, accept := range []string{"", "*/*", "application/json", "application/problem+json"} {
		headers := map[string]string{}
		if accept != "" {
			headers["Accept"] = accept
		}
		answer, err := b.Do(ctx, e2e.Call{Method: http.MethodGet, Path: "/orders", Headers: headers})
		if err != nil {
			return "", "", err
		}
		var problem struct{ Title, RequestID string }
		if json.Unmarshal(answer.Body, &problem) != nil || problem.Title == "" || problem.RequestID == "" {
			v = fails
		}
		mediaType := answer.Header.Get("Content-Type")
		if !strings.HasPrefix(mediaType, "application/problem+json") {
			v = fails
		}
		seen = append(seen, fmt.Sprintf("Accept %q: %d %s", accept, answer.Status, mediaType))
	}
	return v, strings.Join(seen, "; "), nil
}

// refusesScopes asks with which status a token without the route's scope is refused.
func refusesScopes(ctx context.Context, b *bench) (verdict, string, error) {
	_, _, account, err := b.visitor(ctx)
	if err != nil {
		return "", "", err
	}
	answer, err := b.Do(ctx, e2e.Call{Method: http.MethodGet, Path: "/orders", Token: account.Access})
	if err != nil {
		return "", "", err
	}
	seen := fmt.Sprintf("%d, WWW-Authenticate %q", answer.Status, answer.Header.Get("WWW-Authenticate"))
	switch answer.Status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return noted, seen, nil
	default:
		return fails, seen, nil
	}
}

// letsGuestsBrowse asks whether the session policies of the enhanced flow add or intersect: AWS's own policy names no
// API.
func letsGuestsBrowse(ctx context.Context, b *bench) (verdict, string, error) {
	guest, err := b.Credentials(ctx, "")
	if err != nil {
		return "", "", err
	}
	answer, err := b.Do(ctx, e2e.Call{Method: http.MethodGet, Path: "/products", Credentials: guest})
	if err != nil {
		return "", "", err
	}
	if answer.Status != http.StatusOK {
		return fails, fmt.Sprintf("GET /products: %d: guests could not browse", answer.Status), nil
	}
	return holds, "GET /products: 200", nil
}

// hidesAttributes asks whether a request that names no attributes meets a condition on dynamodb:Attributes: it would
// return whole items.
func hidesAttributes(ctx context.Context, b *bench) (verdict, string, error) {
	c, _, err := b.customer(ctx)
	if err != nil {
		return "", "", err
	}
	tokens, err := b.SignIn(ctx, c, b.WebClientID)
	if err != nil {
		return "", "", err
	}
	credentials, err := b.Credentials(ctx, tokens.ID)
	if err != nil {
		return "", "", err
	}
	cfg := b.AWS()
	cfg.Credentials = e2e.Static(*credentials)
	tables := dynamodb.NewFromConfig(cfg)
	item := &dynamodb.GetItemInput{TableName: &b.OrdersTable, Key: map[string]types.AttributeValue{
		contract.CustomerID: &types.AttributeValueMemberS{
			Value: tokens.Sub(),
		},
		"orderId": &types.AttributeValueMemberS{Value: "none"},
	}}
	_, err = tables.GetItem(ctx, item)
	whole, err := outcome(err)
	if err != nil {
		return "", "", err
	}
	item.ProjectionExpression = aws.String("customerId, orderId, createdAt")
	_, err = tables.GetItem(ctx, item)
	listed, err := outcome(err)
	seen := fmt.Sprintf("whole item: %s; listed attributes: %s", whole, listed)
	if whole != "AccessDeniedException" || listed != "accepted" {
		return fails, seen, err
	}
	return holds, seen, err
}

// registersNoClient asks whether anybody can register a client of the pool.
func registersNoClient(ctx context.Context, b *bench) (verdict, string, error) {
	status, err := b.login(ctx, http.MethodPost, "/oauth2/register")
	if err != nil {
		return "", "", err
	}
	if status < http.StatusBadRequest {
		return fails, fmt.Sprintf("POST /oauth2/register: %d: switch dynamic client registration off", status), nil
	}
	return holds, fmt.Sprintf("POST /oauth2/register: %d", status), nil
}

// looksByHand is a question that needs a person, a quarter of an hour, or a change of the pool.
func looksByHand(how string) func(context.Context, *bench) (verdict, string, error) {
	return func(_ context.Context, b *bench) (verdict, string, error) {
		if b.Local() {
			return notHere, "the local stage has none of it", nil
		}
		return byHand, how, nil
	}
}
