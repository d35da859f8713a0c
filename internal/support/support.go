// Package support implements the support desk's operations on one customer: find, show, sign out, disable, enable,
// reset the second factor, export and erase. Command cmd/support calls it; docs/support.md is the manual.
//
// Nothing here writes an attribute, an address, a password or an item. A lost factor is removed, and the customer
// proves the mailbox and enrols again. Every change is a list of repeatable steps: after a failure or a stop, the same
// command finishes the rest.
package support

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Users are the operations of the user pool that the support desk calls.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_Operations.html
type Users interface {
	ListUsers(context.Context, *cognitoidentityprovider.ListUsersInput, ...func(*cognitoidentityprovider.Options)) (
		*cognitoidentityprovider.ListUsersOutput, error)
	AdminGetUser(context.Context, *cognitoidentityprovider.AdminGetUserInput, ...func(*cognitoidentityprovider.Options)) (
		*cognitoidentityprovider.AdminGetUserOutput, error)
	AdminUserGlobalSignOut(context.Context, *cognitoidentityprovider.AdminUserGlobalSignOutInput,
		...func(*cognitoidentityprovider.Options)) (*cognitoidentityprovider.AdminUserGlobalSignOutOutput, error)
	AdminDisableUser(context.Context, *cognitoidentityprovider.AdminDisableUserInput,
		...func(*cognitoidentityprovider.Options)) (*cognitoidentityprovider.AdminDisableUserOutput, error)
	AdminEnableUser(context.Context, *cognitoidentityprovider.AdminEnableUserInput,
		...func(*cognitoidentityprovider.Options)) (*cognitoidentityprovider.AdminEnableUserOutput, error)
	AdminDeleteUser(context.Context, *cognitoidentityprovider.AdminDeleteUserInput,
		...func(*cognitoidentityprovider.Options)) (*cognitoidentityprovider.AdminDeleteUserOutput, error)
	AdminDeleteSoftwareToken(context.Context, *cognitoidentityprovider.AdminDeleteSoftwareTokenInput,
		...func(*cognitoidentityprovider.Options)) (*cognitoidentityprovider.AdminDeleteSoftwareTokenOutput, error)
	AdminSetUserMFAPreference(context.Context, *cognitoidentityprovider.AdminSetUserMFAPreferenceInput,
		...func(*cognitoidentityprovider.Options)) (*cognitoidentityprovider.AdminSetUserMFAPreferenceOutput, error)
}

// Tables are the operations of DynamoDB that the support desk calls. None of them writes.
type Tables interface {
	GetItem(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
	DeleteItem(context.Context, *dynamodb.DeleteItemInput, ...func(*dynamodb.Options)) (*dynamodb.DeleteItemOutput, error)
	Query(context.Context, *dynamodb.QueryInput, ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
}

// Documents are the operations of S3 that the support desk calls.
type Documents interface {
	ListObjectVersions(
		context.Context, *s3.ListObjectVersionsInput, ...func(*s3.Options),
	) (*s3.ListObjectVersionsOutput, error)
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	DeleteObject(context.Context, *s3.DeleteObjectInput, ...func(*s3.Options)) (*s3.DeleteObjectOutput, error)
}

// Desk does the support desk's work on one stage. Its methods must not be called concurrently.
type Desk struct {
	Names     Names
	Users     Users
	Tables    Tables
	Documents Documents
	// Progress is called with each step before it begins. Nil means no reports.
	Progress func(doing string)
}

func (d *Desk) report(doing string) {
	if d.Progress != nil {
		d.Progress(doing)
	}
}

// Refusal is an error whose text is one sentence for the support agent.
type Refusal string

// Error returns the sentence.
func (r Refusal) Error() string { return string(r) }

// StepError is an error in the middle of a change.
type StepError struct {
	// Doing is the failed step, such as "deleting documents".
	Doing string
	Err   error
}

// Error returns the step and the cause.
func (e *StepError) Error() string { return e.Doing + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *StepError) Unwrap() error { return e.Err }

// step is a part of a change. It is idempotent.
type step struct {
	doing string
	do    func(context.Context) error
}

// run does the steps in order, up to the first failure. After an interrupt it begins no further step.
func (d *Desk) run(ctx context.Context, steps []step) error {
	for _, s := range steps {
		err := ctx.Err()
		if err == nil {
			d.report(s.doing)
			err = s.do(ctx)
		}
		if err != nil {
			return &StepError{s.doing, err}
		}
	}
	return nil
}
