package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/lambda/internal/body"
	"github.com/securecart/identity/lambda/internal/gateway"
	"github.com/securecart/identity/lambda/internal/header"
	"github.com/securecart/identity/lambda/internal/problem"
	"github.com/securecart/identity/lambda/internal/stepup"
	"github.com/securecart/identity/lambda/internal/upstream"
)

// The limits are ours; Cognito's is 2048 characters for each attribute.
const (
	maxName    = 128
	maxAddress = 512
	maxLocale  = 35 // what RFC 5646, section 4.4.1, tells to make room for
)

// The form of a language tag (BCP 47); whether its parts are registered is not
// looked up.
var localePattern = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)

// The three parts of a signed token (RFC 7515, section 7.1).
var jwtPattern = regexp.MustCompile(`^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$`)

// changeable are the fields of the body, the attributes they are, and their rules.
// E-mail is not among them: a new address has to be verified first.
var changeable = []struct {
	field, attribute, rule string
	valid                  func(string) bool
}{
	{"name", "name", lineRule(maxName), isLine(maxName)},
	{"givenName", "given_name", lineRule(maxName), isLine(maxName)},
	{"familyName", "family_name", lineRule(maxName), isLine(maxName)},
	{"locale", "locale", "a language tag such as de-CH", isLocale},
	{"address", "address", lineRule(maxAddress), isLine(maxAddress)},
}

// change answers PUT /profile: the fields in the body are set, the others stay.
func (p *profiles) change(ctx context.Context, request events.APIGatewayProxyRequest) (gateway.Answer, error) {
	if _, err := p.gate.Customer(request); err != nil {
		return gateway.Answer{}, err
	}
	token, err := bearer(request)
	if err != nil {
		return gateway.Answer{}, err
	}
	changes, err := readChanges(request)
	if err != nil {
		return gateway.Answer{}, err
	}
	_, err = p.users.UpdateUserAttributes(ctx, &cognito.UpdateUserAttributesInput{AccessToken: aws.String(token), UserAttributes: changes})
	if err != nil {
		return gateway.Answer{}, refusal(err)
	}
	return gateway.Answer{Status: http.StatusNoContent}, nil
}

func readChanges(request events.APIGatewayProxyRequest) ([]types.AttributeType, error) {
	document, err := body.Read(request)
	if err != nil {
		return nil, err
	}
	var changes []types.AttributeType
	var fields []string
	for _, one := range changeable {
		fields = append(fields, one.field)
		if value, given := document.Optional(one.field, one.rule, one.valid); given {
			changes = append(changes, types.AttributeType{Name: aws.String(one.attribute), Value: aws.String(value)})
		}
	}
	if err := document.Err(); err != nil {
		return nil, err
	}
	if len(changes) == 0 {
		return nil, problem.Unprocessable("body must have at least one of " + strings.Join(fields, ", "))
	}
	return changes, nil
}

// bearer returns the token that API Gateway has checked. It takes a token with or
// without the scheme before it.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-invoke-api-integrated-with-cognito-user-pool.html
func bearer(request events.APIGatewayProxyRequest) (string, error) {
	token, _ := header.One(request, "Authorization")
	if scheme, rest, found := strings.Cut(token, " "); found && strings.EqualFold(scheme, "Bearer") {
		token = strings.TrimSpace(rest)
	}
	if !jwtPattern.MatchString(token) {
		return "", stepup.Again("InvalidStepUp", "header Authorization has not exactly one token")
	}
	return token, nil
}

// refusal tells what a failed change is. Trying it again, as the answer to any
// other failure of a service says, would not mend these.
func refusal(err error) error {
	code, operation, _ := upstream.Fault(err)
	var (
		revoked     *types.NotAuthorizedException
		gone        *types.UserNotFoundException
		reset       *types.PasswordResetRequiredException
		unconfirmed *types.UserNotConfirmedException
		refused     *types.InvalidParameterException
	)
	switch {
	case errors.As(err, &revoked), errors.As(err, &gone), errors.As(err, &reset), errors.As(err, &unconfirmed):
		return stepup.Again(code, operation)
	case errors.As(err, &refused):
		// The pool's schema is stricter than our rules.
		return problem.Internal(code, operation)
	default:
		return fmt.Errorf("change a user: %w", err)
	}
}

func lineRule(limit int) string {
	return fmt.Sprintf("1 to %d characters on one line, not only blanks", limit)
}

// isLine refuses, with control characters, what would end or turn a line where
// the text is shown, and what stands for bytes that were no text.
func isLine(limit int) func(string) bool {
	return func(text string) bool {
		strange := func(r rune) bool {
			return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control) || r == utf8.RuneError
		}
		return utf8.RuneCountInString(text) <= limit && !strings.ContainsFunc(text, strange) && strings.TrimSpace(text) != ""
	}
}

func isLocale(text string) bool {
	return len(text) <= maxLocale && localePattern.MatchString(text)
}
