package main

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/lambdatest"
)

func TestMain(m *testing.M) { lambdatest.Run(m, main) }

func TestFunctionServesAnEventAsDeployed(t *testing.T) {
	w := newWorld(t)
	w.now = time.Now()
	w.is("alice", "UNCONFIRMED", 9*days)
	w.is("bob", "UNCONFIRMED", days)
	answer, output := lambdatest.Invoke(t, []string{
		"USER_POOL_ID=" + poolID,
		"PROOFS_TABLE=" + w.table,
		"AWS_ENDPOINT_URL_DYNAMODB=" + w.URL,
		"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER=" + w.URL,
	}, map[string]string{"detail-type": "Scheduled Event"})
	const want = `"outcome":"complete","listed":2,"resumed":0,"removed":1`
	if string(answer) != "null" || !strings.Contains(output, want) {
		t.Errorf("answer %s; the function wrote %s", answer, output)
	}
	w.wantPeople("bob UNCONFIRMED true")
	w.wantNothingLeft()
}

func TestFunctionDoesNotStartWithoutItsSettings(t *testing.T) {
	lambdatest.WantNoStart(t, nil, "USER_POOL_ID must be set", "PROOFS_TABLE must be set", "AWS_REGION must be set")
}

func TestFunctionIsBuiltFromItsEnvironment(t *testing.T) {
	w := newWorld(t)
	lambdatest.FunctionConfig(t, lambdatest.Unhurried, w.Endpoints())
	t.Setenv("USER_POOL_ID", poolID)
	t.Setenv("PROOFS_TABLE", w.table)
	var env function.Environment
	built, found := build(&env, slog.New(slog.DiscardHandler)).(*schedule)
	if !found || env.Err() != nil {
		t.Fatalf("built %v, %v", built, env.Err())
	}
	users := built.accounts.users.Options()
	lambdatest.WantPatience(t, users.HTTPClient, users.Retryer, function.DefaultPatience)
	if ahead := time.Since(built.now()); ahead < 0 || ahead > time.Minute {
		t.Errorf("the clock is off by %s", ahead)
	}
}
