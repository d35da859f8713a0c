package main

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/smithy-go"
)

// steps counts the calls that the function makes to the pool and the table Links, and can go wrong at one of them.
type steps struct {
	lock    sync.Mutex
	names   []string
	next    mishap
	stopped bool
	inside  bool
}

// A mishap happens at one call.
type mishap struct {
	// at is the number of the call, from 1; 0 is never.
	at int
	// first is called before that call. Calls that it makes are not counted.
	first func()
	// lost fails the call: with done, after it was made.
	lost, done bool
	// ends fails that call and all later ones, as if the process had ended.
	ends bool
}

// plan forgets what was counted, and sets what is to happen.
func (s *steps) plan(next mishap) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.names, s.stopped, s.inside, s.next = nil, false, false, next
}

func (s *steps) made() []string {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.names
}

func step[Output any](s *steps, service, operation string, do func() (*Output, error)) (*Output, error) {
	s.lock.Lock()
	if s.inside {
		s.lock.Unlock()
		return do()
	}
	s.names = append(s.names, operation)
	now := len(s.names) == s.next.at
	if s.stopped {
		s.lock.Unlock()
		return nil, failing(service, operation)
	}
	first, fails := s.next.first, s.next.lost || s.next.ends
	if now && first != nil {
		s.inside = true
		s.lock.Unlock()
		first()
		s.lock.Lock()
		s.inside = false
	}
	s.stopped = now && s.next.ends
	done := s.next.done
	s.lock.Unlock()
	if !now || !fails {
		return do()
	}
	if done {
		if _, err := do(); err != nil {
			return nil, err
		}
	}
	return nil, failing(service, operation)
}

func failing(service, operation string) error {
	return &smithy.OperationError{ServiceID: service, OperationName: operation, Err: &smithy.GenericAPIError{
		Code: "TooManyRequestsException", Message: "arn:aws:secret",
	}}
}

const (
	inCognito  = "Cognito Identity Provider"
	inDynamoDB = "DynamoDB"
)

type stepUsers struct {
	users
	*steps
}

func (u stepUsers) AdminGetUser(
	ctx context.Context, in *cognito.AdminGetUserInput, options ...func(*cognito.Options),
) (*cognito.AdminGetUserOutput, error) {
	return step(u.steps, inCognito, "AdminGetUser", func() (*cognito.AdminGetUserOutput, error) {
		return u.users.AdminGetUser(ctx, in, options...)
	})
}

func (u stepUsers) AdminDeleteUser(
	ctx context.Context, in *cognito.AdminDeleteUserInput, options ...func(*cognito.Options),
) (*cognito.AdminDeleteUserOutput, error) {
	return step(u.steps, inCognito, "AdminDeleteUser", func() (*cognito.AdminDeleteUserOutput, error) {
		return u.users.AdminDeleteUser(ctx, in, options...)
	})
}

func (u stepUsers) AdminLinkProviderForUser(
	ctx context.Context, in *cognito.AdminLinkProviderForUserInput, options ...func(*cognito.Options),
) (*cognito.AdminLinkProviderForUserOutput, error) {
	return step(u.steps, inCognito, "AdminLinkProviderForUser", func() (*cognito.AdminLinkProviderForUserOutput, error) {
		return u.users.AdminLinkProviderForUser(ctx, in, options...)
	})
}

func (u stepUsers) AdminDisableProviderForUser(
	ctx context.Context, in *cognito.AdminDisableProviderForUserInput, options ...func(*cognito.Options),
) (*cognito.AdminDisableProviderForUserOutput, error) {
	return step(u.steps, inCognito, "AdminDisableProviderForUser",
		func() (*cognito.AdminDisableProviderForUserOutput, error) {
			return u.users.AdminDisableProviderForUser(ctx, in, options...)
		})
}

type stepItems struct {
	items
	*steps
}

func (i stepItems) GetItem(
	ctx context.Context, in *dynamodb.GetItemInput, options ...func(*dynamodb.Options),
) (*dynamodb.GetItemOutput, error) {
	// A decision on what was true a second ago would be none.
	if !aws.ToBool(in.ConsistentRead) {
		return nil, errors.New("the read is not consistent")
	}
	return step(i.steps, inDynamoDB, "GetItem", func() (*dynamodb.GetItemOutput, error) {
		return i.items.GetItem(ctx, in, options...)
	})
}

func (i stepItems) PutItem(
	ctx context.Context, in *dynamodb.PutItemInput, options ...func(*dynamodb.Options),
) (*dynamodb.PutItemOutput, error) {
	return step(i.steps, inDynamoDB, "PutItem", func() (*dynamodb.PutItemOutput, error) {
		return i.items.PutItem(ctx, in, options...)
	})
}

func (i stepItems) UpdateItem(
	ctx context.Context, in *dynamodb.UpdateItemInput, options ...func(*dynamodb.Options),
) (*dynamodb.UpdateItemOutput, error) {
	return step(i.steps, inDynamoDB, "UpdateItem", func() (*dynamodb.UpdateItemOutput, error) {
		return i.items.UpdateItem(ctx, in, options...)
	})
}

func (i stepItems) DeleteItem(
	ctx context.Context, in *dynamodb.DeleteItemInput, options ...func(*dynamodb.Options),
) (*dynamodb.DeleteItemOutput, error) {
	return step(i.steps, inDynamoDB, "DeleteItem", func() (*dynamodb.DeleteItemOutput, error) {
		return i.items.DeleteItem(ctx, in, options...)
	})
}

// stubbornUsers calls first before each link.
type stubbornUsers struct {
	users
	first func()
}

func (u stubbornUsers) AdminLinkProviderForUser(
	ctx context.Context, in *cognito.AdminLinkProviderForUserInput, options ...func(*cognito.Options),
) (*cognito.AdminLinkProviderForUserOutput, error) {
	u.first()
	return u.users.AdminLinkProviderForUser(ctx, in, options...)
}

// twiceItems makes each update twice and returns the second answer.
type twiceItems struct{ items }

func (i twiceItems) UpdateItem(
	ctx context.Context, in *dynamodb.UpdateItemInput, options ...func(*dynamodb.Options),
) (*dynamodb.UpdateItemOutput, error) {
	if _, err := i.items.UpdateItem(ctx, in, options...); err != nil {
		return nil, err
	}
	return i.items.UpdateItem(ctx, in, options...)
}

// callsOf returns the calls of a redemption where nothing goes wrong.
func (*world) callsOf(t testing.TB) []string {
	t.Helper()
	other := newWorld(t)
	offered := other.offers(t, other.profile)
	other.steps.plan(mishap{})
	wantNoContent(t, other.redeem(t, other.alice, offered))
	return other.steps.made()
}
