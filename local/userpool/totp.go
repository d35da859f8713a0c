package userpool

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"slices"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// Time-based one-time passwords (RFC 6238). Codes are accepted up to 30 seconds before or after their time.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa-totp.html
const (
	totpPeriod = 30
	totpSkew   = 1
	// totpSecretSize is in bytes; Cognito's secrets are as long.
	totpSecretSize = 32
)

var totpOptions = totp.ValidateOpts{Period: totpPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

func newTOTPSecret() string {
	secret := make([]byte, totpSecretSize)
	// crypto/rand does not fail.
	_, _ = rand.Read(secret)
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
}

// totpDevice is an authenticator app.
type totpDevice struct {
	secret string
	name   string
	// used are the periods whose codes were used. A code works once.
	used []int64
}

type totpResult int

const (
	totpWrong totpResult = iota
	totpReused
	totpRight
)

// take checks a code and marks it as used.
func (d *totpDevice) take(given string, now time.Time) totpResult {
	current := now.Unix() / totpPeriod
	d.used = slices.DeleteFunc(d.used, func(period int64) bool { return period < current-totpSkew })
	result := totpWrong
	for period := current - totpSkew; period <= current+totpSkew; period++ {
		right, err := totp.GenerateCodeCustom(d.secret, time.Unix(period*totpPeriod, 0), totpOptions)
		if err != nil || subtle.ConstantTimeCompare([]byte(right), []byte(given)) != 1 {
			continue
		}
		if !slices.Contains(d.used, period) {
			d.used = append(d.used, period)
			return totpRight
		}
		result = totpReused
	}
	return result
}

// confirmTOTP checks the first code of a new authenticator.
func confirmTOTP(secret, given, name string, now time.Time) (totpDevice, error) {
	if secret == "" {
		return totpDevice{}, &Error{"SoftwareTokenMFANotFoundException", "Software token has not been associated"}
	}
	device := totpDevice{secret: secret, name: name}
	if device.take(given, now) != totpRight {
		return totpDevice{}, &Error{"EnableSoftwareTokenMFAException", "Code mismatch"}
	}
	return device, nil
}
