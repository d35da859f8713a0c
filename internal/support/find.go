package support

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// Customer is an account of the user pool.
type Customer struct {
	Username      string    `json:"username"`
	Sub           string    `json:"sub"`
	Email         string    `json:"email,omitempty"`
	EmailVerified bool      `json:"emailVerified"`
	Status        string    `json:"status"`
	Enabled       bool      `json:"enabled"`
	Created       time.Time `json:"created"`
	Modified      time.Time `json:"modified"`
	// Factors are the active second factors by Cognito's names; Preferred is the one that Cognito asks for.
	Factors   []string `json:"factors"`
	Preferred string   `json:"preferredFactor,omitempty"`
	// Identities are those of connected providers, or of the one provider of a federated customer.
	Identities []Identity `json:"identities"`

	// Attributes are all that Cognito holds, by name.
	Attributes map[string]string `json:"-"`
}

// Federated reports whether the account was created for an identity of a provider: it has neither a password nor a
// factor here. The status does not show that: it is reported to become EXTERNAL_PROVIDER when an identity is linked
// with an account that has both.
func (c Customer) Federated() bool {
	return slices.ContainsFunc(c.Identities, func(i Identity) bool { return i.Primary })
}

// Identity is a customer's account at a provider.
type Identity struct {
	Provider string `json:"provider"`
	Subject  string `json:"subject"`
	// Primary marks the identity for which the account was created; the others were connected since.
	Primary bool `json:"primary"`
}

// subForm is the form of Cognito's subs. Prefixes and keys contain a sub, so no other text may be accepted.
var subForm = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// IsSub reports whether text has the form of a sub.
func IsSub(text string) bool { return subForm.MatchString(text) }

