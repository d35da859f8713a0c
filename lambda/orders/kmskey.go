package main

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/securecart/identity/lambda/internal/cursor"
)

// A kmsKey is one symmetric key of AWS KMS, with which cursors are sealed. It is a [cursor.Key].
//
// KMS holds the key, so there is no secret in a function, its environment or the template, and rotation is KMS's. The
// price is a call for each page after the first and one for each before the last.
type kmsKey struct {
	client *kms.Client
	arn    string
}

// newKMSKey returns the key of that ARN.
func newKMSKey(client *kms.Client, arn string) *kmsKey {
	return &kmsKey{client: client, arn: arn}
}

// Encrypt calls KMS with the context as encryption context, to which a role's permission can be limited by
// kms:EncryptionContext.
func (k *kmsKey) Encrypt(ctx context.Context, plain []byte, within map[string]string) ([]byte, error) {
	output, err := k.client.Encrypt(ctx, &kms.EncryptInput{
		KeyId:             aws.String(k.arn),
		Plaintext:         plain,
		EncryptionContext: within,
	})
	if err != nil {
		return nil, err
	}
	return output.CiphertextBlob, nil
}

// Decrypt calls KMS for this key only. Without the key's name KMS would use the key that the ciphertext names.
func (k *kmsKey) Decrypt(ctx context.Context, sealed []byte, within map[string]string) ([]byte, error) {
	output, err := k.client.Decrypt(ctx, &kms.DecryptInput{
		KeyId:             aws.String(k.arn),
		CiphertextBlob:    sealed,
		EncryptionContext: within,
	})
	if refusedByKMS(err) {
		return nil, cursor.ErrInvalid
	}
	if err != nil {
		return nil, err
	}
	return output.Plaintext, nil
}

// refusedByKMS tells whether KMS looked at the ciphertext and found it wrong. Every other error, such as throttling,
// says nothing about it, and calling the cursor invalid would make a client throw a good one away.
func refusedByKMS(err error) bool {
	var changed *types.InvalidCiphertextException
	var foreign *types.IncorrectKeyException
	return errors.As(err, &changed) || errors.As(err, &foreign)
}
