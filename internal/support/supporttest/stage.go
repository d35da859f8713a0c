// Package supporttest is a stage in memory, for tests of the support desk: a user pool, tables and a bucket with the
// operations that the support desk calls. A test can stop any call.
package supporttest

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"github.com/securecart/identity/internal/support"
	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/mfa"
)

// Item is an item of a table.
type Item = map[string]types.AttributeValue

// User is an account.
type User struct {
	Username   string
	Attributes map[string]string
	Status     cognito.UserStatusType
	Enabled    bool
	SignedIn   bool
	// Factors are active. The first is preferred unless Preferred names another, which need not be active. KeepsFactors
	// is a pool that ignores the removal.
	Factors      []string
	Preferred    string
	KeepsFactors bool
}

// Object is one version of a document, or a marker of its deletion.
type Object struct {
	Key, Version, Content string
	Latest, Marker        bool
}

// Fake is a stage in memory. Calls are the names of the operations that were called, in their order.
type Fake struct {
	Users   map[string]*User
	Tables  map[string]map[string]Item
	Objects []Object
	Calls   []string

	// Offers are the second factors that the pool offers.
	Offers []mfa.Factor

	// Stop is called at every call; Before and After say whether the call then has its effect.
	Stop func(call int, operation string) Stop
	// PageSize is the maximum size of a page.
	PageSize int
	// Aliases maps user names to other accounts, whose data AdminGetUser then returns.
	Aliases map[string]string
}

// Stop says where a call ends with an error. The zero value lets the call pass.
type Stop struct {
	Before, After error
}

// The customer of [New].
const (
	Sub      = "0f1e2d3c-aaaa-4bbb-8ccc-0123456789ab"
	Email    = "jane@example.com"
	Other    = "99999999-aaaa-4bbb-8ccc-0123456789ab"
	Provider = "Google"
	Subject  = "1234567890"
)

// Names are those of the stage.
var Names = support.Names{
	Region:          "eu-central-1",
	UserPoolID:      "eu-central-1_Pool00001",
	OrdersTable:     "Orders",
	CustomersTable:  "Customers",
	LinksTable:      "Links",
	ProofsTable:     "Proofs",
	DocumentsBucket: "documents",
	SupportRoleARN:  "arn:aws:iam::111122223333:role/SecureCart-Dev-Support",
	PrivacyRoleARN:  "arn:aws:iam::111122223333:role/SecureCart-Dev-Privacy",
	SecondFactors:   []mfa.Factor{mfa.TOTP, mfa.SMS},
}

// S and N are values of attributes.
func S(text string) types.AttributeValue { return &types.AttributeValueMemberS{Value: text} }

// N is a number.
func N(number string) types.AttributeValue { return &types.AttributeValueMemberN{Value: number} }

// New is a stage with one customer, who has data of every kind, and another, who must lose nothing.
func New() *Fake {
	s := &Fake{
		PageSize: 2, Offers: Names.SecondFactors,
		Users: map[string]*User{}, Tables: map[string]map[string]Item{}, Aliases: map[string]string{},
	}
	for sub, email := range map[string]string{Sub: Email, Other: "joe@example.com"} {
		s.Users[sub] = &User{
			Username:   sub,
			Status:     cognito.UserStatusTypeConfirmed,
			Enabled:    true,
			SignedIn:   true,
			Factors:    []string{"SOFTWARE_TOKEN_MFA"},
			Attributes: map[string]string{"sub": sub, "email": email, "email_verified": "true"},
		}
		s.Put("Customers", sub, Item{
			contract.CustomerID: S(sub), "name": S("J. " + email), "address": S("1 Main St"),
			contract.PaymentMethod: &types.AttributeValueMemberM{
				Value: Item{"provider": S("stripe"), "token": S("pm_" + email[:3])},
			},
		})
		s.Put("Proofs", sub, Item{
			contract.CustomerID: S(sub), contract.ProofChallengeAttribute: S("secret-challenge"),
			contract.ProofExpiresAt: N("1700000900"), contract.FactorTrustedAt: N("1700000000"), contract.FactorKind: S("totp"),
		})
		s.Put(
			"Links",
			contract.LinkedCustomer+sub,
			Item{contract.LinkID: S(contract.LinkedCustomer + sub), contract.CustomerID: S(sub)},
		)
		for _, id := range []string{"o1", "o2", "o3"} {
			s.Put(
				"Orders",
				sub+"/"+id,
				Item{contract.CustomerID: S(sub), "orderId": S(id), "totalMinor": N("12345678901234567890")},
			)
		}
		prefix := contract.DocumentsPrefix + sub + "/"
		s.Objects = append(s.Objects,
			Object{prefix + "invoice.pdf", "v2", "new " + email, true, false},
			Object{prefix + "invoice.pdf", "v1", "old " + email, false, false},
			Object{prefix + "gone.pdf", "m1", "", true, true},
			Object{prefix + "gone.pdf", "v1", "gone " + email, false, false},
		)
	}
	s.Users[Sub].Attributes["identities"] = `[{"userId":"` + Subject + `","providerName":"` + Provider +
		`","primary":false,"dateCreated":1}]`
	link := contract.LinkedIdentity + Provider + "#" + Subject
	s.Put(
		"Links",
		link,
		Item{contract.LinkID: S(link), contract.CustomerID: S(Sub), "provider": S(Provider), "subject": S(Subject)},
	)
	return s
}

