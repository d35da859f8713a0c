package userpool

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// member is what the API reference demands of a member wherever a request has it. Zero values demand nothing.
type member struct {
	// shortest and longest count characters, or bound a number.
	shortest, longest int
	// pattern must fit the whole text.
	pattern string
	oneOf   []string
	// secret values are not repeated in messages.
	secret bool
}

// members by name, for all operations. AdminLinkProviderForUser and AdminDisableProviderForUser take any text as
// UserPoolId; here it must have a pool's form, too. ClientId is repeated in messages although the API's model calls it
// sensitive: so users of Cognito report it, https://github.com/boto/boto3/issues/3581
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_Operations.html
var members = map[string]member{
	"AccessToken":        {pattern: tokenPattern, secret: true},
	"AttributeName":      {shortest: 1, longest: 32, pattern: `[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r ]+`},
	"AuthFlow":           {oneOf: authFlows},
	"ChallengeName":      {oneOf: challengeNames},
	"ClientId":           {shortest: 1, longest: 128, pattern: `[\w+]+`},
	"Code":               {shortest: 1, longest: 2048, pattern: `[\S]+`},
	"ConfirmationCode":   {shortest: 1, longest: 2048, pattern: `[\S]+`},
	"Filter":             {longest: 256},
	"MaxResults":         {shortest: 1, longest: 60},
	"MessageAction":      {oneOf: []string{"RESEND", "SUPPRESS"}},
	"NextToken":          {shortest: 1, pattern: `[\S]+`},
	"PaginationToken":    {shortest: 1, pattern: `[\S]+`},
	"Password":           {longest: 256, pattern: passwordPattern, secret: true},
	"PreviousPassword":   {longest: 256, pattern: passwordPattern, secret: true},
	"ProposedPassword":   {longest: 256, pattern: passwordPattern, secret: true},
	"RefreshToken":       {pattern: tokenPattern, secret: true},
	"SecretHash":         {shortest: 1, longest: 128, pattern: `[\w+=/]+`, secret: true},
	"Session":            {shortest: 20, longest: 2048, secret: true},
	"TemporaryPassword":  {longest: 256, pattern: passwordPattern, secret: true},
	"Token":              {pattern: tokenPattern, secret: true},
	"UserCode":           {shortest: 6, longest: 6, pattern: `[0-9]+`, secret: true},
	"UserPoolId":         {shortest: 1, longest: 55, pattern: `[\w-]+_[0-9a-zA-Z]+`},
	"Username":           {shortest: 1, longest: 128, pattern: `[\p{L}\p{M}\p{S}\p{N}\p{P}]+`, secret: true},
	"FriendlyDeviceName": {longest: 131_072},
}

const (
	tokenPattern = `[A-Za-z0-9-_=.]+`
	// passwordPattern is the one that Cognito says; the API reference has [\S]+, which refuses the spaces that the
	// developer guide allows inside.
	passwordPattern = `^[\S]+.*[\S]+$`
)

var authFlows = []string{
	"USER_SRP_AUTH", "REFRESH_TOKEN_AUTH", "REFRESH_TOKEN", "CUSTOM_AUTH", "ADMIN_NO_SRP_AUTH", "USER_PASSWORD_AUTH",
	"ADMIN_USER_PASSWORD_AUTH", "USER_AUTH",
}

var challengeNames = []string{
	smsMFA, "EMAIL_OTP", totpMFA, selectMFAType, mfaSetup, passwordVerifier, "CUSTOM_CHALLENGE", "SELECT_CHALLENGE",
	"DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER", "ADMIN_NO_SRP_AUTH", newPasswordRequired, "SMS_OTP", "PASSWORD",
	"WEB_AUTHN", "PASSWORD_SRP",
}

// patterns are the compiled ones of members.
var patterns = func() map[string]*regexp.Regexp {
	compiled := map[string]*regexp.Regexp{}
	for name, m := range members {
		compiled[name] = regexp.MustCompile(`^(?:` + m.pattern + `)$`)
	}
	return compiled
}()

// conform refuses a request whose members are missing or malformed, all at once and in Cognito's words, such as
// https://github.com/amazon-archives/amazon-cognito-identity-js/issues/388.
func conform(body []byte, required []string) error {
	var given map[string]json.RawMessage
	if err := json.Unmarshal(body, &given); err != nil {
		return errUnreadable
	}
	var found []string
	for _, name := range required {
		if value := string(given[name]); value == "" || value == "null" {
			found = append(found, violation("null", name, "not be null"))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		// Members of another type than the operation takes are found where it reads them.
		var value any
		if json.Unmarshal(given[name], &value) == nil && value != nil {
			found = append(found, members[name].violations(name, value)...)
		}
	}
	switch len(found) {
	case 0:
		return nil
	case 1:
		return invalidParameter("1 validation error detected: %s", found[0])
	}
	return invalidParameter("%d validation errors detected: %s", len(found), strings.Join(found, "; "))
}

// violation says what is wrong with a member, whose name begins with a small letter.
func violation(value, name, demand string) string {
	if value != "" {
		value += " "
	}
	return fmt.Sprintf("Value %sat '%s' failed to satisfy constraint: Member must %s",
		value, strings.ToLower(name[:1])+name[1:], demand)
}

func (m member) violations(name string, value any) []string {
	var found []string
	quoted, kind, size := "", "length", 0
	refused := func(bad bool, format string, arguments ...any) {
		if bad {
			found = append(found, violation(quoted, name, fmt.Sprintf(format, arguments...)))
		}
	}
	switch v := value.(type) {
	case string:
		size, quoted = utf8.RuneCountInString(v), "'"+v+"'"
		if m.secret {
			quoted = ""
		}
	case float64:
		size, kind, quoted = int(v), "value", "'"+strconv.Itoa(int(v))+"'"
	default:
		return nil
	}
	refused(size < m.shortest, "have %s greater than or equal to %d", kind, m.shortest)
	refused(m.longest > 0 && size > m.longest, "have %s less than or equal to %d", kind, m.longest)
	if text, ok := value.(string); ok {
		refused(m.pattern != "" && !patterns[name].MatchString(text), "satisfy regular expression pattern: %s", m.pattern)
		refused(m.oneOf != nil &&
			!slices.Contains(m.oneOf, text), "satisfy enum value set: [%s]", strings.Join(m.oneOf, ", "))
	}
	return found
}
