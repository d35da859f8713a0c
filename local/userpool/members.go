package userpool

import "regexp"

// member is the API reference's rule for a member of requests. Zero values demand nothing.
type member struct {
	// shortest and longest count characters, or bound a number.
	shortest, longest int
	pattern           *regexp.Regexp
	oneOf             []string
	// secret values and their parts are not repeated in messages.
	secret bool
	// required is for the fields of a structure. Operations name their own required members.
	required bool
	fields   map[string]member
	// items is the rule for each entry of a list, texts the rule for each key and value of a map.
	items, texts *member
}

// members by name, for all operations. AdminLinkProviderForUser and AdminDisableProviderForUser take any text as
// UserPoolId; here it must have a pool's form, too. ClientId is repeated in messages although the API's model calls it
// sensitive: so users of Cognito report it, https://github.com/boto/boto3/issues/3581
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_Operations.html
var members = map[string]member{
	"AccessToken":        {pattern: token, secret: true},
	"AttributeName":      attributeNameType,
	"AuthFlow":           {oneOf: authFlows},
	"ChallengeName":      {oneOf: challengeNames},
	"ClientId":           {shortest: 1, longest: 128, pattern: whole(`[\w+]+`)},
	"Code":               {shortest: 1, longest: 2048, pattern: whole(`[\S]+`)},
	"ConfirmationCode":   {shortest: 1, longest: 2048, pattern: whole(`[\S]+`)},
	"Filter":             {longest: 256},
	"MaxResults":         {shortest: 1, longest: 60},
	"MessageAction":      {oneOf: []string{"RESEND", "SUPPRESS"}},
	"NextToken":          {shortest: 1, pattern: whole(`[\S]+`)},
	"PaginationToken":    {shortest: 1, pattern: whole(`[\S]+`)},
	"Password":           {longest: 256, pattern: anyPassword, secret: true},
	"PreviousPassword":   {longest: 256, pattern: anyPassword, secret: true},
	"ProposedPassword":   {longest: 256, pattern: anyPassword, secret: true},
	"RefreshToken":       {pattern: token, secret: true},
	"SecretHash":         {shortest: 1, longest: 128, pattern: whole(`[\w+=/]+`), secret: true},
	"Session":            {shortest: 20, longest: 2048, secret: true},
	"TemporaryPassword":  {longest: 256, pattern: anyPassword, secret: true},
	"Token":              {pattern: token, secret: true},
	"UserCode":           {shortest: 6, longest: 6, pattern: whole(`[0-9]+`), secret: true},
	"UserPoolId":         {shortest: 1, longest: 55, pattern: whole(`[\w-]+_[0-9a-zA-Z]+`)},
	"Username":           {shortest: 1, longest: 128, pattern: whole(`[\p{L}\p{M}\p{S}\p{N}\p{P}]+`), secret: true},
	"FriendlyDeviceName": stringType,

	"AnalyticsMetadata":      {fields: map[string]member{"AnalyticsEndpointId": stringType}},
	"AttributesToGet":        {items: &attributeNameType},
	"AuthParameters":         {texts: &stringType, secret: true},
	"ChallengeResponses":     {texts: &stringType, secret: true},
	"ClientMetadata":         {texts: &stringType},
	"DesiredDeliveryMediums": {items: &member{oneOf: []string{"SMS", "EMAIL"}}},
	"DestinationUser":        providerUserType,
	"SourceUser":             providerUserType,
	"User":                   providerUserType,
	"UserAttributes":         attributeListType,
	"UserContextData": {
		fields: map[string]member{"EncodedData": stringType, "IpAddress": stringType}, secret: true,
	},
	"ValidationData": attributeListType,
}

// The API's types that several members have.
var (
	stringType        = member{longest: 131_072}
	attributeNameType = member{shortest: 1, longest: 32, pattern: whole(`[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r ]+`)}
	// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AttributeType.html
	attributeListType = member{items: &member{fields: map[string]member{
		"Name":  {shortest: 1, longest: 32, pattern: attributeNameType.pattern, required: true},
		"Value": {longest: 2048, secret: true},
	}}}
	// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ProviderUserIdentifierType.html
	providerUserType = member{fields: map[string]member{
		"ProviderName":           {shortest: 1, longest: 32, pattern: whole(`[\p{L}\p{M}\p{S}\p{N}\p{P}\p{Z}]+`)},
		"ProviderAttributeName":  stringType,
		"ProviderAttributeValue": stringType,
	}}
)

var (
	token = whole(`[A-Za-z0-9-_=.]+`)
	// anyPassword is the pattern in Cognito's messages. The API reference has [\S]+, which refuses the inner spaces that
	// the developer guide allows.
	anyPassword = whole(`^[\S]+.*[\S]+$`)
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
