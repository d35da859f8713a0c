package e2e

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Customer is a person who signs up. Authenticator is nil until the customer enrols an authenticator.
type Customer struct {
	Email, Password, Name string
	Authenticator         *Authenticator
	// Phone receives codes by SMS. It is empty until the number is verified and preferred.
	Phone string
	// SteppedUp holds the tokens of a step-up that a later step of the story uses again.
	SteppedUp Tokens
}

// Amazon SES's mailbox simulator accepts mail that reaches nobody and counts as no bounce.
// https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html
const (
	mailbox   = "success+securecart-e2e-"
	simulator = "@simulator.amazonses.com"
)

// NewCustomer returns a new customer with a password that the policy accepts.
func NewCustomer(name string) *Customer {
	unique := strings.ToLower(rand.Text()[:12])
	return &Customer{Email: mailbox + unique + simulator, Password: newPassword(), Name: name}
}

func newPassword() string { return "Aa1!" + rand.Text() }

// SignUp registers a customer as a front end does, and confirms the address with the code from the inbox page. Unless
// the verifier is empty, its challenge goes with the code. On AWS nobody can read the mail, so an administrator creates
// the customer, and no mail is sent.
func (s *Running) SignUp(ctx context.Context, c *Customer, v Verifier) error {
	if !s.Local() {
		return s.signUpAsAdministrator(ctx, c, v)
	}
	if err := s.Register(ctx, c, s.WebClientID, nil); err != nil {
		return err
	}
	return s.Confirm(ctx, c, v)
}

// Register signs up at a client with the address and further attributes, if any. The address stays unconfirmed.
func (s *Running) Register(ctx context.Context, c *Customer, clientID string, attributes map[string]string) error {
	given := []types.AttributeType{{Name: aws.String("email"), Value: &c.Email}}
	for name, value := range attributes {
		given = append(given, types.AttributeType{Name: aws.String(name), Value: aws.String(value)})
	}
	if _, err := s.users.SignUp(ctx, &cognitoidentityprovider.SignUpInput{
		ClientId: &clientID, Username: &c.Email, Password: &c.Password, UserAttributes: given,
	}); err != nil {
		return fmt.Errorf("sign up: %w", err)
	}
	return nil
}

// Confirm enters the mailed code, with the verifier's challenge unless the verifier is empty.
func (s *Running) Confirm(ctx context.Context, c *Customer, v Verifier) error {
	code, err := s.Code(ctx, c.Email)
	if err != nil {
		return err
	}
	if _, err := s.users.ConfirmSignUp(ctx, &cognitoidentityprovider.ConfirmSignUpInput{
		ClientId: &s.WebClientID, Username: &c.Email, ConfirmationCode: &code, ClientMetadata: v.challenge(),
	}); err != nil {
		return fmt.Errorf("confirm the address: %w", err)
	}
	return nil
}

func (s *Running) signUpAsAdministrator(ctx context.Context, c *Customer, v Verifier) error {
	if _, err := s.users.AdminCreateUser(ctx, &cognitoidentityprovider.AdminCreateUserInput{
		UserPoolId: &s.UserPoolID, Username: &c.Email, MessageAction: types.MessageActionTypeSuppress,
		UserAttributes: []types.AttributeType{
			{Name: aws.String("email"), Value: &c.Email}, {Name: aws.String("email_verified"), Value: aws.String("true")},
		},
	}); err != nil {
		return fmt.Errorf("make a customer: %w", err)
	}
	if err := s.setPassword(ctx, c); err != nil {
		return err
	}
	return s.keepChallenge(ctx, c, v)
}

func (s *Running) setPassword(ctx context.Context, c *Customer) error {
	if _, err := s.users.AdminSetUserPassword(ctx, &cognitoidentityprovider.AdminSetUserPasswordInput{
		UserPoolId: &s.UserPoolID, Username: &c.Email, Password: &c.Password, Permanent: true,
	}); err != nil {
		return fmt.Errorf("set the customer's password: %w", err)
	}
	return nil
}

// Code returns the newest code that the local stage sent to an address.
func (s *Running) Code(ctx context.Context, to string) (string, error) {
	if !s.Local() {
		return "", fmt.Errorf("%s is not set: only the local stage has an inbox", InboxURL)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.inbox+"/messages.json?to="+url.QueryEscape(to), nil)
	if err != nil {
		return "", err
	}
	response, err := s.http.Do(request)
	if err != nil {
		return "", fmt.Errorf("read the inbox: %w", err)
	}
	defer response.Body.Close() //nolint:errcheck // it was read
	var messages []struct {
		Code string `json:"code"`
	}
	if err := json.NewDecoder(response.Body).Decode(&messages); err != nil {
		return "", fmt.Errorf("read the inbox: %w", err)
	}
	if len(messages) == 0 {
		return "", errors.New("the inbox has no message for this customer")
	}
	return messages[0].Code, nil
}

// Remove deletes a customer, as an administrator. A customer that does not exist is no error.
func (s *Running) Remove(ctx context.Context, username string) error {
	_, err := s.users.AdminDeleteUser(ctx, &cognitoidentityprovider.AdminDeleteUserInput{
		UserPoolId: &s.UserPoolID, Username: &username,
	})
	var gone *types.UserNotFoundException
	if err != nil && !errors.As(err, &gone) {
		return fmt.Errorf("remove customer %s: %w", username, err)
	}
	return nil
}

// RemoveLeftovers deletes the customers that a killed run left behind: those with this package's names that are older
// than age.
func (s *Running) RemoveLeftovers(ctx context.Context, age time.Duration) error {
	pages := cognitoidentityprovider.NewListUsersPaginator(s.users, &cognitoidentityprovider.ListUsersInput{
		UserPoolId: &s.UserPoolID, Filter: aws.String(`email ^= "` + mailbox + `"`),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("look for customers of earlier runs: %w", err)
		}
		for _, user := range page.Users {
			if time.Since(aws.ToTime(user.UserCreateDate)) < age {
				continue
			}
			if err := s.Remove(ctx, aws.ToString(user.Username)); err != nil {
				return err
			}
		}
	}
	return nil
}
