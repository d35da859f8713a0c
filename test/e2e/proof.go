package e2e

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/securecart/identity/lambda/contract"
)

// Verifier is the secret of the browser that enters a mailed code. Only its hash leaves the browser with the code.
type Verifier string

// NewVerifier returns a secret of 32 random bytes.
func NewVerifier() Verifier {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // it never fails
	return Verifier(base64.RawURLEncoding.EncodeToString(secret))
}

// Challenge is the hash that goes with the code.
func (v Verifier) Challenge() string {
	sum := sha256.Sum256([]byte(v))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func (v Verifier) challenge() map[string]string {
	if v == "" {
		return nil
	}
	return map[string]string{contract.ProofChallenge: v.Challenge()}
}

func (v Verifier) verifier() map[string]string {
	if v == "" {
		return nil
	}
	return map[string]string{contract.ProofVerifier: string(v)}
}

// Recover chooses a new password with a code from the customer's mailbox. Unless the verifier is empty, the code also
// proves the mailbox. On AWS nobody can read the mail, so an administrator sets the password and stores the challenge.
// That ends no session and removes no factor.
func (s *Running) Recover(ctx context.Context, c *Customer, v Verifier) error {
	c.Password = newPassword()
	if !s.Local() {
		if err := s.setPassword(ctx, c); err != nil {
			return err
		}
		return s.keepChallenge(ctx, c, v)
	}
	if _, err := s.users.ForgotPassword(ctx, &cognitoidentityprovider.ForgotPasswordInput{
		ClientId: &s.WebClientID, Username: &c.Email,
	}); err != nil {
		return fmt.Errorf("ask for a code: %w", err)
	}
	code, err := s.Code(ctx, c.Email)
	if err != nil {
		return err
	}
	if _, err := s.users.ConfirmForgotPassword(ctx, &cognitoidentityprovider.ConfirmForgotPasswordInput{
		ClientId: &s.WebClientID, Username: &c.Email, Password: &c.Password, ConfirmationCode: &code,
		ClientMetadata: v.challenge(),
	}); err != nil {
		return fmt.Errorf("choose a new password: %w", err)
	}
	return nil
}

// keepChallenge stores a challenge as an administrator, as lambda/registration does for a customer who has entered a
// code.
func (s *Running) keepChallenge(ctx context.Context, c *Customer, v Verifier) error {
	if v == "" {
		return nil
	}
	sub, err := s.sub(ctx, c)
	if err != nil {
		return err
	}
	expires := strconv.FormatInt(time.Now().Unix()+contract.ProofSeconds, 10)
	_, err = dynamodb.NewFromConfig(s.aws).UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.ProofsTable, Key: map[string]types.AttributeValue{contract.CustomerID: text(sub)},
		UpdateExpression: aws.String("SET " + contract.ProofChallengeAttribute + " = :challenge, " +
			contract.ProofExpiresAt + " = :expires"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":challenge": text(v.Challenge()), ":expires": &types.AttributeValueMemberN{Value: expires},
		},
	})
	if err != nil {
		return fmt.Errorf("keep the challenge of %s: %w", c.Email, err)
	}
	return nil
}

// sub looks up the customer's id, as an administrator.
func (s *Running) sub(ctx context.Context, c *Customer) (string, error) {
	found, err := s.users.AdminGetUser(ctx, &cognitoidentityprovider.AdminGetUserInput{
		UserPoolId: &s.UserPoolID, Username: &c.Email,
	})
	if err != nil {
		return "", fmt.Errorf("look up %s: %w", c.Email, err)
	}
	for _, attribute := range found.UserAttributes {
		if aws.ToString(attribute.Name) == "sub" {
			return aws.ToString(attribute.Value), nil
		}
	}
	return "", fmt.Errorf("%s has no sub", c.Email)
}
