package support

import (
	"context"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/securecart/identity/lambda/contract"
	"github.com/securecart/identity/lambda/mfa"
)

// item is an item of a table.
type item = map[string]types.AttributeValue

func key(attribute, value string) item {
	return item{attribute: &types.AttributeValueMemberS{Value: value}}
}

// get reads an item consistently; nil if there is none. Without attributes it reads the whole item.
func (d *Desk) get(ctx context.Context, table string, key item, attributes ...string) (item, error) {
	in := &dynamodb.GetItemInput{TableName: aws.String(table), Key: key, ConsistentRead: aws.Bool(true)}
	if len(attributes) > 0 {
		in.ProjectionExpression = aws.String(strings.Join(attributes, ", "))
	}
	out, err := d.Tables.GetItem(ctx, in)
	if err != nil {
		return nil, err
	}
	return out.Item, nil
}

// Proofs holds the times of a customer's proofs. An unknown time is nil.
type Proofs struct {
	FactorTrustedAt   *time.Time `json:"factorTrustedAt,omitempty"`
	FactorSuspendedAt *time.Time `json:"factorSuspendedAt,omitempty"`
	ProofExpiresAt    *time.Time `json:"proofExpiresAt,omitempty"`
	// FactorKind is the kind of the sealed factor: totp or sms.
	FactorKind string `json:"factorKind,omitempty"`
}

// proofs reads only the times: the roles may not read the challenge. Nil if there is no item.
func (d *Desk) proofs(ctx context.Context, sub string) (*Proofs, error) {
	found, err := d.get(ctx, d.Names.ProofsTable, key(contract.CustomerID, sub), contract.ProofTimes()...)
	if err != nil || found == nil {
		return nil, err
	}
	proofs := &Proofs{
		FactorTrustedAt:   timeOf(found[contract.FactorTrustedAt]),
		FactorSuspendedAt: timeOf(found[contract.FactorSuspendedAt]),
		ProofExpiresAt:    timeOf(found[contract.ProofExpiresAt]),
	}
	if kind, ok := found[contract.FactorKind].(*types.AttributeValueMemberS); ok {
		proofs.FactorKind = kind.Value
	}
	return proofs, nil
}

// State is an account with its proofs.
type State struct {
	Customer
	Proofs Proofs `json:"proofs"`
	// Factor is the state of the factor that Cognito asks for at every sign-in: none, unsealed, suspended or sealed.
	// Customers can pay only with a sealed one.
	Factor string `json:"factor"`
}

// Show returns the state of a customer.
func (d *Desk) Show(ctx context.Context, c Customer) (State, error) {
	d.report("reading what the customer has proven")
	proofs, err := d.proofs(ctx, c.Sub)
	if err != nil {
		return State{}, err
	}
	state := State{Customer: c, Factor: "unsealed"}
	if proofs != nil {
		state.Proofs = *proofs
	}
	switch asked := mfa.Asked(c.Factors, c.Preferred, d.Names.SecondFactors); {
	case asked == mfa.None:
		state.Factor = "none"
	// Only the sealed kind of factor is trusted, not another that was enrolled since.
	case state.Proofs.FactorTrustedAt == nil || state.Proofs.FactorKind != string(asked):
	case state.Proofs.FactorSuspendedAt != nil:
		state.Factor = "suspended"
	default:
		state.Factor = "sealed"
	}
	return state, nil
}

// deleteProof removes the proofs: then no challenge can be answered, and no factor is trusted.
func (d *Desk) deleteProof(sub string) step {
	return step{"removing proofs and trust", func(ctx context.Context) error {
		return d.deleteItem(ctx, d.Names.ProofsTable, key(contract.CustomerID, sub))
	}}
}

// deleteItem deletes an item, if there is one.
func (d *Desk) deleteItem(ctx context.Context, table string, key item) error {
	_, err := d.Tables.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: aws.String(table), Key: key})
	return err
}

// orders calls each with every order of the customer, oldest first.
func (d *Desk) orders(ctx context.Context, sub string, each func(item) error) error {
	in := &dynamodb.QueryInput{
		TableName:                 aws.String(d.Names.OrdersTable),
		IndexName:                 aws.String(contract.OrdersByCreation),
		ConsistentRead:            aws.Bool(true),
		KeyConditionExpression:    aws.String(contract.CustomerID + " = :sub"),
		ExpressionAttributeValues: item{":sub": &types.AttributeValueMemberS{Value: sub}},
	}
	for {
		out, err := d.Tables.Query(ctx, in)
		if err != nil {
			return err
		}
		for _, order := range out.Items {
			if err := each(order); err != nil {
				return err
			}
		}
		if in.ExclusiveStartKey = out.LastEvaluatedKey; len(in.ExclusiveStartKey) == 0 {
			return nil
		}
	}
}

// version is one version of a document, or a delete marker.
type version struct {
	key, id string
	latest  bool
	marker  bool
	size    int64
}

// documentsOf is the prefix of the keys of a customer's documents. It panics unless sub is a sub: another text could
// match all customers.
func documentsOf(sub string) string {
	if !IsSub(sub) {
		panic("not a sub: " + sub)
	}
	return contract.DocumentsPrefix + sub + "/"
}

// versions lists every version of the customer's documents.
func (d *Desk) versions(ctx context.Context, sub string) ([]version, error) {
	in := &s3.ListObjectVersionsInput{Bucket: aws.String(d.Names.DocumentsBucket), Prefix: aws.String(documentsOf(sub))}
	var all []version
	for {
		out, err := d.Documents.ListObjectVersions(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, v := range out.Versions {
			all = append(
				all,
				version{aws.ToString(v.Key), aws.ToString(v.VersionId), aws.ToBool(v.IsLatest), false, aws.ToInt64(v.Size)},
			)
		}
		for _, m := range out.DeleteMarkers {
			all = append(all, version{aws.ToString(m.Key), aws.ToString(m.VersionId), aws.ToBool(m.IsLatest), true, 0})
		}
		if !aws.ToBool(out.IsTruncated) {
			return all, nil
		}
		in.KeyMarker, in.VersionIdMarker = out.NextKeyMarker, out.NextVersionIdMarker
	}
}

// linkIDs are the ids of the customer's items of Links, as far as the account shows them.
func linkIDs(identities []Identity) []string {
	var ids []string
	for _, i := range identities {
		ids = append(ids, contract.LinkedIdentity+i.Provider+"#"+i.Subject)
	}
	return ids
}
