package proof

import (
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/securecart/identity/lambda/internal/function"
	"github.com/securecart/identity/lambda/internal/table"
)

// Trust is the trust in a customer's second factor. The zero value is a factor that was never sealed. Times are in Unix
// seconds; 0 is never.
type Trust struct {
	// SealedAt is when a sign-in last sealed the factor.
	SealedAt int64
	// SuspendedAt is when an Account token was last issued, unless the factor was sealed after that.
	SuspendedAt int64
	// Kind is the kind of factor that was sealed, empty if none was.
	Kind string
}

// Sealed reports whether a factor was ever sealed, whether or not the trust is suspended.
func (t Trust) Sealed() bool { return t.SealedAt != 0 }

// Suspended reports whether a token was issued, since the factor was sealed, that could have replaced it.
func (t Trust) Suspended() bool { return t.SuspendedAt != 0 }

// SealedKind reports whether a factor of this kind was sealed, whether or not the trust is suspended.
func (t Trust) SealedKind(kind string) bool { return t.Sealed() && kind != "" && t.Kind == kind }

// Trusts reports whether a factor of this kind counts: it was sealed and is not suspended. Trust in one kind is not
// trust in another: a stage may stop offering a kind, and where factors are required, Cognito then lets anyone who
// knows the password set up the other.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
func (t Trust) Trusts(kind string) bool { return t.SealedKind(kind) && !t.Suspended() }

// An Item holds a customer's proofs, as they were read.
type Item struct {
	Trust

	customer  string
	challenge string // empty if no mailbox is proven
	expiresAt int64
}

// Proven reports whether the verifier matches the challenge and the proof has not expired: now must be before
// proofExpiresAt.
func (i Item) Proven(verifier string, now time.Time) bool {
	return now.Unix() < i.expiresAt && matches(verifier, i.challenge)
}

func malformed(attribute, what string) error {
	return function.Fail("MalformedItem", attribute+" is "+what)
}

// readItem refuses an item that the methods of Table cannot have written. Reading it as an item without a proof or
// trust could turn a mistake into a decision.
func readItem(customer string, stored table.Item) (read Item, err error) {
	read.customer = customer
	if read.Trust, err = readTrust(stored); err != nil {
		return Item{}, err
	}
	if read.expiresAt, err = seconds(stored, attrExpires); err != nil {
		return Item{}, err
	}
	if (read.Kind != "") != read.Sealed() {
		return Item{}, malformed(attrKind, "without "+attrSealed+", or the other way round")
	}
	_, found := stored[attrChallenge]
	read.challenge = table.Text(stored, attrChallenge)
	switch {
	case found && !IsChallenge(read.challenge):
		return Item{}, malformed(attrChallenge, "not a challenge")
	case found != (read.expiresAt != 0):
		return Item{}, malformed(attrChallenge, "without "+attrExpires+", or the other way round")
	}
	return read, nil
}

// readTrust treats a factor that was sealed without a kind as sealed, so that a malformed item does not let a reset
// remove it. Such a factor is trusted in no kind.
func readTrust(stored table.Item) (read Trust, err error) {
	if read.SealedAt, err = seconds(stored, attrSealed); err != nil {
		return Trust{}, err
	}
	if read.SuspendedAt, err = seconds(stored, attrSuspended); err != nil {
		return Trust{}, err
	}
	read.Kind = table.Text(stored, attrKind)
	return read, nil
}

// seconds returns a time, or 0 if the item has no attribute of this name.
func seconds(stored table.Item, attribute string) (int64, error) {
	value, found := stored[attribute]
	if !found {
		return 0, nil
	}
	number, isNumber := value.(*types.AttributeValueMemberN)
	if !isNumber {
		return 0, malformed(attribute, "not a number")
	}
	at, err := strconv.ParseInt(number.Value, 10, 64)
	if err != nil || at <= 0 {
		return 0, malformed(attribute, "not a time in Unix seconds")
	}
	return at, nil
}
