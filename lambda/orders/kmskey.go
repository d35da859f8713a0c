package main

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"github.com/securecart/identity/lambda/internal/cursor"
)

// A kmsKey is the symmetric KMS key that seals cursors. It is a [cursor.Key].
//
// KMS holds and rotates the key, so there is no secret in a function, its environment or the template. The price is one
// call for each page after the first, and one for each page before the last.
type kmsKey struct {
	client *kms.Client
	arn    string
}

// newKMSKey returns the key with this ARN.
func newKMSKey(client *kms.Client, arn string) *kmsKey {
	return &kmsKey{client: client, arn: arn}
}

// Encrypt calls KMS with within as encryption context. A role's policy can require it by kms:EncryptionContext.
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

// Decrypt calls KMS for this key only. Without a key id KMS would use the key that the ciphertext names.
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

// refusedByKMS reports whether KMS found the ciphertext invalid. Any other error, such as throttling, says nothing
// about it, and a client would discard a good cursor.
func refusedByKMS(err error) bool {
	var changed *types.InvalidCiphertextException
	var foreign *types.IncorrectKeyException
	return errors.As(err, &changed) || errors.As(err, &foreign)
}
