package userpool

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/functions"
)

// A trigger has five seconds. The pool calls a slower one again, three times in all: the documentation named this
// number once. The pool is not locked during the call, because triggers call it back.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
const (
	triggerPatience = 5 * time.Second
	triggerCalls    = 3
)

// header is the part of an event that must come back as it was sent.
type header struct {
	Version       string `json:"version"`
	TriggerSource string `json:"triggerSource"`
	Region        string `json:"region"`
	UserPoolID    string `json:"userPoolId"`
	UserName      string `json:"userName"`
}

// event is what a trigger gets. The trigger sends it back with its response.
type event struct {
	header
	CallerContext struct {
		AWSSDKVersion string `json:"awsSdkVersion"`
		ClientID      string `json:"clientId"`
	} `json:"callerContext"`
	Request  any `json:"request"`
	Response any `json:"response"`
}

func (p *Pool) event(version, source, username, clientID string, request, response any) event {
	e := event{
		header:  header{version, source, p.stage.Region, p.pool.ID, username},
		Request: request, Response: response,
	}
	e.CallerContext.AWSSDKVersion, e.CallerContext.ClientID = "aws-sdk-unknown-unknown", clientID
	return e
}

// noClient is the client id in events of the administrators' operations, which name no app client. The documentation
// does not say so; events that others have published show it.
const noClient = "CLIENT_ID_NOT_APPLICABLE"

// fire invokes the function of a trigger with an event, and reads its response. The answer must be about the same
// event. Errors call the trigger by its name.
func (p *Pool) fire(ctx context.Context, name, function string, sent event, response any) error {
	if !p.stage.MayInvoke(deployed.CognitoPool, function, p.pool.ARN) {
		return refuse("UnexpectedLambdaException", "%s invocation failed due to error AccessDeniedException.", name)
	}
	text, err := json.Marshal(sent)
	if err != nil {
		return err
	}
	answer, err := p.call(ctx, name, function, text)
	if err != nil {
		return err
	}
	answered := struct {
		header
		Response any `json:"response"`
	}{Response: response}
	if err := json.Unmarshal(answer, &answered); err != nil || answered.header != sent.header {
		return errAnswer
	}
	return nil
}

// call invokes the function, again if it takes too long.
func (p *Pool) call(ctx context.Context, name, function string, event []byte) ([]byte, error) {
	for range triggerCalls {
		limited, cancel := context.WithTimeout(ctx, p.patience)
		answer, err := p.invoke(limited, function, event)
		late := err != nil && errors.Is(limited.Err(), context.DeadlineExceeded)
		cancel()
		var reported *functions.FunctionError
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case late:
			continue
		case errors.As(err, &reported):
			message := strings.TrimSuffix(reported.Message, ".")
			return nil, refuse("UserLambdaValidationException", "%s failed with error %s.", name, message)
		case err != nil:
			// The log of the functions has the cause. The caller does not learn it.
			return nil, refuse("UnexpectedLambdaException", "%s invocation failed.", name)
		default:
			return answer, nil
		}
	}
	return nil, refuse("UnexpectedLambdaException",
		"%s invocation failed due to error Socket timeout while invoking Lambda function.", name)
}

// errAnswer refuses an answer of a trigger that is not as documented.
var errAnswer = &Error{"InvalidLambdaResponseException", "Unrecognizable lambda output"}
