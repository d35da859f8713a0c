// Command noop is the smallest Lambda function in Go. The bench compares the real ones with it.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"
)

func main() { lambda.Start(func(context.Context) error { return nil }) }
