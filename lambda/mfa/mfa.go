// Package mfa decides which second factor Cognito asks a user for at every sign-in. The token trigger, the status that
// customers see, and the support desk depend on it.
package mfa

import (
	"fmt"
	"slices"
	"strings"

	"github.com/securecart/identity/lambda/contract"
)

// A Factor is a kind of second factor, by the name that it has in logs and in the table Proofs.
type Factor string

// The factors that count. E-mail codes do not: the mailbox can also reset the password, so it would be the only thing
// to steal.
const (
	// None means no factor, or only factors that do not count.
	None Factor = "none"
	// SMS is a code by text message.
	SMS Factor = "sms"
	// TOTP is a code of an authenticator.
	TOTP Factor = "totp"
)

// Read returns the factors that the setting SECOND_FACTORS names: "TOTP", "SMS", both separated by a comma, or nothing.
// Any other text is an error that lists the allowed values.
func Read(text string) ([]Factor, error) {
	if text == "" {
		return nil, nil
	}
	names := map[string]Factor{"TOTP": TOTP, "SMS": SMS}
	var offered []Factor
	for name := range strings.SplitSeq(text, ",") {
		known, ok := names[name]
		if !ok {
			return nil, fmt.Errorf("%s must be TOTP, SMS, both or empty, got %q", contract.SecondFactors, text)
		}
		offered = append(offered, known)
	}
	return offered, nil
}

// Asked returns the factor that Cognito asks for at every sign-in: one that is active, preferred and offered by the
// stage; otherwise None. Active and preferred are UserMFASettingList and PreferredMfaSetting of AdminGetUser, which may
// still name a factor that the pool no longer offers.
//   - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html
//   - https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html
func Asked(active []string, preferred string, offered []Factor) Factor {
	asked := None
	switch preferred {
	case "SMS_MFA":
		asked = SMS
	case "SOFTWARE_TOKEN_MFA":
		asked = TOTP
	}
	if !slices.Contains(active, preferred) || !slices.Contains(offered, asked) {
		return None
	}
	return asked
}
