package userpool

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/securecart/identity/local/functions"
	"github.com/securecart/identity/local/stage"
)

// Cognito waits five seconds for a trigger and calls it three times at most.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
const (
	triggerPatience = 5 * time.Second
	triggerCalls    = 3
)

// event is what a pre token generation trigger of version V2_0 gets, and sends back with its response.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
type event struct {
	header
	CallerContext struct {
		AWSSDKVersion string `json:"awsSdkVersion"`
		ClientID      string `json:"clientId"`
	} `json:"callerContext"`
	Request struct {
		UserAttributes     map[string]string `json:"userAttributes"`
		GroupConfiguration groups            `json:"groupConfiguration"`
		Scopes             []string          `json:"scopes"`
		ClientMetadata     map[string]string `json:"clientMetadata,omitempty"`
	} `json:"request"`
	Response struct {
		Details *struct{} `json:"claimsAndScopeOverrideDetails"`
	} `json:"response"`
}

// header is the part of an event that must come back as it was sent.
type header struct {
	Version       string `json:"version"`
	TriggerSource string `json:"triggerSource"`
	Region        string `json:"region"`
	UserPoolID    string `json:"userPoolId"`
	UserName      string `json:"userName"`
}

type groups struct {
	Groups        []string        `json:"groupsToOverride"`
	Roles         []string        `json:"iamRolesToOverride"`
	PreferredRole json.RawMessage `json:"preferredRole"`
}

// trigger asks the pool's function what to change about tokens. Without a function nothing changes.
func (p *Pool) trigger(ctx context.Context, client stage.UserPoolClient, of subject, scopes []string, m mint) (overrides, error) {
	function := p.pool.LambdaConfig.PreTokenGenerationConfig.LambdaArn
	if function == "" {
		return overrides{}, nil
	}
	if !p.mayInvoke(function) {
		return overrides{}, &Error{"UnexpectedLambdaException", "PreTokenGeneration invocation failed due to error AccessDeniedException."}
	}
	sent := event{header: header{"2", m.source, p.stage.Region, p.pool.ID, of.username}}
	sent.CallerContext.AWSSDKVersion, sent.CallerContext.ClientID = "aws-sdk-unknown-unknown", client.ID
	sent.Request.UserAttributes = maps.Clone(of.attributes)
	sent.Request.UserAttributes["cognito:user_status"] = of.status
	sent.Request.GroupConfiguration = groups{Groups: append([]string{}, of.groups...), Roles: []string{}}
	sent.Request.Scopes = scopes
	sent.Request.ClientMetadata = m.metadata
	text, err := json.Marshal(sent)
	if err != nil {
		return overrides{}, err
	}
	answer, err := p.call(ctx, function, text)
	if err != nil {
		return overrides{}, err
	}
	return readAnswer(answer, sent.header, client.ID)
}

// mayInvoke tells whether the function lets this user pool invoke it.
func (p *Pool) mayInvoke(function string) bool {
	return slices.ContainsFunc(p.stage.Permissions, func(permission stage.Permission) bool {
		return permission.Principal == "cognito-idp.amazonaws.com" && permission.Action == "lambda:InvokeFunction" &&
			(permission.FunctionName == function || permission.FunctionName == p.stage.Functions[function].Name) &&
			(permission.SourceArn == "" || permission.SourceArn == p.pool.ARN) &&
			(permission.SourceAccount == "" || permission.SourceAccount == p.stage.Account)
	})
}

// call invokes the function, again if it takes too long.
func (p *Pool) call(ctx context.Context, function string, event []byte) ([]byte, error) {
	for range triggerCalls {
		limited, cancel := context.WithTimeout(ctx, p.patience)
		answer, err := p.invoke(limited, function, event)
		late := errors.Is(limited.Err(), context.DeadlineExceeded)
		cancel()
		var reported *functions.FunctionError
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case late:
			continue
		case errors.As(err, &reported):
			message := strings.TrimSuffix(reported.Message, ".")
			return nil, refuse("UserLambdaValidationException", "PreTokenGeneration failed with error %s.", message)
		case err != nil:
			// What went wrong is for the log of the functions, not for who signs in.
			return nil, &Error{"UnexpectedLambdaException", "PreTokenGeneration invocation failed."}
		default:
			return answer, nil
		}
	}
	return nil, &Error{
		"UnexpectedLambdaException", "PreTokenGeneration invocation failed due to error Socket timeout while invoking Lambda function.",
	}
}

// errAnswer says that a trigger's answer is none.
var errAnswer = &Error{"InvalidLambdaResponseException", "Unrecognizable lambda output"}

// readAnswer takes what a trigger sent back. Whatever is not as documented fails the sign-in: a change that the pool missed
// could be the one that withholds a scope.
func readAnswer(answer []byte, sent header, clientID string) (overrides, error) {
	var read struct {
		header
		Response struct {
			Details json.RawMessage `json:"claimsAndScopeOverrideDetails"`
		} `json:"response"`
	}
	if err := json.Unmarshal(answer, &read); err != nil || read.header != sent {
		return overrides{}, errAnswer
	}
	if unchanged := [][]byte{nil, []byte("null"), []byte("[]")}; slices.ContainsFunc(unchanged, func(text []byte) bool {
		return bytes.Equal(text, bytes.TrimSpace(read.Response.Details))
	}) {
		return overrides{}, nil
	}
	var details struct {
		ID     changes         `json:"idTokenGeneration"`
		Access changes         `json:"accessTokenGeneration"`
		Groups json.RawMessage `json:"groupOverrideDetails"`
	}
	if err := json.Unmarshal(read.Response.Details, &details); err != nil {
		return overrides{}, errAnswer
	}
	result := overrides{id: details.ID, access: details.Access}
	if details.Groups != nil {
		result.groups = &groups{}
		if err := json.Unmarshal(details.Groups, result.groups); err != nil {
			return overrides{}, errAnswer
		}
	}
	return result, result.check(clientID)
}
