package e2e

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/securecart/identity/internal/readme"
)

// probes returns the probes by the action's name in README. A route that is not listed is called with its verb and path
// alone.
func probes() map[string][]probe {
	return map[string][]probe{
		"POST /orders":        {{grant: "own", try: calls(func(c *Cast) Call { return c.checkout(nil, "") })}},
		"PUT /profile":        {{grant: "own", try: calls(with("PUT /profile"))}},
		"PUT /payment-method": {{grant: "own", try: calls(with("PUT /payment-method"))}},
		"POST /link-offers":   {{grant: "federated only", try: offers, answered: http.StatusConflict}},
		// The offer does not exist: an allowed caller gets 404.
		"POST /links":   {{grant: "own", try: calls(with("POST /links")), answered: http.StatusNotFound}},
		"DELETE /links": {{grant: "own", try: calls(with("DELETE /links"))}},
		"the user pool's own operations on oneself (factors, phone, password, deletion)": {
			{grant: "own", try: looksAtItself},
		},
		"bucket Media, products/*": {
			{what: "read", grant: "read", try: gets(thePicture)},
			{what: "write", try: puts(thePicture)},
		},
		"bucket Documents, customers/<own sub>/*": {
			{what: "write", try: puts(ownDocument)},
			{what: "read", grant: "read", try: gets(ownDocument)},
		},
		"table Orders and its index, own rows, listed attributes": {
			{what: "GetItem", grant: "GetItem", try: getsItem(func(c *Cast) string { return c.Web.Sub() })},
			{what: "Query of the index", grant: "Query", try: queries(func(c *Cast) string { return c.Web.Sub() })},
		},
		"anything else": elsewhere(),
	}
}

// probesOf returns the listed probes of a row or, for a route without any, one that "own" or "yes" allows.
func probesOf(row readme.Row, listed map[string][]probe) ([]probe, error) {
	if tries, ok := listed[row.Action]; ok {
		return tries, nil
	}
	if _, _, isRoute := row.Route(); !isRoute {
		return nil, fmt.Errorf("README's row %q: nobody knows how to try it; add it to probes", row.Action)
	}
	try := probe{grant: "own", try: calls(with(row.Action))}
	if slices.Contains(row.Cells, "yes") {
		try.grant = "yes"
	}
	return []probe{try}, nil
}

// Request returns a complete request to a route, such as "GET /orders", without a caller.
func Request(route string) Call {
	verb, path, _ := strings.Cut(route, " ")
	call := Call{Method: verb, Path: path}
	switch route {
	case "POST /orders":
		call.Headers = map[string]string{"Idempotency-Key": key}
		call.Body = map[string]any{"items": []any{}}
	case "PUT /profile":
		call.Body = map[string]string{"name": "Jane Doe"}
	case "PUT /payment-method":
		call.Body = map[string]string{"provider": "stripe", "token": "pm_1Nv0FGQ9RKHgCVdK"}
	case "POST /links":
		return Connect(Tokens{}, string(NewVerifier()), "Google", "jane@example.com")
	case "DELETE /links":
		return Disconnect(Tokens{}, "Google")
	}
	return call
}

// with returns Request for a cast that adds nothing.
func with(route string) func(*Cast) Call {
	return func(*Cast) Call { return Request(route) }
}

// elsewhere returns a sample of the actions that no caller may do. docs/access-matrix.md has all of them, from the
// templates.
func elsewhere() []probe {
	return []probe{
		{what: "DELETE /orders", try: calls(with("DELETE /orders"))},
		{what: "GET /orders/1", try: calls(with("GET /orders/1"))},
		{what: "POST /products", try: calls(with("POST /products"))},
		{what: "another customer's documents", try: gets(func(c *Cast) (string, string) {
			return c.Stage.DocumentsBucket, c.document(c.OtherSub)
		})},
		{what: "files outside products/", try: gets(func(c *Cast) (string, string) {
			return c.Stage.MediaBucket, "private/plan.pdf"
		})},
		{what: "another customer's rows", try: queries(func(c *Cast) string { return c.OtherSub })},
		{what: "what is not the customer's business of one's own row", try: getsFingerprint},
		{what: "the whole table", try: scans},
		{what: "writing a row", try: writesItem},
	}
}

// picture is the key of the object that Arrange creates.
const picture = "products/e2e.txt"

func (c *Cast) document(sub string) string { return "customers/" + sub + "/e2e.txt" }

// thePicture and ownDocument return objects by bucket and key.
func thePicture(c *Cast) (bucket, key string) { return c.Stage.MediaBucket, picture }
func ownDocument(c *Cast) (bucket, key string) {
	return c.Stage.DocumentsBucket, c.document(c.Web.Sub())
}

