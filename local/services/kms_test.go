package services_test

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"pgregory.net/rapid"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/localtest/must"
)

func priceOf(table, sku string) *dynamodb.BatchGetItemInput {
	return &dynamodb.BatchGetItemInput{
		RequestItems: map[string]types.KeysAndAttributes{table: {Keys: []item{{"sku": text(sku)}}}},
	}
}

// dataKey is the ARN of the stage's key.
func (s *shop) dataKey(t *testing.T) string {
	t.Helper()
	return s.stage.Tables[tableARN(s, t, "Orders")].SSESpecification.KMSMasterKeyID
}

func within(purpose, customer string) map[string]string {
	return map[string]string{"purpose": purpose, "customer": customer}
}

func seal(ctx context.Context, c *caller, key, plain string, within map[string]string) ([]byte, error) {
	output, err := c.keys.Encrypt(ctx, &kms.EncryptInput{
		KeyId: aws.String(key), Plaintext: []byte(plain), EncryptionContext: within,
	})
	if err != nil {
		return nil, err
	}
	return output.CiphertextBlob, nil
}

func open(ctx context.Context, c *caller, key *string, sealed []byte, within map[string]string) (string, error) {
	output, err := c.keys.Decrypt(ctx, &kms.DecryptInput{KeyId: key, CiphertextBlob: sealed, EncryptionContext: within})
	if err != nil {
		return "", err
	}
	return string(output.Plaintext), nil
}

func TestCursorsAreSealedForOneCustomerAndPurpose(t *testing.T) {
	s := serve(t)
	till, key := s.function(t, "Orders"), s.dataKey(t)
	sealed := must.Get(seal(t.Context(), till, key, "secret", within("orders-cursor", alice)))(t)
	if bytes.Contains(sealed, []byte("secret")) {
		t.Error("the ciphertext shows what was sealed")
	}
	if again, err := seal(t.Context(), till, key, "secret", within("orders-cursor", alice)); err != nil ||
		bytes.Equal(sealed, again) {
		t.Errorf("sealed twice it is the same: %v", err)
	}
	for name, by := range map[string]*string{
		"no name": nil, "ARN": aws.String(key), "id": aws.String(s.stage.Keys[key].ID),
	} {
		if got, err := open(t.Context(), till, by, sealed, within("orders-cursor", alice)); err != nil || got != "secret" {
			t.Errorf("opened by %s: %q, %v", name, got, err)
		}
	}
	more := maps.Clone(within("orders-cursor", alice))
	more["more"] = "x"
	for name, test := range map[string]struct {
		by     *string
		sealed []byte
		within map[string]string
		code   string
	}{
		"another customer": {nil, sealed, within("orders-cursor", bob), "InvalidCiphertextException"},
		"more context":     {nil, sealed, more, "InvalidCiphertextException"},
		"less context": {nil, sealed, map[string]string{"purpose": "orders-cursor"},
			"InvalidCiphertextException"},
		"another purpose": {nil, sealed, within("invoices-cursor", alice), denied},
		"no context":      {nil, sealed, nil, denied},
		"cut": {nil, sealed[:len(sealed)-1], within("orders-cursor", alice),
			"InvalidCiphertextException"},
		"cut to the id": {nil, sealed[:36], within("orders-cursor", alice), "InvalidCiphertextException"},
		"garbage":       {nil, []byte("garbage"), within("orders-cursor", alice), "InvalidCiphertextException"},
		"garbage, by the key": {aws.String(key), []byte("garbage"), within("orders-cursor", alice),
			"InvalidCiphertextException"},
		"another key": {aws.String(key + "0"), sealed, within("orders-cursor", alice), denied},
		"names alike but for case": {nil, sealed, map[string]string{"purpose": "orders-cursor", "Purpose": "x"},
			"ValidationException"},
		"a name that no policy has": {nil, sealed, map[string]string{"purpose": "orders-cursor", "a*": "x"}, denied},
	} {
		_, err := open(t.Context(), till, test.by, test.sealed, test.within)
		want(t, name, err, test.code)
	}
}

