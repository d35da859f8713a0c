package appclient_test

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/securecart/identity/lambda/internal/appclient"
	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

const (
	parameter = "/securecart/test/clients"
	ids       = `{"account":"2account5example","stepUp":"4stepup8example","web":"7web1example"}`
)

type object = map[string]any

// store serves the parameter with its current value. A request to decrypt fails the test: the role has no permission on
// a key.
func store(t *testing.T, value *atomic.Pointer[string]) *lambdatest.Service {
	t.Helper()
	return lambdatest.Answering(t, func(r *http.Request, request object) (int, any) {
		target := r.Header.Get("X-Amz-Target")
		if target != "AmazonSSM.GetParameter" || request["WithDecryption"] == true || request["Name"] != parameter {
			return http.StatusBadRequest, object{"__type": "ParameterNotFound", "message": lambdatest.ARN}
		}
		return http.StatusOK, object{"Parameter": object{"Name": parameter, "Type": "String", "Value": *value.Load()}}
	})
}

func directory(t *testing.T, value string) (*appclient.Directory, *lambdatest.Service, *atomic.Pointer[string]) {
	t.Helper()
	held := &atomic.Pointer[string]{}
	held.Store(&value)
	service := store(t, held)
	return appclient.NewDirectory(service.Config(), parameter), service, held
}

func TestClientIsTheOneWhoseIdThisIs(t *testing.T) {
	for _, value := range []string{
		ids, " {\n\"web\": \"7web1example\", \"account\":\"2account5example\",\"stepUp\": \"4stepup8example\" }\n",
	} {
		d, service, _ := directory(t, value)
		for id, want := range map[string]appclient.Client{
			"7web1example": appclient.Web, "4stepup8example": appclient.StepUp, "2account5example": appclient.Account,
			"9another1example": appclient.Other, "": appclient.Other, "web": appclient.Other,
			"4STEPUP8EXAMPLE": appclient.Other, "4stepup8example_": appclient.Other,
		} {
			if got, err := d.Client(t.Context(), id); err != nil || got != want {
				t.Errorf("%q is %q, %v; want %s", id, got, err, want)
			}
		}
		if calls := service.Calls(); calls != 1 {
			t.Errorf("the parameter was read %d times, want once", calls)
		}
	}
}

func TestParameterIsFetchedOncePerProcess(t *testing.T) {
	d, service, _ := directory(t, ids)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if got, err := d.Client(t.Context(), "7web1example"); err != nil || got != appclient.Web {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
	all.Wait()
	if calls := service.Calls(); calls != 1 {
		t.Errorf("the parameter was fetched %d times, want once", calls)
	}
}

func TestFailedFetchIsNotKept(t *testing.T) {
	d, service, held := directory(t, `{}`)
	works := ids
	for range 2 {
		if got, err := d.Client(t.Context(), "7web1example"); err == nil || got != "" {
			t.Fatalf("got %q, so this test proves nothing", got)
		}
	}
	held.Store(&works)
	if got, err := d.Client(t.Context(), "7web1example"); err != nil || got != appclient.Web {
		t.Errorf("got %q, %v after the parameter came back, want Web", got, err)
	}
	if calls := service.Calls(); calls != 3 {
		t.Errorf("%d calls, want one for each attempt", calls)
	}
}

func TestParameterThatIsNotExactlyThreeClientsIsRefused(t *testing.T) {
	const text, id, more, same = "not a JSON object of strings", "account, stepUp or web is not a client id",
		"there is more than account, stepUp and web", "two of account, stepUp and web are the same"
	for value, reason := range map[string]string{
		``:                                     text,
		`{`:                                    text,
		`[]`:                                   text,
		`"4stepup8example"`:                    text,
		`{"account":"a","stepUp":1,"web":"w"}`: text,
		`{"account":"a","stepUp":["s"],"web":"w"}`: text,
		ids + `{}`:                              text,
		`null`:                                  id,
		`{}`:                                    id,
		`{"stepUp":"s","web":"w"}`:              id,
		`{"account":"a","web":"w"}`:             id,
		`{"account":"a","stepUp":"s"}`:          id,
		`{"account":"","stepUp":"s","web":"w"}`: id,
		`{"account":"a","stepUp":"s","web":null}`:          id,
		`{"account":"a","stepUp":"s","web":" "}`:           id,
		`{"account":"a","stepup":"s","web":"w"}`:           id,
		`{"account":"a","stepUp":"${Token[1]}","web":"w"}`: id,
		`{"account":"a","stepUp":"s","web":"s"}`:           same,
		`{"account":"a","stepUp":"a","web":"w"}`:           same,
		`{"account":"w","stepUp":"s","web":"w"}`:           same,
		`{"account":"a","stepUp":"s","web":"w","app":"o"}`: more,
		`{"account":"a","stepUp":"s","web":"w","Web":"w"}`: more,
	} {
		d, _, _ := directory(t, value)
		got, err := d.Client(t.Context(), "w")
		if code, why := function.Cause(err); code != "InvalidParameter" || why != reason || got != "" {
			t.Errorf("%s: %q, %v; want it to be refused: %s", value, got, err, reason)
		}
	}
}

func TestFailureOfTheServiceIsReturned(t *testing.T) {
	for code, service := range map[string]*lambdatest.Service{
		"AccessDeniedException": lambdatest.Refusing(t, 400, "AccessDeniedException"),
		"ThrottlingException":   lambdatest.Refusing(t, 400, "ThrottlingException"),
		"Timeout":               lambdatest.Silent(t),
	} {
		got, err := appclient.NewDirectory(service.Config(), parameter).Client(t.Context(), "7web1example")
		fault, operation, found := function.Fault(err)
		if got != "" || !found || fault != code || operation != "SSM GetParameter" {
			t.Errorf("%s: %q, %v", code, got, err)
		}
	}
	empty := lambdatest.Answering(t, func(*http.Request, object) (int, any) { return http.StatusOK, object{} })
	got, err := appclient.NewDirectory(empty.Config(), parameter).Client(t.Context(), "7web1example")
	if got != "" || err == nil || !strings.Contains(err.Error(), "no value") {
		t.Errorf("an answer without a parameter: %q, %v; want no value", got, err)
	}
}
