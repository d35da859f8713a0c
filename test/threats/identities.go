package threats

// The roles of the identity pool, and their trust.
const (
	guestRole    = "IdentityPool.IdentitiesGuest"
	customerRole = "IdentityPool.IdentitiesCustomer"

	federated = " to Federated cognito-identity.amazonaws.com" +
		" if ForAnyValue:StringLike cognito-identity.amazonaws.com:amr "
	ofPool = " and StringEquals cognito-identity.amazonaws.com:aud "
)

// providerAPI documents ServerSideTokenCheck.
const providerAPI = "https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/" +
	"API_CognitoIdentityProvider.html (ServerSideTokenCheck)"

// identities are the threats to the exchange of tokens for AWS credentials.
var identities = []Threat{
	{
		ID:      "I1",
		Title:   "Use the classic flow, which lets the client choose the role and omits AWS's session policy",
		Sources: []string{hackIdentityPools, cloudGoat + "terraform/cognito.tf (allow_classic_flow)", identityPractices},
		Closed:  "The classic flow is explicitly switched off.",
		Proofs:  []Proof{Templates},
		check: func(in *Inspection) {
			in.Only(identityPool).At("AllowClassicFlow").Is(false)
		},
	},
	{
		ID:      "I5",
		Title:   "Assume the customers' role as a guest, or with an identity of another pool",
		Sources: []string{identityPractices, hackIdentityPools},
		Closed: "Guests' and customers' roles trust the identity service, for this pool and their kind of identity; every " +
			"other role trusts one service, except those of the support desk (I13).",
		Proofs: []Proof{Policies},
		check: func(in *Inspection) {
			pool := in.Only(identityPool).Ref()
			in.guest().trusts("Allow sts:AssumeRoleWithWebIdentity" + federated + "unauthenticated" + ofPool + pool)
			in.customer().trusts(
				"Allow sts:AssumeRoleWithWebIdentity,sts:TagSession" + federated + "authenticated" + ofPool + pool)
			for _, r := range in.everyRole() {
				switch r.Name() {
				case guestRole, customerRole, smsRole, supportRole, privacyRole:
				case loggingRole:
					r.trusts("Allow sts:AssumeRole to Service apigateway.amazonaws.com")
				default:
					r.trusts("Allow sts:AssumeRole to Service lambda.amazonaws.com")
				}
			}
		},
	},
	{
		ID:      "I8",
		Title:   "Exchange the ID token of a customer who was signed out globally, or deleted",
		Sources: []string{cloudGoat + "terraform/cognito.tf (server_side_token_check)", providerAPI},
		Closed: "The identity pool checks with the user pool and refuses such users; its roles' sessions last an hour at " +
			"most.",
		Proofs: []Proof{Templates},
		Limit: "AWS documents this for users signed out globally or deleted, not after a plain sign-out, a revocation, or " +
			"for users who were disabled: their ID token may be exchanged until it expires. Issued credentials are valid " +
			"until they expire.",
		check: func(in *Inspection) {
			for _, p := range in.Only(identityPool).At("CognitoIdentityProviders").Each() {
				p.At("ServerSideTokenCheck").Is(true)
			}
			for _, name := range []string{guestRole, customerRole} {
				in.The(iamRole, name).At("MaxSessionDuration").Is(3600)
			}
		},
	},
	{
		ID:      "I9",
		Title:   "Send the identity pool a token of Google or another user pool, without sign-in, MFA and triggers",
		Sources: []string{hackPrivesc + " (UpdateIdentityPool)", hackPersistence, identityPractices},
		Closed:  "The identity pool accepts only tokens of this user pool's client Web.",
		Proofs:  []Proof{Templates},
		check: func(in *Inspection) {
			pool := in.Only(identityPool)
			for _, property := range []string{
				"SupportedLoginProviders", "OpenIdConnectProviderARNs", "SamlProviderARNs", "DeveloperProviderName",
				"CognitoStreams", "CognitoEvents",
			} {
				pool.At(property).Absent()
			}
			for _, p := range pool.At("CognitoIdentityProviders").Each() {
				p.At("ClientId").Reads(in.The(client, webClient).Ref())
				p.At("ProviderName").Reads(in.Only(userPool).Ref("ProviderName"))
			}
		},
	},
	{
		ID:    "I10",
		Title: "Choose a stronger role by a claim, or by requesting it",
		Sources: []string{
			hackIdentityPools + " (--custom-role-arn)", pacuAttack + " (prompt_assume_roles)",
			cognitoGuide + "role-based-access-control.html",
		},
		Closed: "The identity pool gives one role to guests and one to customers; no claim, rule or group chooses " +
			"another.",
		Proofs: []Proof{Templates},
		check: func(in *Inspection) {
			attachment := in.Only(roleAttachment)
			attachment.At("IdentityPoolId").Reads(in.Only(identityPool).Ref())
			attachment.At("RoleMappings").Absent()
			if got := attachment.At("Roles").Keys(); sorted(got) != "[authenticated unauthenticated]" {
				attachment.At("Roles").Fail("is for %s", sorted(got))
			}
			attachment.At("Roles", "authenticated").Reads("${" + customerRole + ".Arn}")
			attachment.At("Roles", "unauthenticated").Reads("${" + guestRole + ".Arn}")
			in.None(userGroup)
		},
	},
}

// loggingRole is the role with which API Gateway writes the logs of all APIs of the account.
const loggingRole = "Api.ShopLoggingRole"
