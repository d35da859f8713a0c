package main

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
)

// steps counts the calls that the function makes to the pool and the table Links, and can make one of them fail.
type steps struct {
	lock    sync.Mutex
	names   []string
	next    fault
	stopped bool
	inside  bool
	// beforeEach holds functions that run before each call of an operation, unless the next fault is planned for that
	// call.
	beforeEach map[string]func()
	// twice sends each update twice and returns the second response.
	twice bool
}

// A fault happens at one call.
type fault struct {
	// at is the number of the call, from 1; 0 is never.
	at int
	// first is called before that call. Calls that it makes are not counted.
	first func()
	// lost fails the call: with done, after it was made.
	lost, done bool
	// ends fails that call and all later ones, as if the process had ended.
	ends bool
}

// plan resets the count and sets the next fault.
func (s *steps) plan(next fault) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.names, s.stopped, s.inside, s.next = nil, false, false, next
}

func (s *steps) made() []string {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.names
}

// watch makes every call of a configuration's clients a step, however often the SDK tries it.
func (s *steps) watch(cfg aws.Config) aws.Config {
	cfg.APIOptions = append(slices.Clone(cfg.APIOptions), func(stack *middleware.Stack) error {
		return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("step", s.step), middleware.After)
	})
	return cfg
}

func (s *steps) step(
	ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler,
) (out middleware.InitializeOutput, metadata middleware.Metadata, err error) {
	operation := middleware.GetOperationName(ctx)
	// A decision must not depend on stale data.
	if read, found := in.Parameters.(*dynamodb.GetItemInput); found && !aws.ToBool(read.ConsistentRead) {
		return out, metadata, errors.New("the read is not consistent")
	}
	fails, done := s.begin(operation)
	if fails && !done {
		return out, metadata, errFailing
	}
	if operation == "UpdateItem" && s.twice {
		if out, metadata, err = next.HandleInitialize(ctx, in); err != nil {
			return out, metadata, err
		}
	}
	if out, metadata, err = next.HandleInitialize(ctx, in); err == nil && fails {
		err = errFailing
	}
	return out, metadata, err
}

// begin counts a call, runs the planned function before it, and reports whether the call must fail and whether it then
// does its work.
func (s *steps) begin(operation string) (fails, done bool) {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.inside {
		return false, false
	}
	s.names = append(s.names, operation)
	now := len(s.names) == s.next.at
	if s.stopped {
		return true, false
	}
	first := s.beforeEach[operation]
	if now && s.next.first != nil {
		first = s.next.first
	}
	if first != nil {
		s.inside = true
		s.lock.Unlock()
		first()
		s.lock.Lock()
		s.inside = false
	}
	s.stopped = now && s.next.ends
	return now && (s.next.lost || s.next.ends), s.next.done
}

var errFailing = &smithy.GenericAPIError{Code: "TooManyRequestsException", Message: "arn:aws:secret"}

const (
	inCognito  = "Cognito Identity Provider"
	inDynamoDB = "DynamoDB"
)

// redeems are the calls of a successful redemption.
var redeems = strings.Fields("GetItem AdminGetUser UpdateItem GetItem UpdateItem PutItem " +
	"AdminGetUser GetItem AdminDeleteUser AdminLinkProviderForUser UpdateItem")

// at returns the number of the first call of an operation in a redemption.
func at(operation string) int { return slices.Index(redeems, operation) + 1 }