func TestChangedCiphertextIsRefused(t *testing.T) {
	s := serve(t)
	till := s.function(t, "Orders")
	sealed := must.Get(seal(t.Context(), till, s.dataKey(t), "secret", within("orders-cursor", alice)))(t)
	rapid.Check(t, func(r *rapid.T) {
		changed := bytes.Clone(sealed)
		changed[rapid.IntRange(0, len(sealed)-1).Draw(r, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(r, "bit")
		if _, err := open(t.Context(), till, nil, changed,
			within("orders-cursor", alice)); code(err) != "InvalidCiphertextException" {
			r.Fatalf("got %v", err)
		}
	})
}

func TestNobodyButTheFunctionUsesTheKeyDirectly(t *testing.T) {
	s := serve(t)
	key := s.dataKey(t)
	sealed := must.Get(seal(t.Context(), s.function(t, "Orders"), key, "secret", within("orders-cursor", alice)))(t)
	for who, c := range map[string]*caller{
		"guest": s.guest(t), "customer": s.customer(t, alice), "lambda/catalog": s.function(t, "Catalog"),
	} {
		_, err := open(t.Context(), c, nil, sealed, within("orders-cursor", alice))
		want(t, who+" decrypts", err, denied, "kms:Decrypt on resource: "+key)
		_, err = seal(t.Context(), c, key, "x", within("orders-cursor", alice))
		want(t, who+" encrypts", err, denied, "kms:Encrypt on resource: "+key)
		_, err = c.keys.GenerateDataKey(t.Context(), &kms.GenerateDataKeyInput{KeyId: aws.String(key)})
		want(t, who+" generates a data key", err, denied, "kms:GenerateDataKey on resource: "+key)
		_, err = c.keys.ListKeys(t.Context(), &kms.ListKeysInput{})
		want(t, who+" lists keys", err, denied, "kms:ListKeys on resource: *")
	}
}

// TestKeysAreSeparate adds a second key.
func TestKeysAreSeparate(t *testing.T) {
	s := serve(t, allowing(t, "Api", "OrdersRoleDefaultPolicy", "SealTexts",
		"kms:*"), func(templates map[string]assembly.Template) {
		for _, r := range templates["Data"].OfType("AWS::KMS::Key") {
			templates["Data"].Resources["SecondKey"] = r
		}
	})
	first, others := s.dataKey(t), maps.Clone(s.stage.Keys)
	maps.DeleteFunc(others, func(arn string, _ deployed.Key) bool { return must.Get(reviewed())(t).Keys[arn].ARN != "" })
	second := slices.Collect(maps.Keys(others))[0]
	till := s.function(t, "Orders")
	sealed := must.Get(seal(t.Context(), till, first, "secret", nil))(t)
	if got, err := open(t.Context(), till, nil, sealed, map[string]string{}); err != nil || got != "secret" {
		t.Errorf("no context and an empty one differ: %q, %v", got, err)
	}
	_, err := open(t.Context(), till, aws.String(second), sealed, nil)
	want(t, "opened by the second key", err, "IncorrectKeyException")
	swapped := bytes.Replace(sealed, []byte(s.stage.Keys[first].ID), []byte(s.stage.Keys[second].ID), 1)
	_, err = open(t.Context(), till, nil, swapped, nil)
	want(t, "with the second key's id", err, "InvalidCiphertextException")

	_, err = seal(t.Context(), till, "alias/data", "x", nil)
	want(t, "by an alias", err, denied)
	_, err = seal(t.Context(), till, first, strings.Repeat("x", 4097), nil)
	want(t, "more than KMS takes", err, "ValidationException")
	_, err = till.keys.Encrypt(t.Context(), &kms.EncryptInput{
		KeyId: aws.String(first), Plaintext: []byte("x"), EncryptionAlgorithm: "RSAES_OAEP_SHA_256",
	})
	want(t, "by another algorithm", err, "InvalidKeyUsageException")
	_, err = till.keys.Encrypt(t.Context(), &kms.EncryptInput{
		KeyId: aws.String(first), Plaintext: []byte("x"), GrantTokens: []string{"x"},
	})
	want(t, "with what is not served", err, "SerializationException", "GrantTokens")
	_, err = till.keys.DescribeKey(t.Context(), &kms.DescribeKeyInput{KeyId: aws.String(first)})
	want(t, "an operation that is not served", err, "UnknownOperationException", "DescribeKey")
}

func TestParametersAreReadByWhoMay(t *testing.T) {
	s := serve(t)
	trigger := s.function(t, "Tokens")
	const name = "/securecart/dev/clients"
	for _, by := range []string{name, "arn:aws:ssm:eu-central-1:" + s.stage.Account + ":parameter" + name} {
		got, err := trigger.values.GetParameter(t.Context(), &ssm.GetParameterInput{Name: aws.String(by)})
		if err != nil || *got.Parameter.Value != s.stage.Parameters[name] || *got.Parameter.Name != name ||
			got.Parameter.Type != "String" {
			t.Errorf("by %s: %v, %v", by, got, err)
		}
	}
	_, err := trigger.values.GetParameter(t.Context(), &ssm.GetParameterInput{Name: aws.String(name + "2")})
	want(t, "another parameter", err, denied)
	_, err = trigger.values.PutParameter(t.Context(), &ssm.PutParameterInput{
		Name: aws.String(name), Value: aws.String("x"),
	})
	want(t, "PutParameter", err, denied)
	for who, c := range map[string]*caller{
		"guest": s.guest(t), "customer": s.customer(t, alice), "lambda/orders": s.function(t, "Orders"),
	} {
		_, err := c.values.GetParameter(t.Context(), &ssm.GetParameterInput{Name: aws.String(name)})
		want(t, who, err, denied, ":parameter"+name)
	}

	s = serve(t, without(t, "UserPool", "UsersTokenTriggerGrants", "LookUpClients"))
	_, err = s.function(t, "Tokens").values.GetParameter(t.Context(), &ssm.GetParameterInput{Name: aws.String(name)})
	want(t, "without its statement", err, denied)

	s = serve(t, allowing(t, "UserPool", "UsersTokenTriggerGrants", "LookUpClients", "ssm:*"))
	_, err = s.function(t, "Tokens").values.GetParameter(t.Context(), &ssm.GetParameterInput{Name: aws.String("none")})
	want(t, "no parameter", err, "ParameterNotFound")
	_, err = s.function(t, "Tokens").values.PutParameter(t.Context(), &ssm.PutParameterInput{
		Name: aws.String(name), Value: aws.String("x"),
	})
	want(t, "an operation that is not served", err, "UnknownOperationException", "PutParameter")
}