// offers asks for an offer with the token of a provider's customer in place of Jane's. On a stage without a local
// provider it uses Jane's own token, which gets 409.
func offers(ctx context.Context, c *Cast, by caller) (int, error) {
	if by.token == c.Web.Access && c.Federated.Access != "" {
		by.token = c.Federated.Access
	}
	return calls(with("POST /link-offers"))(ctx, c, by)
}

// looksAtItself asks the user pool with the caller's access token. A caller without one sends the text "none".
func looksAtItself(ctx context.Context, c *Cast, by caller) (int, error) {
	if by.token == "" {
		by.token = "none"
	}
	err := c.Stage.SelfService(by.token)["GetUser"](ctx)
	if ErrorCode(err) == "NotAuthorizedException" {
		return http.StatusUnauthorized, nil
	}
	return status(err)
}

func calls(call func(*Cast) Call) func(context.Context, *Cast, caller) (int, error) {
	return func(ctx context.Context, c *Cast, by caller) (int, error) {
		request := call(c)
		request.Token, request.Credentials = by.token, by.credentials
		answer, err := c.Stage.Do(ctx, request)
		return answer.Status, err
	}
}

// provider gives the SDK a caller's credentials. Callers with a token or with nothing send unsigned requests.
func (by caller) provider() aws.CredentialsProvider {
	if by.credentials == nil {
		return aws.AnonymousCredentials{}
	}
	return Static(*by.credentials)
}

func (c *Cast) s3(by caller) *s3.Client {
	return s3.NewFromConfig(c.Stage.aws, func(o *s3.Options) {
		o.Credentials = by.provider()
		o.UsePathStyle = c.Stage.Local() // nothing resolves a bucket's own host name
		o.DisableLogOutputChecksumValidationSkipped = true
	})
}

func (c *Cast) dynamodb(by caller) *dynamodb.Client {
	return dynamodb.NewFromConfig(c.Stage.aws, func(o *dynamodb.Options) { o.Credentials = by.provider() })
}

func gets(object func(*Cast) (bucket, key string)) func(context.Context, *Cast, caller) (int, error) {
	return func(ctx context.Context, c *Cast, by caller) (int, error) {
		bucket, key := object(c)
		out, err := c.s3(by).GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
		if err == nil {
			err = out.Body.Close()
		}
		return status(err)
	}
}

func puts(object func(*Cast) (bucket, key string)) func(context.Context, *Cast, caller) (int, error) {
	return func(ctx context.Context, c *Cast, by caller) (int, error) {
		bucket, key := object(c)
		body := strings.NewReader("e2e")
		_, err := c.s3(by).PutObject(ctx, &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: body})
		return status(err)
	}
}

func text(value string) types.AttributeValue { return &types.AttributeValueMemberS{Value: value} }

func getsItem(sub func(*Cast) string) func(context.Context, *Cast, caller) (int, error) {
	return func(ctx context.Context, c *Cast, by caller) (int, error) {
		_, err := c.dynamodb(by).GetItem(ctx, &dynamodb.GetItemInput{
			TableName: &c.Stage.OrdersTable,
			Key:       map[string]types.AttributeValue{"customerId": text(sub(c)), "orderId": text(c.Order)},
			// A request without attributes would get all of them, and is refused.
			ProjectionExpression: aws.String("customerId, orderId, createdAt"),
		})
		return status(err)
	}
}

func queries(sub func(*Cast) string) func(context.Context, *Cast, caller) (int, error) {
	return func(ctx context.Context, c *Cast, by caller) (int, error) {
		_, err := c.dynamodb(by).Query(ctx, &dynamodb.QueryInput{
			TableName: &c.Stage.OrdersTable, IndexName: aws.String("byCreatedAt"),
			KeyConditionExpression:    aws.String("customerId = :customer"),
			ExpressionAttributeValues: map[string]types.AttributeValue{":customer": text(sub(c))},
			ProjectionExpression:      aws.String("orderId, totalMinor"),
		})
		return status(err)
	}
}

func getsFingerprint(ctx context.Context, c *Cast, by caller) (int, error) {
	_, err := c.dynamodb(by).GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &c.Stage.OrdersTable, ProjectionExpression: aws.String("orderId, fingerprint"),
		Key: map[string]types.AttributeValue{"customerId": text(c.Web.Sub()), "orderId": text(c.Order)},
	})
	return status(err)
}

func scans(ctx context.Context, c *Cast, by caller) (int, error) {
	_, err := c.dynamodb(by).Scan(ctx, &dynamodb.ScanInput{TableName: &c.Stage.OrdersTable})
	return status(err)
}

func writesItem(ctx context.Context, c *Cast, by caller) (int, error) {
	_, err := c.dynamodb(by).PutItem(ctx, &dynamodb.PutItemInput{
		TableName: &c.Stage.OrdersTable,
		Item:      map[string]types.AttributeValue{"customerId": text(c.Web.Sub()), "orderId": text("free")},
	})
	return status(err)
}
