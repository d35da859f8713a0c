package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/jsii-runtime-go"
)

// The bodies that the API takes, as API Gateway validates them (JSON Schema draft 4). Each names every property, and allows
// no other. The handlers apply the same rules again, and say which one was broken.

// checkout is the body of POST /orders: what and how many. Prices are the shop's, never the customer's.
func checkout() *awsapigateway.JsonSchema {
	return object(map[string]*awsapigateway.JsonSchema{
		"items": {
			Type:     awsapigateway.JsonSchemaType_ARRAY,
			MinItems: jsii.Number(1),
			MaxItems: jsii.Number(50),
			Items: object(map[string]*awsapigateway.JsonSchema{
				"sku":      {Type: awsapigateway.JsonSchemaType_STRING, Pattern: jsii.String(`^[A-Za-z0-9._-]{1,64}$`)},
				"quantity": {Type: awsapigateway.JsonSchemaType_INTEGER, Minimum: jsii.Number(1), Maximum: jsii.Number(99)},
			}, "sku", "quantity"),
		},
	}, "items")
}

// profileChange is the body of PUT /profile: at least one attribute.
func profileChange() *awsapigateway.JsonSchema {
	properties := map[string]*awsapigateway.JsonSchema{}
	for _, name := range []string{"name", "givenName", "familyName", "locale", "address"} {
		properties[name] = &awsapigateway.JsonSchema{Type: awsapigateway.JsonSchemaType_STRING, MinLength: jsii.Number(1), MaxLength: jsii.Number(2048)}
	}
	change := object(properties)
	change.MinProperties = jsii.Number(1)
	return change
}

// paymentMethod is the body of PUT /payment-method: the payment provider's token, never a card number.
func paymentMethod() *awsapigateway.JsonSchema {
	return object(map[string]*awsapigateway.JsonSchema{
		"provider": {Type: awsapigateway.JsonSchemaType_STRING, Enum: &[]any{"stripe"}},
		"token":    {Type: awsapigateway.JsonSchemaType_STRING, Pattern: jsii.String(`^pm_[A-Za-z0-9_]{8,128}$`)},
	}, "provider", "token")
}

// object is an object with these properties and no others.
func object(properties map[string]*awsapigateway.JsonSchema, required ...string) *awsapigateway.JsonSchema {
	schema := &awsapigateway.JsonSchema{
		Schema:               awsapigateway.JsonSchemaVersion_DRAFT4,
		Type:                 awsapigateway.JsonSchemaType_OBJECT,
		Properties:           &properties,
		AdditionalProperties: jsii.Bool(false),
	}
	if len(required) > 0 {
		schema.Required = jsii.Strings(required...)
	}
	return schema
}
