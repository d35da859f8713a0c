package main

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/lambda/internal/appclient"
	"github.com/securecart/identity/lambda/internal/function"
)

// confirmed records the proof of a mailbox. If it returns an error, nothing is proven.
func (t *trigger) confirmed(ctx context.Context, payload []byte, seen *entry) error {
	event, err := readConfirmed(payload)
	if err != nil {
		return err
	}
	switch seen.source {
	case confirmForgotPassword:
		return t.reset(ctx, event, seen)
	case confirmSignUp:
		return t.signedUp(ctx, event, seen)
	default:
		return function.Fail("InvalidEvent", "unknown triggerSource")
	}
}

// signedUp records the proof of a customer who has confirmed a sign-up. No session or factor has to be removed, because
// an unconfirmed account cannot sign in.
func (t *trigger) signedUp(ctx context.Context, event *confirmedEvent, seen *entry) error {
	var err error
	if seen.client, err = t.clients.Client(ctx, event.CallerContext.ClientID); err != nil {
		return err
	}
	switch {
	case seen.client == appclient.Other:
		return seen.unproven("the client is not one of the shop's")
	case !event.native():
		return seen.unproven("not confirmed with a code")
	}
	return t.prove(ctx, event, seen)
}

// reset secures a recovered account before it records the proof: people who knew the old password lose their sessions
// and the factors that they have set up.
//
// It deletes the earlier proof first. A sign-in needs that proof to seal a factor, so no factor becomes trusted between
// the check whether one is and its removal. The sign-out is tried even if the deletion fails.
func (t *trigger) reset(ctx context.Context, event *confirmedEvent, seen *entry) error {
	if err := errors.Join(t.proofs.Record(ctx, event.sub(), "", t.now()), t.signOut(ctx, event)); err != nil {
		return err
	}
	// A factor that was sealed stays, suspended or not: otherwise the mailbox alone would be enough to take over the
	// account.
	trust, err := t.proofs.ReadTrust(ctx, event.sub())
	if err != nil {
		return err
	}
	if !trust.Sealed() {
		if err := t.removeFactors(ctx, event); err != nil {
			return err
		}
	}
	return t.prove(ctx, event, seen)
}

// prove records the challenge that came with the code. Without a well-formed challenge nothing is proven, and no
// earlier proof remains: managed login sends none, and callers may send anything.
func (t *trigger) prove(ctx context.Context, event *confirmedEvent, seen *entry) error {
	if !event.verified() {
		return seen.unproven("the e-mail address is not verified")
	}
	challenge := event.challenge()
	if err := t.proofs.Record(ctx, event.sub(), challenge, t.now()); err != nil {
		return err
	}
	if challenge == "" {
		return seen.unproven("no challenge")
	}
	seen.outcome = "proven"
	return nil
}

// signOut revokes refresh tokens, and access tokens at the user pool. API Gateway accepts access tokens until they
// expire. https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUserGlobalSignOut.html
func (t *trigger) signOut(ctx context.Context, event *confirmedEvent) error {
	_, err := t.users.AdminUserGlobalSignOut(ctx, &cognito.AdminUserGlobalSignOutInput{
		UserPoolId: aws.String(event.UserPoolID), Username: aws.String(event.UserName),
	})
	return err
}

// removeFactors removes the authenticator and switches every factor off: an omitted Enabled or PreferredMfa is false.
// Both are needed: a switched-off preference is reported to stay where the pool requires MFA, and removing the
// authenticator leaves SMS. The two preferences are two calls, because Cognito may refuse the call for a factor that
// the user does not have.
//
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteSoftwareToken.html
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminSetUserMFAPreference.html
func (t *trigger) removeFactors(ctx context.Context, event *confirmedEvent) error {
	pool, user := aws.String(event.UserPoolID), aws.String(event.UserName)
	_, err := t.users.AdminDeleteSoftwareToken(ctx, &cognito.AdminDeleteSoftwareTokenInput{
		UserPoolId: pool, Username: user,
	})
	if unlessNone(err) != nil {
		return err
	}
	_, err = t.users.AdminSetUserMFAPreference(ctx, &cognito.AdminSetUserMFAPreferenceInput{
		UserPoolId: pool, Username: user, SoftwareTokenMfaSettings: &types.SoftwareTokenMfaSettingsType{},
	})
	if unlessNone(err) != nil {
		return err
	}
	_, err = t.users.AdminSetUserMFAPreference(ctx, &cognito.AdminSetUserMFAPreferenceInput{
		UserPoolId: pool, Username: user, SMSMfaSettings: &types.SMSMfaSettingsType{},
	})
	return unlessNone(err)
}

// none are Cognito's error codes for a user without the factor. InvalidParameterException is documented for both
// operations, and reported for switching off the preference of a missing factor. SoftwareTokenMFANotFoundException is
// documented for a sign-in with a missing authenticator. Pool and user come from Cognito itself, so no other parameter
// of the calls can be invalid.
//
// If one of these codes ever meant that a factor stays, the customer could not sign in and would reset the password
// again. Nobody could pay with the factor, because it is not sealed.
//
// https://github.com/aws-amplify/amplify-js/issues/944
// https://github.com/aws-amplify/amplify-js/issues/5766
var none = map[string]bool{"SoftwareTokenMFANotFoundException": true, "InvalidParameterException": true}

func unlessNone(err error) error {
	if code, _, found := function.Fault(err); found && none[code] {
		return nil
	}
	return err
}
