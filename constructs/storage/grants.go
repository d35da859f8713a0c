package storage

import (
	"regexp"
	"slices"
	"strings"

	"github.com/securecart/identity/constructs/iamrole"
	"github.com/securecart/identity/constructs/internal/nag"
)

// ReadAction is an action that reads items by key. Scan is deliberately missing.
type ReadAction string

// WriteAction is an action that writes or deletes an item by key.
type WriteAction string

const (
	// Get reads one item.
	Get ReadAction = "dynamodb:GetItem"
	// BatchGet reads up to a hundred items.
	BatchGet ReadAction = "dynamodb:BatchGetItem"
	// Put writes a whole item.
	Put WriteAction = "dynamodb:PutItem"
	// Update writes some attributes of an item.
	Update WriteAction = "dynamodb:UpdateItem"
	// Remove deletes an item.
	Remove WriteAction = "dynamodb:DeleteItem"
)

// AllowQuery lets a role query one index of the table and use the table's key for that.
func (t *Table) AllowQuery(index string) iamrole.Grants {
	return t.reading(iamrole.Grant{
		Sid:       "Query" + strings.ToUpper(index[:1]) + index[1:],
		Actions:   []string{"dynamodb:Query"},
		Resources: []string{t.indexARN(index)},
	})
}

// AllowLookUp lets a role read items by their primary key and use the table's encryption key for that.
func (t *Table) AllowLookUp(sid string, action ReadAction) iamrole.Grants {
	return t.reading(iamrole.Grant{Sid: sid, Actions: []string{string(action)}, Resources: []string{t.ARN}})
}

