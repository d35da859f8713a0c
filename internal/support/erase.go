package support

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/securecart/identity/lambda/contract"
)

// Subject is the customer whose data are erased.
type Subject struct {
	// Sub is the key of all data. Required.
	Sub string
	// Account is the account of the user pool; nil if it is already deleted.
	Account *Customer
	// Identities are those of connected providers: the account's or, if the account is deleted, those that the caller
	// knows.
	Identities []Identity
}

// SubjectOf returns the subject for an account.
func SubjectOf(c Customer) Subject { return Subject{Sub: c.Sub, Account: &c, Identities: c.Identities} }

// FindSubject returns the subject with this sub, with or without an account. Identities are further identities that the
// caller knows.
func (d *Desk) FindSubject(ctx context.Context, sub string, identities []Identity) (Subject, error) {
	if !IsSub(sub) {
		return Subject{}, Refusal(
			fmt.Sprintf("a sub has the form 00000000-0000-0000-0000-000000000000 in lower case, got %q", sub),
		)
	}
	found, err := d.Find(ctx, sub)
	if missing := new(NotFound); errors.As(err, &missing) {
		return Subject{Sub: sub, Identities: identities}, nil
	}
	if err != nil {
		return Subject{}, err
	}
	subject := SubjectOf(found)
	subject.Identities = append(subject.Identities, identities...)
	return subject, nil
}

// Holding is the data stored about a customer.
type Holding struct {
	Sub     string `json:"sub"`
	Account bool   `json:"account"`
	Email   string `json:"email,omitempty"`
	Profile bool   `json:"profile"`
	// PaymentMethod is the payment provider's token, not a card.
	PaymentMethod bool `json:"paymentMethod"`
	Proofs        bool `json:"proofs"`
	// Links are the ids of the items of Links.
	Links []string `json:"links"`
	// Documents counts versions, including deleted ones.
	Documents int `json:"documents"`
	// Orders stay.
	Orders int `json:"ordersThatStay"`
}

// Empty reports whether nothing except orders is stored.
func (h Holding) Empty() bool {
	return !h.Account && !h.Profile && !h.PaymentMethod && !h.Proofs && len(h.Links) == 0 && h.Documents == 0
}

// Held returns what [Desk.Erase] would remove.
func (d *Desk) Held(ctx context.Context, s Subject) (Holding, error) {
	d.report("looking what is held")
	h := Holding{Sub: s.Sub, Account: s.Account != nil, Links: []string{}}
	if s.Account != nil {
		h.Email = s.Account.Email
	}
	row, err := d.get(ctx, d.Names.CustomersTable, key(contract.CustomerID, s.Sub))
	if err != nil {
		return Holding{}, err
	}
	h.Profile, h.PaymentMethod = row != nil, row[contract.PaymentMethod] != nil
	proofs, err := d.proofs(ctx, s.Sub)
	if err != nil {
		return Holding{}, err
	}
	h.Proofs = proofs != nil
	links, err := d.links(ctx, s)
	if err != nil {
		return Holding{}, err
	}
	for _, link := range links {
		if id, ok := link[contract.LinkID].(*types.AttributeValueMemberS); ok {
			h.Links = append(h.Links, id.Value)
		}
	}
	versions, err := d.versions(ctx, s.Sub)
	if err != nil {
		return Holding{}, err
	}
	h.Documents = len(versions)
	err = d.orders(ctx, s.Sub, func(item) error { h.Orders++; return nil })
	return h, err
}

// links returns the items of Links that belong to the subject. An item with the subject's identity but another account
// is not the subject's: that account has connected the identity since.
func (d *Desk) links(ctx context.Context, s Subject) ([]item, error) {
	var links []item
	for _, id := range append(linkIDs(s.Identities), contract.LinkedCustomer+s.Sub) {
		link, err := d.get(ctx, d.Names.LinksTable, key(contract.LinkID, id))
		if err != nil {
			return nil, err
		}
		if owner, ok := link[contract.CustomerID].(*types.AttributeValueMemberS); ok && owner.Value == s.Sub {
			links = append(links, link)
		}
	}
	return links, nil
}

// Erase removes the data stored about the subject. Orders stay, under a sub that no longer identifies a person.
//
// The account is disabled first, so that no new data comes, and deleted last, because the rest is found through it.
// Handlers may still accept a token of the last minutes; [Desk.FindSubject] and Erase then remove the data that they
// wrote.
func (d *Desk) Erase(ctx context.Context, s Subject) error {
	var steps []step
	if s.Account != nil {
		steps = append(steps, unlessGone(d.disable(*s.Account)), unlessGone(d.signOut(*s.Account)))
	}
	steps = append(steps,
		step{"deleting documents", func(ctx context.Context) error { return d.deleteDocuments(ctx, s.Sub) }},
		step{"deleting profile and payment method", func(ctx context.Context) error {
			return d.deleteItem(ctx, d.Names.CustomersTable, key(contract.CustomerID, s.Sub))
		}},
		step{"deleting connected providers", func(ctx context.Context) error { return d.deleteLinks(ctx, s) }},
		d.deleteProof(s.Sub),
	)
	if s.Account != nil {
		steps = append(steps, unlessGone(step{"deleting the account", func(ctx context.Context) error {
			_, err := d.Users.AdminDeleteUser(ctx, &cognitoidentityprovider.AdminDeleteUserInput{
				UserPoolId: aws.String(d.Names.UserPoolID), Username: aws.String(s.Account.Username),
			})
			return err
		}}))
	}
	return d.run(ctx, steps)
}

// unlessGone makes a step succeed if the account is gone: an earlier response may have been lost, or the customer has
// deleted the account meanwhile.
func unlessGone(s step) step {
	return step{s.doing, func(ctx context.Context) error {
		err := s.do(ctx)
		if gone := new(cognito.UserNotFoundException); errors.As(err, &gone) {
			return nil
		}
		return err
	}}
}

// deleteDocuments deletes every version and every marker. A deleted version cannot be restored.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeletingObjectVersions.html
func (d *Desk) deleteDocuments(ctx context.Context, sub string) error {
	versions, err := d.versions(ctx, sub)
	if err != nil {
		return err
	}
	for i, v := range versions {
		d.report(fmt.Sprintf("deleting documents (%d of %d)", i+1, len(versions)))
		_, err := d.Documents.DeleteObject(ctx, &s3.DeleteObjectInput{
			Bucket: aws.String(d.Names.DocumentsBucket), Key: aws.String(v.key), VersionId: aws.String(v.id),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// deleteLinks deletes the items of Links that belong to the subject. The owner is a condition of the deletion: an item
// that another account takes over at this moment stays.
func (d *Desk) deleteLinks(ctx context.Context, s Subject) error {
	for _, id := range append(linkIDs(s.Identities), contract.LinkedCustomer+s.Sub) {
		_, err := d.Tables.DeleteItem(ctx, &dynamodb.DeleteItemInput{
			TableName: aws.String(d.Names.LinksTable), Key: key(contract.LinkID, id),
			ConditionExpression:       aws.String(contract.CustomerID + " = :sub"),
			ExpressionAttributeValues: item{":sub": &types.AttributeValueMemberS{Value: s.Sub}},
		})
		if other := new(types.ConditionalCheckFailedException); errors.As(err, &other) {
			continue // there is no such item, or it is another account's
		}
		if err != nil {
			return err
		}
	}
	return nil
}