// CheckWho checks the text by which a customer is looked up. A filter quotes the text, so it must not contain quotes.
func CheckWho(who string) error {
	if who == "" || len(who) > 256 || strings.ContainsAny(who, `"\`) || strings.ContainsFunc(who, isUnprintable) {
		return Refusal(fmt.Sprintf("a customer is an e-mail address, a sub or a user name such as google_1234, got %q", who))
	}
	return nil
}

func isUnprintable(r rune) bool { return !unicode.IsPrint(r) }

// NotFound is the error of [Desk.Find] if there is no such account.
type NotFound struct{ Who string }

// Error returns a sentence.
func (e *NotFound) Error() string { return "there is no customer " + e.Who }

// Find looks a customer up by e-mail address, sub or user name. The error is a [*NotFound] if there is none, and a
// [Refusal] that lists them if there are several: the pool keeps addresses unique among its own accounts, but not among
// those of providers.
func (d *Desk) Find(ctx context.Context, who string) (Customer, error) {
	if err := CheckWho(who); err != nil {
		return Customer{}, err
	}
	d.report("looking for the customer")
	candidates, err := d.candidates(ctx, who)
	if err != nil {
		return Customer{}, err
	}
	switch len(candidates) {
	case 0:
		if IsSub(who) {
			return Customer{}, &NotFound{who}
		}
		// Cognito accepts as user name the address, in any letter case, and the user names of providers' accounts.
		return d.account(ctx, who, "", who)
	case 1:
		one := candidates[0]
		return d.account(ctx, aws.ToString(one.Username), attributesOf(one.Attributes)["sub"], who)
	default:
		var names []string
		for _, c := range candidates {
			names = append(names, fmt.Sprintf("%s (%s, %s)", aws.ToString(c.Username), c.UserStatus, enabled(c.Enabled)))
		}
		slices.Sort(names)
		return Customer{}, Refusal(fmt.Sprintf("%d customers are %s: %s; say which by the user name",
			len(names), who, strings.Join(names, ", ")))
	}
}

func enabled(yes bool) string {
	if yes {
		return "enabled"
	}
	return "disabled"
}

// candidates are the accounts whose sub or address is who, each once.
func (d *Desk) candidates(ctx context.Context, who string) ([]types.UserType, error) {
	if IsSub(who) {
		return d.list(ctx, "sub", who)
	}
	if !strings.Contains(who, "@") {
		return nil, nil
	}
	spellings := []string{who}
	if lower := strings.ToLower(who); lower != who {
		spellings = append(spellings, lower)
	}
	var all []types.UserType
	for _, spelling := range spellings {
		found, err := d.list(ctx, "email", spelling)
		if err != nil {
			return nil, err
		}
		for _, user := range found {
			same := func(other types.UserType) bool { return aws.ToString(other.Username) == aws.ToString(user.Username) }
			if !slices.ContainsFunc(all, same) {
				all = append(all, user)
			}
		}
	}
	return all, nil
}

// list returns the users whose attribute has the value. A page may be empty although others follow.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
func (d *Desk) list(ctx context.Context, attribute, value string) ([]types.UserType, error) {
	in := &cognitoidentityprovider.ListUsersInput{
		UserPoolId: aws.String(d.Names.UserPoolID), Filter: aws.String(fmt.Sprintf(`%s = "%s"`, attribute, value)),
	}
	var users []types.UserType
	for {
		out, err := d.Users.ListUsers(ctx, in)
		if err != nil {
			return nil, err
		}
		users = append(users, out.Users...)
		if in.PaginationToken = out.PaginationToken; aws.ToString(in.PaginationToken) == "" {
			return users, nil
		}
	}
}

// account reads one account. Sub is the expected sub, empty if unknown. AdminGetUser also accepts aliases as user
// names, so the response could be about another account.
func (d *Desk) account(ctx context.Context, username, sub, who string) (Customer, error) {
	out, err := d.Users.AdminGetUser(ctx, &cognitoidentityprovider.AdminGetUserInput{
		UserPoolId: aws.String(d.Names.UserPoolID), Username: aws.String(username),
	})
	if gone := new(types.UserNotFoundException); errors.As(err, &gone) {
		return Customer{}, &NotFound{who}
	}
	if err != nil {
		return Customer{}, err
	}
	c := Customer{
		Username: aws.ToString(out.Username), Status: string(out.UserStatus), Enabled: out.Enabled,
		Created: aws.ToTime(out.UserCreateDate).UTC(), Modified: aws.ToTime(out.UserLastModifiedDate).UTC(),
		Factors: slices.Sorted(slices.Values(out.UserMFASettingList)), Preferred: aws.ToString(out.PreferredMfaSetting),
		Attributes: attributesOf(out.UserAttributes), Identities: []Identity{},
	}
	c.Sub, c.Email, c.EmailVerified = c.Attributes["sub"], c.Attributes["email"], c.Attributes["email_verified"] == "true"
	if !IsSub(c.Sub) || sub != "" && c.Sub != sub {
		return Customer{}, Refusal(fmt.Sprintf("Cognito answered about another account than %s; try again", who))
	}
	if c.Factors == nil {
		c.Factors = []string{} // which JSON shows as a list
	}
	if text := c.Attributes["identities"]; text != "" {
		if c.Identities, err = identitiesOf(text); err != nil {
			return Customer{}, err
		}
	}
	return c, nil
}

// identitiesOf reads the attribute identities, which is JSON. Its field primary is a boolean, in tokens a string.
func identitiesOf(text string) ([]Identity, error) {
	var listed []struct {
		ProviderName, UserID string
		Primary              json.RawMessage
	}
	if err := json.Unmarshal([]byte(text), &listed); err != nil {
		return nil, Refusal(fmt.Sprintf("Cognito lists the account's identities in a form that is not known here: %v", err))
	}
	identities := []Identity{}
	for _, one := range listed {
		identities = append(identities, Identity{
			Provider: one.ProviderName, Subject: one.UserID, Primary: strings.Trim(string(one.Primary), `"`) == "true",
		})
	}
	return identities, nil
}

func attributesOf(list []types.AttributeType) map[string]string {
	attributes := map[string]string{}
	for _, a := range list {
		attributes[aws.ToString(a.Name)] = aws.ToString(a.Value)
	}
	return attributes
}
