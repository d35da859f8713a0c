package main

import (
	"context"
	"encoding/json"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

// A clientIDs holds the ids of the app clients that the table names.
type clientIDs struct{ stepUp, web string }

// kind returns which client an id belongs to.
func (c clientIDs) kind(id string) client {
	switch id {
	case c.stepUp:
		return stepUp
	case c.web:
		return web
	default:
		return other
	}
}

// A directory knows the app clients. It asks once per process. A client that
// replaces another while the function runs is one that nobody listed, and gets no
// scope, until the function starts anew: deploy a change to it, too. A failure is
// not kept: the next sign-in asks again.
type directory struct {
	ssm       *ssm.Client
	parameter string

	mutex sync.Mutex
	known *clientIDs
}

// clients returns the ids, fetched if need be. Whoever waits for another's fetch
// does not wait beyond its own deadline, because the other's is earlier.
func (d *directory) clients(ctx context.Context) (clientIDs, error) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	if d.known != nil {
		return *d.known, nil
	}
	output, err := d.ssm.GetParameter(ctx, &ssm.GetParameterInput{Name: aws.String(d.parameter)})
	if err != nil {
		return clientIDs{}, err
	}
	if output.Parameter == nil {
		return clientIDs{}, refuse("InvalidParameter", "no value")
	}
	read, err := readClientIDs(aws.ToString(output.Parameter.Value))
	if err != nil {
		return clientIDs{}, err
	}
	d.known = &read
	return read, nil
}

// readClientIDs takes exactly {"stepUp":"…","web":"…"}. Were a mistake in the
// parameter tolerated, all customers could silently lose their scopes or, if both
// ids were the same, get those of the wrong client.
func readClientIDs(value string) (clientIDs, error) {
	var ids map[string]string
	if json.Unmarshal([]byte(value), &ids) != nil {
		return clientIDs{}, refuse("InvalidParameter", "not a JSON object of strings")
	}
	read := clientIDs{stepUp: ids["stepUp"], web: ids["web"]}
	switch {
	case !isClientID(read.stepUp) || !isClientID(read.web):
		return clientIDs{}, refuse("InvalidParameter", "stepUp or web is not a client id")
	case read.stepUp == read.web:
		return clientIDs{}, refuse("InvalidParameter", "stepUp and web are the same")
	case len(ids) > 2:
		return clientIDs{}, refuse("InvalidParameter", "there is more than stepUp and web")
	}
	return read, nil
}

// isClientID follows the pattern [\w+]+ of
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolClientType.html
// Compiling that would take longer than all else that is done before an event.
func isClientID(text string) bool {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+"
	return text != "" && strings.Trim(text, letters) == ""
}
