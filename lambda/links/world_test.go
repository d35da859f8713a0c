package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/customer"
	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/lambdatest"
	"github.com/securecart/identity/lambda/internal/proof"
	"github.com/securecart/identity/lambda/mfa"
)

const (
	event  = "testdata/post-links.json"
	origin = "https://shop.example"
	pool   = "eu-central-1_Example01"
	stepUp = "2hexampleclientid0stepup0a"
	web    = "4hexampleclientid0web0abcd"

	address = "alice@mail.example"
)

// google is alice at the provider.
var google = identity{"Google", "114327158473927184012"}

func TestMain(m *testing.M) {
	lambdatest.Run(m, main)
}

// world is the function with the user pool and both tables.
type world struct {
	*lambdatest.Function
	*directory
	steps         *steps
	service       *service
	table, proofs string
	now           time.Time
	// alice has an account with a password, and a profile created by signing in with Google.
	alice, profile *user
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{
		directory: newDirectory(t), steps: &steps{}, now: time.Unix(1784115962, 0),
		table: lambdatest.Table(t, "Links"), proofs: lambdatest.Shared(t, "Proofs"),
	}
	engine := lambdatest.AWSConfig(lambdatest.DynamoDBEndpoint(t))
	w.service = &service{
		gate:    customer.Gate{Client: stepUp, Now: func() time.Time { return w.now }},
		pool:    userPool{client: cognito.NewFromConfig(w.steps.watch(w.config)), id: pool},
		links:   linkTable{client: dynamodb.NewFromConfig(w.steps.watch(engine)), name: w.table},
		proofs:  proof.NewTable(engine, w.proofs),
		factors: []mfa.Factor{mfa.TOTP},
	}
	w.Function = lambdatest.NewFunction(func(log *slog.Logger) *gateway.API { return newAPI(origin, log, w.service) })
	w.mayDelete = w.profileOnly(t)
	w.alice = w.signUp(address)
	w.profile = w.signIn(google, address)
	return w
}

// offering returns a world in which the profile has an offer.
func offering(t testing.TB) (w *world, offered made) {
	t.Helper()
	w = newWorld(t)
	return w, w.offers(t, w.profile)
}

// profileOnly checks, by the true state of the account, whether a user may be deleted.
func (w *world) profileOnly(t testing.TB) func(*user) error {
	return func(u *user) error {
		switch {
		case u.native:
			return fmt.Errorf("it was made with a password")
		case u.disabled:
			return fmt.Errorf("it is disabled")
		case len(u.identities) != 1 || !u.identities[0].primary || u.status != "EXTERNAL_PROVIDER":
			return fmt.Errorf("it is more than the profile of one identity")
		case w.item(t, contract.LinkedCustomer+u.sub) != nil:
			return fmt.Errorf("it is marked as connected")
		}
		return nil
	}
}

// by returns a request with a token of the user, signed in a minute ago.
func (w *world) by(t testing.TB, who *user, client, method, path, body string) events.APIGatewayProxyRequest {
	t.Helper()
	request := lambdatest.Event(t, event)
	request.HTTPMethod, request.Resource, request.Body = method, path, body
	claims := lambdatest.Claims(request)
	claims["sub"], claims["username"], claims["client_id"] = who.sub, who.username, client
	claims["auth_time"] = strconv.FormatInt(w.now.Unix()-60, 10)
	return request
}

// offers returns the response to a request for an offer, which must succeed.
func (w *world) offers(t testing.TB, who *user) made {
	t.Helper()
	response := w.Serve(t, w.by(t, who, web, "POST", "/link-offers", ""))
	wantStatus(t, response, http.StatusCreated)
	return decode(t, response)
}

func decode(t testing.TB, response events.APIGatewayProxyResponse) made {
	t.Helper()
	var answer made
	if err := json.Unmarshal([]byte(response.Body), &answer); err != nil {
		t.Fatalf("the answer %s is no offer: %v", response.Body, err)
	}
	return answer
}

// redeeming returns the request that redeems an offer.
func (w *world) redeeming(t testing.TB, who *user, offered made) events.APIGatewayProxyRequest {
	t.Helper()
	body, err := json.Marshal(map[string]string{
		"offer": offered.Offer, "provider": offered.Provider, "email": offered.Email,
	})
	if err != nil {
		t.Fatal(err)
	}
	return w.by(t, who, stepUp, "POST", "/links", string(body))
}

