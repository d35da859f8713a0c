package test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/constructs/golambda"
	"github.com/securecart/identity/constructs/logging"
	"github.com/securecart/identity/constructs/userpool"
)

// misuse is a call of a construct that must panic, and the whole text of the panic.
type misuse struct {
	name string
	call func(stack awscdk.Stack)
	want string
}

func (m misuse) check(t *testing.T) {
	stack := awscdk.NewStack(awscdk.NewApp(nil), jsii.String("S"), nil)
	defer func() {
		if got := fmt.Sprint(recover()); got != m.want {
			t.Errorf("panic differs\n got: %s\nwant: %s", got, m.want)
		}
	}()
	m.call(stack)
}

// pool is a user pool for constructs that need one.
var pool = &userpool.UserPool{
	ID: "pool", ARN: "arn:aws:cognito-idp:eu-central-1:111122223333:userpool/eu-central-1_pool",
}

// kept are settings of logs, for constructs that write one.
func kept(stack awscdk.Stack) logging.Settings {
	return logging.Settings{RetentionDays: 1, Key: logging.NewKey(stack, "LogKey", logging.KeyProps{})}
}

// noLogs is a construct's message about missing settings of logs.
const noLogs = "Logs.RetentionDays must be a number of days that CloudWatch Logs takes, got 0; " +
	"Logs.Key must be given, got none"

func TestAFunctionThatDoesNotBuildSaysWhy(t *testing.T) {
	broken := t.TempDir()
	put(t, filepath.Join(broken, "go.mod"), "module broken\n")
	put(t, filepath.Join(broken, "lambda", "broken", "main.go"), "package main\n\nfunc main() { undefined() }\n")
	for _, c := range []struct{ root, name, want string }{
		{root, "missing", "S/Fn: Name must name a program that builds, got lambda/missing, which has no main.go; " +
			"there are catalog, customers, links, orders, registration, replica, securityevents, tokens, unconfirmed, " +
			"userexport"},
		{broken, "broken", "S/Fn: Name must name a program that builds, got lambda/broken does not compile\n" +
			"# broken/lambda/broken\nlambda/broken/main.go:3:15: undefined: undefined\n"},
	} {
		misuse{c.name, func(stack awscdk.Stack) {
			golambda.New(stack, "Fn", golambda.Props{
				Builder: &golambda.Builder{Root: c.root}, Name: c.name, Description: "d", Logs: kept(stack),
			})
		}, c.want}.check(t)
	}
}
