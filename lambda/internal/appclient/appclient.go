// Package appclient identifies SecureCart's app clients by their ids, for the functions that the user pool calls. The
// functions' environment cannot hold the ids: CloudFormation creates the clients after the pool, and the pool after its
// functions. So the ids are in a parameter of Systems Manager.
package appclient

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/function"
)

// A Client is one of SecureCart's app clients, or another.
type Client string

// The app clients. Other is every client of the pool that the parameter does not list.
const (
	Web     Client = "Web"
	StepUp  Client = "StepUp"
	Account Client = "Account"
	Other   Client = "other"
)

// names maps the parameter's keys to clients.
var names = map[string]Client{
	contract.WebClient:     Web,
	contract.StepUpClient:  StepUp,
	contract.AccountClient: Account,
}

// A Directory identifies app clients. It reads the parameter once per process. A client that is replaced while the
// function runs is Other until the function restarts, so deploy a change of the function, too. A failed read is not
// cached: the next call reads again.
type Directory struct {
	ssm       *ssm.Client
	parameter string

	mutex sync.Mutex
	known map[string]Client
}

// NewDirectory returns the directory in the named parameter, which it does not read yet.
func NewDirectory(cfg aws.Config, parameter string) *Directory {
	return &Directory{ssm: ssm.NewFromConfig(cfg), parameter: parameter}
}

// Client returns which client an id belongs to. The first call reads the parameter. Calls that wait for it do not wait
// beyond their own deadlines, because the first call's deadline is earlier.
//
// The error is that of the call to Systems Manager, or a [function.Failure].
func (d *Directory) Client(ctx context.Context, id string) (Client, error) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.known == nil {
		read, err := d.fetch(ctx)
		if err != nil {
			return "", err
		}
		d.known = read
	}
	if client, found := d.known[id]; found {
		return client, nil
	}
	return Other, nil
}

func (d *Directory) fetch(ctx context.Context) (map[string]Client, error) {
	output, err := d.ssm.GetParameter(ctx, &ssm.GetParameterInput{Name: aws.String(d.parameter)})
	if err != nil {
		return nil, fmt.Errorf("read the app clients: %w", err)
	}
	if output.Parameter == nil {
		return nil, invalid("no value")
	}
	return read(aws.ToString(output.Parameter.Value))
}

// invalid is the error for a refused parameter. It holds nothing of the parameter's value.
func invalid(reason string) error { return function.Fail("InvalidParameter", reason) }

// read accepts exactly {"account":"…","stepUp":"…","web":"…"}, in any order. With a wrong parameter all customers could
// silently lose their scopes or, if two ids were the same, get those of the wrong client.
func read(value string) (map[string]Client, error) {
	var ids map[string]string
	if json.Unmarshal([]byte(value), &ids) != nil {
		return nil, invalid("not a JSON object of strings")
	}
	clients := make(map[string]Client, len(names))
	for name, client := range names {
		if !isClientID(ids[name]) {
			return nil, invalid("account, stepUp or web is not a client id")
		}
		clients[ids[name]] = client
	}
	switch {
	case len(clients) < len(names):
		return nil, invalid("two of account, stepUp and web are the same")
	case len(ids) > len(names):
		return nil, invalid("there is more than account, stepUp and web")
	}
	return clients, nil
}

// isClientID follows the pattern [\w+]+ of
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolClientType.html Compiling the
// pattern would take longer than the rest of the function's start.
func isClientID(text string) bool {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+"
	return text != "" && strings.Trim(text, letters) == ""
}