func (w *world) redeem(t testing.TB, who *user, offered made) events.APIGatewayProxyResponse {
	t.Helper()
	return w.Serve(t, w.redeeming(t, who, offered))
}

// disconnecting returns the request that disconnects a provider.
func (w *world) disconnecting(t testing.TB, who *user, provider string) events.APIGatewayProxyRequest {
	t.Helper()
	return lambdatest.WithQuery(w.by(t, who, stepUp, "DELETE", "/links", ""), map[string]string{"provider": provider})
}

// item returns the table's item of a key, nil if there is none.
func (w *world) item(t testing.TB, id string) map[string]any {
	t.Helper()
	return lambdatest.Stored(t, w.table, contract.LinkID, id)
}

// secondsAt is a time in the table's form.
func secondsAt(at time.Time) float64 { return float64(at.Unix()) }

// wantConnected checks that the identity is linked with this account only, and that the records say so.
func (w *world) wantConnected(t testing.TB, who *user, one identity) {
	t.Helper()
	w.lock.Lock()
	owner := w.owner(one)
	w.lock.Unlock()
	if owner != who {
		t.Fatalf("signing in with %s leads to %+v, want %+v", one.provider, owner, who)
	}
	record := w.item(t, recordID(one))
	if record[contract.CustomerID] != who.sub || record[contract.LinkUsername] != who.username ||
		record[contract.LinkProvider] != one.provider || record[contract.LinkSubject] != one.subject ||
		record[contract.LinkClaimedAt] == nil || record[contract.LinkLinkedAt] == nil {
		t.Errorf("the record is %v, want one of the account, linked", record)
	}
	until, _ := record[busyUntil].(float64)
	if until > secondsAt(w.now) || record[contract.LinkExpiresAt] != nil {
		t.Errorf("the record is %v: it holds off others, or expires", record)
	}
	if mark := w.item(t, contract.LinkedCustomer+who.sub); mark[contract.CustomerID] != who.sub {
		t.Errorf("the account's mark is %v", mark)
	}
}

// connects redeems an offer of google, which must succeed.
func (w *world) connects(t testing.TB, who *user, offered made) {
	t.Helper()
	lambdatest.WantNoContent(t, w.redeem(t, who, offered))
	w.wantConnected(t, who, google)
}

// wantOnce checks that one profile was deleted and one identity linked.
func (w *world) wantOnce(t testing.TB) {
	t.Helper()
	if w.deleted != 1 || w.linked != 1 {
		t.Errorf("%d users deleted, %d identities linked; want one each", w.deleted, w.linked)
	}
}

// wantUntouched checks that nothing was deleted, linked or unlinked.
func (w *world) wantUntouched(t testing.TB) {
	t.Helper()
	if w.deleted != 0 || w.linked != 0 || w.unlinked != 0 {
		t.Errorf("%d users deleted, %d identities linked, %d unlinked; want none", w.deleted, w.linked, w.unlinked)
	}
}

func wantStatus(t testing.TB, response events.APIGatewayProxyResponse, status int) {
	t.Helper()
	if response.StatusCode != status {
		t.Fatalf("answer %d %s; want %d", response.StatusCode, response.Body, status)
	}
}

// connect connects google with alice.
func (w *world) connect(t testing.TB) {
	t.Helper()
	lambdatest.WantNoContent(t, w.redeem(t, w.alice, w.offers(t, w.profile)))
}

// adds adds an identity to the profile.
func (w *world) adds(one identity, primary bool) {
	w.profile.identities = append(w.profile.identities, entry{one, primary})
}

// mark marks an account as one that has, or had, connected providers.
func (w *world) mark(t testing.TB, who *user) {
	t.Helper()
	lambdatest.Put(t, w.table, map[string]any{
		contract.LinkID: contract.LinkedCustomer + who.sub, contract.CustomerID: who.sub,
	})
}

// everything returns the whole table as text.
func (w *world) everything(t testing.TB) string {
	t.Helper()
	all, err := lambdatest.DynamoDB(t).Scan(t.Context(), &dynamodb.ScanInput{
		TableName: aws.String(w.table), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		t.Fatalf("read Links: %v", err)
	}
	var items []map[string]any
	if err := attributevalue.UnmarshalListOfMaps(all.Items, &items); err != nil {
		t.Fatalf("decode Links: %v", err)
	}
	return fmt.Sprint(items)
}
