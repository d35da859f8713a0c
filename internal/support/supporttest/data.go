package supporttest

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/securecart/identity/lambda/contract"
)

type tables struct{ *Fake }

// keys are the partition keys of the tables that are read by key.
var keys = map[string]string{"Customers": contract.CustomerID, "Proofs": contract.CustomerID, "Links": contract.LinkID}

func keyOf(table *string, key Item) (string, error) {
	text, ok := key[keys[aws.ToString(table)]].(*types.AttributeValueMemberS)
	if !ok || len(key) != 1 {
		return "", errors.New("the key is not that of " + aws.ToString(table))
	}
	return text.Value, nil
}

// GetItem refuses requests that the roles do not allow: for a whole item of Proofs, or its challenge.
func (t tables) GetItem(
	ctx context.Context, in *dynamodb.GetItemInput, _ ...func(*dynamodb.Options),
) (*dynamodb.GetItemOutput, error) {
	out := &dynamodb.GetItemOutput{}
	return out, t.call(ctx, "GetItem", func() error {
		key, err := keyOf(in.TableName, in.Key)
		if err != nil {
			return err
		}
		if !aws.ToBool(in.ConsistentRead) {
			return errors.New("an item was read that may be stale")
		}
		projection := aws.ToString(in.ProjectionExpression)
		if *in.TableName == "Proofs" && (projection == "" || strings.Contains(projection, contract.ProofChallengeAttribute)) {
			return APIError("AccessDeniedException")
		}
		found := t.Tables[*in.TableName][key]
		if found == nil || projection == "" {
			out.Item = found
			return nil
		}
		out.Item = project(found, projection)
		return nil
	})
}

// project returns the attributes that a projection names.
func project(from Item, projection string) Item {
	named := Item{}
	for name := range strings.SplitSeq(projection, ", ") {
		if value, ok := from[name]; ok {
			named[name] = value
		}
	}
	return named
}

func (t tables) DeleteItem(
	ctx context.Context, in *dynamodb.DeleteItemInput, _ ...func(*dynamodb.Options),
) (*dynamodb.DeleteItemOutput, error) {
	return &dynamodb.DeleteItemOutput{}, t.call(ctx, "DeleteItem "+aws.ToString(in.TableName), func() error {
		key, err := keyOf(in.TableName, in.Key)
		if err != nil {
			return err
		}
		table := t.Tables[*in.TableName]
		if in.ConditionExpression != nil {
			want, _ := in.ExpressionAttributeValues[":sub"].(*types.AttributeValueMemberS)
			owner, owned := table[key][contract.CustomerID].(*types.AttributeValueMemberS)
			if *in.ConditionExpression != contract.CustomerID+" = :sub" || want == nil {
				return errors.New("condition " + *in.ConditionExpression)
			}
			if !owned || owner.Value != want.Value {
				return &types.ConditionalCheckFailedException{}
			}
		}
		delete(table, key)
		return nil
	})
}

func (t tables) Query(
	ctx context.Context, in *dynamodb.QueryInput, _ ...func(*dynamodb.Options),
) (*dynamodb.QueryOutput, error) {
	out := &dynamodb.QueryOutput{}
	return out, t.call(ctx, "Query", func() error {
		sub, ok := in.ExpressionAttributeValues[":sub"].(*types.AttributeValueMemberS)
		if !ok || aws.ToString(in.TableName) != "Orders" || aws.ToString(in.IndexName) != contract.OrdersByCreation ||
			aws.ToString(in.KeyConditionExpression) != contract.CustomerID+" = :sub" {
			return errors.New("another query than that of the role")
		}
		var fit []string
		for _, key := range slices.Sorted(maps.Keys(t.Tables["Orders"])) {
			if strings.HasPrefix(key, sub.Value+"/") {
				fit = append(fit, key)
			}
		}
		from := 0
		if at, ok := in.ExclusiveStartKey["at"].(*types.AttributeValueMemberN); ok {
			from, _ = strconv.Atoi(at.Value)
		}
		to := min(from+t.PageSize, len(fit))
		for _, key := range fit[from:to] {
			out.Items = append(out.Items, t.Tables["Orders"][key])
		}
		if to < len(fit) {
			out.LastEvaluatedKey = Item{"at": N(strconv.Itoa(to))}
		}
		return nil
	})
}

type documents struct{ *Fake }

// ListObjectVersions refuses prefixes that the role does not allow: those not below customers/.
func (d documents) ListObjectVersions(ctx context.Context, in *s3.ListObjectVersionsInput, _ ...func(*s3.Options)) (
	*s3.ListObjectVersionsOutput, error,
) {
	out := &s3.ListObjectVersionsOutput{}
	return out, d.call(ctx, "ListObjectVersions", func() error {
		prefix := aws.ToString(in.Prefix)
		if aws.ToString(in.Bucket) != Names.DocumentsBucket || !strings.HasPrefix(prefix, contract.DocumentsPrefix) {
			return APIError("AccessDenied")
		}
		fit := slices.DeleteFunc(slices.Clone(d.Objects), func(o Object) bool { return !strings.HasPrefix(o.Key, prefix) })
		from := 0
		if in.KeyMarker != nil {
			from = 1 + slices.IndexFunc(
				fit, func(o Object) bool { return o.Key == *in.KeyMarker && o.Version == aws.ToString(in.VersionIdMarker) },
			)
		}
		to := min(from+d.PageSize, len(fit))
		for _, o := range fit[from:to] {
			o.listIn(out)
		}
		if to < len(fit) {
			out.IsTruncated = aws.Bool(true)
			out.NextKeyMarker, out.NextVersionIdMarker = aws.String(fit[to-1].Key), aws.String(fit[to-1].Version)
		}
		return nil
	})
}

// listIn adds the object to a response.
func (o Object) listIn(out *s3.ListObjectVersionsOutput) {
	key, version, latest := aws.String(o.Key), aws.String(o.Version), aws.Bool(o.Latest)
	if o.Marker {
		out.DeleteMarkers = append(
			out.DeleteMarkers, s3types.DeleteMarkerEntry{Key: key, VersionId: version, IsLatest: latest},
		)
		return
	}
	out.Versions = append(out.Versions, s3types.ObjectVersion{
		Key: key, VersionId: version, IsLatest: latest, Size: aws.Int64(int64(len(o.Content))),
	})
}

func (d documents) GetObject(
	ctx context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options),
) (*s3.GetObjectOutput, error) {
	out := &s3.GetObjectOutput{}
	return out, d.call(ctx, "GetObject", func() error {
		at := d.index(in.Key, in.VersionId)
		if at < 0 || d.Objects[at].Marker {
			return APIError("NoSuchVersion")
		}
		out.Body = io.NopCloser(strings.NewReader(d.Objects[at].Content))
		return nil
	})
}

// DeleteObject deletes versions only. Without a version S3 would only add a delete marker.
func (d documents) DeleteObject(
	ctx context.Context, in *s3.DeleteObjectInput, _ ...func(*s3.Options),
) (*s3.DeleteObjectOutput, error) {
	return &s3.DeleteObjectOutput{}, d.call(ctx, "DeleteObject", func() error {
		if in.VersionId == nil {
			return APIError("AccessDenied")
		}
		if at := d.index(in.Key, in.VersionId); at >= 0 {
			d.Objects = slices.Delete(d.Objects, at, at+1)
		}
		return nil
	})
}

func (d documents) index(key, version *string) int {
	return slices.IndexFunc(
		d.Objects, func(o Object) bool { return o.Key == aws.ToString(key) && o.Version == aws.ToString(version) },
	)
}
