package stacks

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/lambda/contract"
)

// The schemas of the API's bodies, which API Gateway validates (JSON Schema draft 4). They define names and types of
// the properties, and allow no others. Handlers validate the values: API Gateway would answer a wrong value with a 400
// that does not say which rule was broken, and might log the value, which could be a card number.

// checkout is the body of POST /orders: products and quantities. It holds no prices: the shop sets them, never the
// customer.
func checkout() *awsapigateway.JsonSchema {
	return body(map[string]*awsapigateway.JsonSchema{
		"items": {
			Type: awsapigateway.JsonSchemaType_ARRAY,
			Items: object(map[string]*awsapigateway.JsonSchema{
				"sku":      {Type: awsapigateway.JsonSchemaType_STRING},
				"quantity": {Type: awsapigateway.JsonSchemaType_INTEGER},
			}, "sku", "quantity"),
		},
	}, "items")
}

// linkRequest is the body of POST /links: the offer, and the details that the customer has confirmed on the screen.
func linkRequest() *awsapigateway.JsonSchema {
	return body(map[string]*awsapigateway.JsonSchema{
		"offer":    {Type: awsapigateway.JsonSchemaType_STRING},
		"provider": {Type: awsapigateway.JsonSchemaType_STRING},
		"email":    {Type: awsapigateway.JsonSchemaType_STRING},
	}, "offer", "provider", "email")
}

// profileChange is the body of PUT /profile: any of the profile's fields.
func profileChange() *awsapigateway.JsonSchema {
	properties := map[string]*awsapigateway.JsonSchema{}
	for _, name := range contract.ProfileFields() {
		properties[name] = &awsapigateway.JsonSchema{Type: awsapigateway.JsonSchemaType_STRING}
	}
	return body(properties)
}

// paymentMethod is the body of PUT /payment-method: the payment provider's token, never a card number.
func paymentMethod() *awsapigateway.JsonSchema {
	return body(map[string]*awsapigateway.JsonSchema{
		"provider": {Type: awsapigateway.JsonSchemaType_STRING},
		"token":    {Type: awsapigateway.JsonSchemaType_STRING},
	}, "provider", "token")
}

// body is the schema of a whole body. It names the version of JSON Schema, which draft 4 allows at the root only.
// https://json-schema.org/draft-04/draft-zyp-json-schema-04#section-6
func body(properties map[string]*awsapigateway.JsonSchema, required ...string) *awsapigateway.JsonSchema {
	schema := object(properties, required...)
	schema.Schema = awsapigateway.JsonSchemaVersion_DRAFT4
	return schema
}

// object is an object with these properties and no others.
func object(properties map[string]*awsapigateway.JsonSchema, required ...string) *awsapigateway.JsonSchema {
	schema := &awsapigateway.JsonSchema{
		Type:                 awsapigateway.JsonSchemaType_OBJECT,
		Properties:           &properties,
		AdditionalProperties: jsii.Bool(false),
	}
	if len(required) > 0 {
		schema.Required = jsii.Strings(required...)
	}
	return schema
}