// Desk is a desk on the stage.
func (s *Fake) Desk() *support.Desk {
	names := Names
	names.SecondFactors = s.Offers
	return &support.Desk{Names: names, Users: users{s}, Tables: tables{s}, Documents: documents{s}}
}

// Put stores an item.
func (s *Fake) Put(table, key string, item Item) {
	if s.Tables[table] == nil {
		s.Tables[table] = map[string]Item{}
	}
	s.Tables[table][key] = item
}

// Left are the places with data of a sub, sorted: tables, documents, the account.
func (s *Fake) Left(sub string) []string {
	var places []string
	for name, table := range s.Tables {
		for key, item := range table {
			if owner, ok := item[contract.CustomerID].(*types.AttributeValueMemberS); ok && owner.Value == sub {
				places = append(places, name+" "+key)
			}
		}
	}
	for _, o := range s.Objects {
		if strings.HasPrefix(o.Key, contract.DocumentsPrefix+sub+"/") {
			places = append(places, "document "+o.Key+" "+o.Version)
		}
	}
	for name, user := range s.Users {
		if user.Attributes["sub"] == sub {
			places = append(places, "account "+name)
		}
	}
	slices.Sort(places)
	return places
}

// Changes are the calls that change something.
func (s *Fake) Changes() []string {
	return slices.DeleteFunc(slices.Clone(s.Calls), func(call string) bool {
		return strings.HasPrefix(call, "List") || strings.HasPrefix(call, "Get") || call == "AdminGetUser" || call == "Query"
	})
}

// call records a call, and lets it have its effect unless the test stops it.
func (s *Fake) call(ctx context.Context, operation string, effect func() error) error {
	wrap := func(err error) error {
		if err == nil {
			return nil
		}
		return &smithy.OperationError{ServiceID: "Fake", OperationName: operation, Err: err}
	}
	if err := ctx.Err(); err != nil {
		return wrap(err)
	}
	s.Calls = append(s.Calls, operation)
	var stop Stop
	if s.Stop != nil {
		stop = s.Stop(len(s.Calls), operation)
	}
	if stop.Before != nil {
		return wrap(stop.Before)
	}
	if err := effect(); err != nil {
		return wrap(err)
	}
	return wrap(stop.After)
}

// APIError is an error of an AWS service.
func APIError(code string) error {
	return &smithy.GenericAPIError{Code: code, Message: "no " + code}
}

var errNoUser = &cognito.UserNotFoundException{}

func (s *Fake) user(name *string) (*User, error) {
	if name == nil {
		return nil, errors.New("no user name")
	}
	at := *name
	if alias := s.Aliases[at]; alias != "" {
		at = alias
	}
	if user := s.Users[at]; user != nil {
		return user, nil
	}
	// The address is an alias, in any letter case.
	for _, key := range slices.Sorted(maps.Keys(s.Users)) {
		user := s.Users[key]
		if strings.EqualFold(user.Attributes["email"], at) && user.Status != cognito.UserStatusTypeExternalProvider {
			return user, nil
		}
	}
	return nil, errNoUser
}
