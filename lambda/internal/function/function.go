// Package function has what every function needs, whatever calls it: it starts the function ([Start]), reads its
// environment ([Environment]), configures its calls to AWS services ([AWSConfig]), bounds how long an event takes
// ([Serve]) and says what may be logged of a failure ([Cause]).
package function

import (
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
)

// Start serves events with the handler that build makes from the environment, and logs to stdout in JSON. It never
// returns.
//
// If build finds anything wrong with the environment, the handler gets no event: the log names all that is wrong and
// the process ends with exit code 1. So build need not look whether what it reads is there, and must call no service.
// name is the function's in that log line. For what a handler may be, see [lambda.Start].
func Start(name string, build func(env *Environment, log *slog.Logger) (handler any)) {
	log := slog.New(slog.NewJSONHandler(os.Stdout, nil))
	var env Environment
	handler := build(&env, log)
	if err := env.Err(); err != nil {
		log.Error(name+" cannot start", slog.String("error", err.Error()))
		os.Exit(1)
	}
	lambda.Start(handler)
}
