package services

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/credentials"
	"github.com/securecart/identity/local/services/awsjson"
)

// KMSTarget is the prefix of the operation in X-Amz-Target.
const KMSTarget = "TrentService"

// maxPlaintext is KMS's limit, too: https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html
const maxPlaintext = 4096

// symmetric is the one algorithm of symmetric keys.
const symmetric = "SYMMETRIC_DEFAULT"

// keyService holds the key material of the stage's keys, which is generated at start.
type keyService struct {
	guard
	// sealing by key id.
	sealing map[string]cipher.AEAD
}

// Material is the key material by key id. It is generated when a key is first served.
type Material map[string]cipher.AEAD

// NewKMS serves Encrypt and Decrypt with the stage's keys. A ciphertext is AES-256-GCM, begins with the key's id and
// can be opened only within its encryption context. Keys found in material keep theirs, and others are added to it. No
// other server may use material during this call.
func NewKMS(s *deployed.Stage, store *credentials.Store, material Material) http.Handler {
	k := &keyService{guard: guard{s, store}, sealing: map[string]cipher.AEAD{}}
	for _, key := range s.Keys {
		if material[key.ID] == nil {
			material[key.ID] = newSealing()
		}
		k.sealing[key.ID] = material[key.ID]
	}
	return awsjson.Protocol{Target: KMSTarget, Version: "1.1", Limit: 64 << 10}.Handler(k.answer)
}

func newSealing() cipher.AEAD {
	material := make([]byte, 32)
	_, _ = rand.Read(material) // never fails, see its documentation
	block, err := aes.NewCipher(material)
	if err != nil {
		panic(err) // 32 bytes are a key
	}
	sealing, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // an AES block fits
	}
	return sealing
}

// keyInput has the members of both operations.
type keyInput struct {
	KeyID               string
	Plaintext           []byte
	CiphertextBlob      []byte
	EncryptionContext   map[string]string
	EncryptionAlgorithm string
}

func (k *keyService) answer(r *http.Request, operation string, body []byte) (any, error) {
	session, err := k.store.Verify(r, body, "kms")
	if err != nil {
		return nil, err
	}
	serve, served := kmsOperations[operation]
	if !served {
		return nil, k.refuse(session, operation, body)
	}
	return serve(k, session, body)
}

var kmsOperations = map[string]func(*keyService, *credentials.Session, []byte) (any, error){
	"Encrypt": (*keyService).encrypt,
	"Decrypt": (*keyService).decrypt,
}

// refuse refuses an operation that is not served. It first checks whether the caller has the permission.
func (k *keyService) refuse(session *credentials.Session, operation string, body []byte) error {
	var input struct{ KeyID string }
	resource := "*"
	if json.Unmarshal(body, &input) == nil && input.KeyID != "" {
		resource, _, _ = k.named(input.KeyID)
	}
	if err := k.store.Authorize(session, "kms:"+operation, resource, nil); err != nil {
		return err
	}
	return awsjson.Unknown(operation)
}

// named finds a key by its id or ARN. There are no aliases.
func (k *keyService) named(name string) (arn, id string, sealing cipher.AEAD) {
	arn = name
	if !strings.HasPrefix(name, "arn:") {
		arn = "arn:aws:kms:" + k.stage.Region + ":" + k.stage.Account + ":key/" + name
	}
	id = k.stage.Keys[arn].ID
	return arn, id, k.sealing[id]
}

func (k *keyService) read(body []byte) (keyInput, error) {
	var input keyInput
	if err := awsjson.Decode(body, &input); err != nil {
		return input, err
	}
	if input.EncryptionAlgorithm != "" && input.EncryptionAlgorithm != symmetric {
		return input, awsjson.Refuse("InvalidKeyUsageException", "EncryptionAlgorithm %s: the keys are symmetric.",
			input.EncryptionAlgorithm)
	}
	seen := map[string]bool{}
	for name := range input.EncryptionContext {
		// Condition keys are case-insensitive, so a policy could not distinguish them.
		if lower := strings.ToLower(name); name == "" || seen[lower] {
			return input, awsjson.Refuse("ValidationException",
				"EncryptionContext: want names that differ in more than letter case.")
		}
		seen[strings.ToLower(name)] = true
	}
	return input, nil
}

func (k *keyService) encrypt(session *credentials.Session, body []byte) (any, error) {
	input, err := k.read(body)
	switch {
	case err != nil:
		return nil, err
	case input.KeyID == "" || len(input.Plaintext) == 0 || len(input.Plaintext) > maxPlaintext ||
		input.CiphertextBlob != nil:
		return nil, awsjson.Refuse("ValidationException", "Want KeyId and Plaintext of 1 to %d bytes.", maxPlaintext)
	}
	arn, id, sealing := k.named(input.KeyID)
	if err := k.store.Authorize(session, "kms:Encrypt", arn, encryptionContext(input.EncryptionContext)); err != nil {
		return nil, err
	}
	if sealing == nil {
		return nil, awsjson.Refuse("NotFoundException", "Key '%s' does not exist", arn)
	}
	sealed := sealing.Seal([]byte(id), nil, input.Plaintext, within(input.EncryptionContext))
	return map[string]any{"CiphertextBlob": sealed, "KeyId": arn, "EncryptionAlgorithm": symmetric}, nil
}

func (k *keyService) decrypt(session *credentials.Session, body []byte) (any, error) {
	input, err := k.read(body)
	switch {
	case err != nil:
		return nil, err
	case len(input.CiphertextBlob) == 0 || input.Plaintext != nil:
		return nil, awsjson.Refuse("ValidationException", "Want CiphertextBlob.")
	}
	made, sealed := k.madeBy(input.CiphertextBlob)
	if input.KeyID == "" {
		input.KeyID = made
	}
	if input.KeyID == "" {
		return nil, awsjson.Refuse("InvalidCiphertextException", "")
	}
	arn, id, sealing := k.named(input.KeyID)
	if err := k.store.Authorize(session, "kms:Decrypt", arn, encryptionContext(input.EncryptionContext)); err != nil {
		return nil, err
	}
	switch {
	case sealing == nil:
		return nil, awsjson.Refuse("NotFoundException", "Key '%s' does not exist", arn)
	case made != "" && made != id:
		return nil, awsjson.Refuse("IncorrectKeyException",
			"The key ID in the request does not identify a CMK that can perform this operation.")
	}
	plain, err := sealing.Open(nil, nil, sealed, within(input.EncryptionContext))
	if err != nil {
		// The error has no message, so that a forger learns nothing.
		return nil, awsjson.Refuse("InvalidCiphertextException", "")
	}
	return map[string]any{"Plaintext": plain, "KeyId": arn, "EncryptionAlgorithm": symmetric}, nil
}

// madeBy returns the id of the key that a ciphertext begins with, and what follows. The id is empty if there is no such
// key.
func (k *keyService) madeBy(ciphertext []byte) (id string, sealed []byte) {
	for id := range k.sealing {
		if sealed, ok := strings.CutPrefix(string(ciphertext), id); ok {
			return id, []byte(sealed)
		}
	}
	return "", nil
}

// within is the encryption context as additional data: encoding/json sorts names.
func within(context map[string]string) []byte {
	if len(context) == 0 {
		return nil
	}
	text, err := json.Marshal(context)
	if err != nil {
		panic(err) // strings can be encoded
	}
	return text
}
