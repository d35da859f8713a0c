package userpool

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/functions"
)

// A trigger has five seconds. One that takes longer is called again: three times at most, as the documentation said
// until it promised no number any more. No trigger is called while the pool is locked: triggers call the pool back.
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

func (p *Pool) header(version, source, username string) header {
	return header{version, source, p.stage.Region, p.pool.ID, username}
}

// callerContext says which app client called.
type callerContext struct {
	AWSSDKVersion string `json:"awsSdkVersion"`
	ClientID      string `json:"clientId"`
}

func calledBy(clientID string) callerContext {
	return callerContext{"aws-sdk-unknown-unknown", clientID}
}

// noClient is the client id in events of the administrators' operations, which name no app client. The documentation
// does not say so; events that others have published show it.
const noClient = "CLIENT_ID_NOT_APPLICABLE"

// fire invokes the function of a trigger with an event, and returns the answer, which must be about the same event.
// Errors call the trigger by its name.
func (p *Pool) fire(ctx context.Context, name, function string, sent header, event any) ([]byte, error) {
	if !p.mayInvoke(function) {
		return nil, refuse("UnexpectedLambdaException", "%s invocation failed due to error AccessDeniedException.", name)
	}
	text, err := json.Marshal(event)
	if err != nil {
		return nil, err
	}
	answer, err := p.call(ctx, name, function, text)
	if err != nil {
		return nil, err
	}
	var answered header
	if err := json.Unmarshal(answer, &answered); err != nil || answered != sent {
		return nil, errAnswer
	}
	return answer, nil
}

// mayInvoke tells whether the function lets this user pool invoke it.
func (p *Pool) mayInvoke(function string) bool {
	return slices.ContainsFunc(p.stage.Permissions, func(permission deployed.Permission) bool {
		return permission.Principal == "cognito-idp.amazonaws.com" && permission.Action == "lambda:InvokeFunction" &&
			(permission.FunctionName == function || permission.FunctionName == p.stage.Functions[function].Name) &&
			(permission.SourceArn == "" || permission.SourceArn == p.pool.ARN) &&
			(permission.SourceAccount == "" || permission.SourceAccount == p.stage.Account)
	})
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
			// What went wrong is for the log of the functions, not for the caller.
			return nil, refuse("UnexpectedLambdaException", "%s invocation failed.", name)
		default:
			return answer, nil
		}
	}
	return nil, refuse("UnexpectedLambdaException",
		"%s invocation failed due to error Socket timeout while invoking Lambda function.", name)
}

// errAnswer says that a trigger's answer is none.
var errAnswer = &Error{"InvalidLambdaResponseException", "Unrecognizable lambda output"}
