// Package function is the common part of all functions: it starts a function ([Start]), reads its environment
// ([Environment]), configures its calls to AWS services ([AWSConfig]), limits the time of an event ([Serve]) and
// returns the loggable parts of a failure ([Cause]).
package function

import (
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
)

// Start serves events with the handler that build makes from the environment, and logs to stdout in JSON. It never
// returns.
//
// If build records a mistake in the environment, the handler gets no event: the log lists all mistakes and the process
// ends with exit code 1. So build need not check the values that it reads, and must not call a service. name is the
// function's name in that log line. For the types of handler, see [lambda.Start].
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
