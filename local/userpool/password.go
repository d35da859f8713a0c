package userpool

import (
	"cmp"
	"crypto/rand"
	"math/big"
	"strings"
	"unicode/utf8"

	"github.com/securecart/identity/internal/deployed"
)

// symbols are the characters that count as symbols, besides an inner space.
// https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html
const symbols = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-"

// Bounds of passwords: the shortest without a policy, and the longest that the API takes.
const (
	defaultMinimumLength = 8
	maximumLength        = 256
)

func conforms(password string, policy deployed.PasswordPolicy) error {
	minimum := cmp.Or(policy.MinimumLength, defaultMinimumLength)
	has := func(class string) bool { return strings.ContainsAny(password, class) }
	for _, rule := range []struct {
		broken  bool
		message string
	}{
		{!utf8.ValidString(password) ||
			utf8.RuneCountInString(password) > maximumLength, "Password is too long or not valid text"},
		{utf8.RuneCountInString(password) < minimum, "Password not long enough"},
		{password != strings.TrimSpace(password), "Password must not begin or end with a space"},
		{policy.RequireUppercase && !has("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), "Password must have uppercase characters"},
		{policy.RequireLowercase && !has("abcdefghijklmnopqrstuvwxyz"), "Password must have lowercase characters"},
		{policy.RequireNumbers && !has("0123456789"), "Password must have numeric characters"},
		{policy.RequireSymbols && !has(symbols+" "), "Password must have symbol characters"},
	} {
		if rule.broken {
			return refuse("InvalidPasswordException", "Password did not conform with policy: %s", rule.message)
		}
	}
	return nil
}

// temporaryPassword makes a password that conforms to every policy.
func temporaryPassword(policy deployed.PasswordPolicy) string {
	const letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
	password := []byte("Aa2!")
	for len(password) < max(16, policy.MinimumLength) {
		// crypto/rand does not fail.
		i, _ := rand.Int(rand.Reader, big.NewInt(int64(len(letters))))
		password = append(password, letters[i.Int64()])
	}
	return string(password)
}

// setPassword changes a user's password. The former ones are compared by their verifiers, each with its own salt.
func (p *Pool) setPassword(u *user, password string) error {
	policy := p.pool.Policies.PasswordPolicy
	if err := conforms(password, policy); err != nil {
		return err
	}
	for _, former := range u.passwords[:min(len(u.passwords), policy.PasswordHistorySize)] {
		if former.matches(p.name, u.username, password) {
			return &Error{"PasswordHistoryPolicyViolationException", "The password has been used before."}
		}
	}
	u.passwords = append([]verifier{newVerifier(p.name, u.username, password)}, u.passwords...)
	u.passwords = u.passwords[:min(len(u.passwords), max(1, policy.PasswordHistorySize))]
	u.changed(p.now())
	return nil
}