// AllowLookUpOf lets a role read the listed attributes of items by their primary key, and use the table's encryption
// key for that. A request that names no attributes would return all of them. The condition Null refuses it if its
// context then holds no attributes; the condition on Select refuses it if AWS puts the key attributes there.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
func (t *Table) AllowLookUpOf(sid string, attributes ...string) iamrole.Grants {
	return t.reading(iamrole.Grant{
		Sid: sid, Actions: []string{string(Get)}, Resources: []string{t.ARN},
		Conditions: map[string]any{
			"ForAllValues:StringEquals": map[string]any{"dynamodb:Attributes": attributes},
			"Null":                      map[string]any{"dynamodb:Attributes": "false"},
			"StringEqualsIfExists":      map[string]any{"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
		},
	})
}

// AllowOwnRows lets a role read, from the table and one index, the listed attributes of rows whose partition key equals
// the policy variable owner.
//
// A request must name its attributes in a projection. A request without one is refused: it would return whole items.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
func (t *Table) AllowOwnRows(index, owner string, attributes []string) iamrole.Grants {
	return t.reading(iamrole.Grant{
		Sid:        "ReadOwnRows",
		Actions:    []string{"dynamodb:GetItem", "dynamodb:Query"},
		Resources:  []string{t.ARN, t.indexARN(index)},
		Conditions: ownRows(owner, attributes),
	})
}

// AllowWrite lets a role write items by their primary key and use the table's encryption key for that.
func (t *Table) AllowWrite(sid string, action WriteAction) iamrole.Grants {
	return t.writing(iamrole.Grant{Sid: sid, Actions: []string{string(action)}, Resources: []string{t.ARN}})
}

// AllowRemove lets a role delete items by their primary key without reading them, and use the table's encryption key
// for that.
func (t *Table) AllowRemove(sid string) iamrole.Grants {
	return t.writing(iamrole.Grant{
		Sid: sid, Actions: []string{string(Remove)}, Resources: []string{t.ARN},
		// A deletion that returns the old item would read it.
		Conditions: map[string]any{"StringEqualsIfExists": map[string]any{"dynamodb:ReturnValues": "NONE"}},
	})
}

// AllowOneItem lets a role update the one item with this partition key and use the table's encryption key for that.
func (t *Table) AllowOneItem(sid, partitionKey string) iamrole.Grants {
	return t.writing(iamrole.Grant{
		Sid: sid, Actions: []string{string(Update)}, Resources: []string{t.ARN},
		Conditions: ownRows(partitionKey, nil),
	})
}

// reading adds the permission on the key that reading the table needs.
func (t *Table) reading(grant iamrole.Grant) iamrole.Grants {
	return slices.Concat(iamrole.Grants{grant}, t.key.AllowVia(DynamoDB, Reading))
}

// writing adds the permission on the key that writing the table needs.
func (t *Table) writing(grant iamrole.Grant) iamrole.Grants {
	return slices.Concat(iamrole.Grants{grant}, t.key.AllowVia(DynamoDB, Reading, Writing))
}

// ownRows are the conditions that a request is for items with the one partition key and, if attributes are listed, for
// those attributes only.
//
// The condition Null is needed because ForAllValues also matches a request without any key, such as Scan, which would
// read the rows of all customers.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
func ownRows(owner string, attributes []string) map[string]any {
	all := map[string]any{"dynamodb:LeadingKeys": []string{owner}}
	missing := map[string]any{"dynamodb:LeadingKeys": "false"}
	conditions := map[string]any{"ForAllValues:StringEquals": all, "Null": missing}
	if len(attributes) > 0 {
		all["dynamodb:Attributes"], missing["dynamodb:Attributes"] = attributes, "false"
		conditions["StringEqualsIfExists"] = map[string]any{"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}
	}
	return conditions
}

func (t *Table) indexARN(index string) string { return t.ARN + "/index/" + index }

// AllowRead lets a role read the objects below prefix and use the bucket's key for that.
func (b *Bucket) AllowRead(sid, prefix string) iamrole.Grants {
	return b.reading(b.objects(sid, prefix, "s3:GetObject"))
}

// AllowAdd lets a role write objects below prefix, and use the key for it. It can read none of them.
func (b *Bucket) AllowAdd(sid, prefix string) iamrole.Grants {
	grants := iamrole.Grants{b.objects(sid, prefix, "s3:PutObject")}
	if b.key == nil {
		return grants
	}
	return slices.Concat(grants, b.key.AllowVia(S3, Writing))
}

// AllowErase lets a role list, read and delete every version of the objects below prefix, and use the bucket's key for
// that. A condition on the prefix keeps all other objects out of listings.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/security_iam_service-with-iam.html
func (b *Bucket) AllowErase(prefix string) iamrole.Grants {
	return b.reading(
		iamrole.Grant{
			Sid:        "ListDocuments",
			Actions:    []string{"s3:ListBucketVersions"},
			Resources:  []string{b.ARN},
			Conditions: map[string]any{"StringLike": map[string]any{"s3:prefix": prefix + "*"}},
		},
		b.objects("ReadDocuments", prefix, "s3:GetObjectVersion"),
		b.objects("DeleteDocuments", prefix, "s3:DeleteObjectVersion"),
	)
}

func (b *Bucket) objects(sid, prefix, action string) iamrole.Grant {
	return iamrole.Grant{
		Sid: sid, Actions: []string{action}, Resources: []string{b.ARN + "/" + prefix + "*"},
		Accepted: []nag.Accepted{nag.Finding("AwsSolutions-IAM5",
			"/^Resource::.*"+regexp.QuoteMeta("/"+policyVariable.Replace(prefix)+"*")+"$/g",
			"Objects have no names known here; the prefix bounds them.")},
	}
}

// policyVariable writes a policy variable in cdk-nag's form.
var policyVariable = strings.NewReplacer("${", "<", "}", ">")

// reading adds the permission on the key that reading objects needs, if the bucket has a key.
func (b *Bucket) reading(grants ...iamrole.Grant) iamrole.Grants {
	if b.key == nil {
		return grants
	}
	return slices.Concat(grants, b.key.AllowVia(S3, Reading))
}
