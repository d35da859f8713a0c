package main

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/internal/gateway"
)

// maxLinked is how many identities of providers an account may have linked.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminLinkProviderForUser.html
const maxLinked = 5

// An identity is a customer at a provider: the provider's name in the user pool, and the customer's id at the provider.
type identity struct{ provider, subject string }

// An account is a user of the pool, as returned by AdminGetUser for this request.
type account struct {
	username string
	sub      string
	enabled  bool
	external bool // status EXTERNAL_PROVIDER
	// email recovers the account once it is verified. providerEmail is the address stated by the provider of the last
	// sign-in.
	email, providerEmail string
	verified             bool
	// own are the identities for which the account was created, at most one. linked are those connected since.
	own, linked []identity
	// active and preferred are Cognito's names of second factors.
	active    []string
	preferred string
}

// accountOf refuses a response that does not name its user.
func accountOf(user *cognito.AdminGetUserOutput) (account, error) {
	attributes := make(map[string]string)
	for _, attribute := range user.UserAttributes {
		attributes[aws.ToString(attribute.Name)] = aws.ToString(attribute.Value)
	}
	read := account{
		username:      aws.ToString(user.Username),
		sub:           attributes["sub"],
		enabled:       user.Enabled,
		external:      user.UserStatus == types.UserStatusTypeExternalProvider,
		email:         attributes["email"],
		providerEmail: attributes[contract.ProviderEmail],
		verified:      attributes["email_verified"] == "true",
		active:        user.UserMFASettingList,
		preferred:     aws.ToString(user.PreferredMfaSetting),
	}
	if read.username == "" || read.sub == "" {
		return account{}, gateway.Internal("InvalidUser", "the answer names no user")
	}
	err := read.readIdentities(attributes["identities"])
	return read, err
}

// readIdentities reads the attribute identities, in which Cognito keeps the providers of an account:
//
//	[{"userId":"1143","providerName":"Google","providerType":"Google","issuer":null,"primary":true,"dateCreated":1642}]
//
// primary marks the identity for which the account was created; the others were linked since. It is a boolean in the
// attribute, and a string in tokens.
//   - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html
//   - https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html
//
// An entry that lacks any of the three is refused. Read as a linked identity, it would make a provider's account look
// like one with a password. Ignored, it would make an account with two identities look like one with a single identity.
func (a *account) readIdentities(text string) error {
	if text == "" {
		return nil
	}
	var entries []struct {
		UserID       string          `json:"userId"`
		ProviderName string          `json:"providerName"`
		Primary      json.RawMessage `json:"primary"`
	}
	if json.Unmarshal([]byte(text), &entries) != nil {
		return gateway.Internal("InvalidUser", "attribute identities is not the list that Cognito documents")
	}
	for _, entry := range entries {
		one := identity{entry.ProviderName, entry.UserID}
		primary := strings.Trim(string(entry.Primary), `"`)
		switch {
		case one.provider == "" || one.subject == "":
			return gateway.Internal("InvalidUser", "an entry of attribute identities names no identity")
		case primary == "true":
			a.own = append(a.own, one)
		case primary == "false":
			a.linked = append(a.linked, one)
		default:
			return gateway.Internal("InvalidUser", "an entry of attribute identities does not say whether it is primary")
		}
	}
	return nil
}

// federated reports whether the account is only the profile of one identity of a provider. Neither the user name nor
// the presence of identities shows that: connected accounts have identities, too.
func (a account) federated() bool {
	return a.external && len(a.own) == 1 && len(a.linked) == 0
}

// native reports whether the account was created with a password. The status does not show that: it is reported to
// become EXTERNAL_PROVIDER when an identity is linked. No account is both native and federated; some are neither.
func (a account) native() bool { return len(a.own) == 0 }

// connected reports whether the identity is linked with the account.
func (a account) connected(one identity) bool {
	return slices.Contains(a.linked, one)
}

// asciiLower lower-cases A to Z and no other letter. By the rules of Unicode "K" (the Kelvin sign) would become "k",
// and two mailboxes would be equal.
func asciiLower(text string) string {
	lower := []byte(text)
	for i, c := range lower {
		if c >= 'A' && c <= 'Z' {
			lower[i] = c + ('a' - 'A')
		}
	}
	return string(lower)
}
