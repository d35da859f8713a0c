package threats

// The roles that the identity pool gives, and who may take them.
const (
	guestRole    = "IdentityPool.IdentitiesGuest"
	customerRole = "IdentityPool.IdentitiesCustomer"

	federated = " to Federated cognito-identity.amazonaws.com if ForAnyValue:StringLike cognito-identity.amazonaws.com:amr "
	ofPool    = " and StringEquals cognito-identity.amazonaws.com:aud "
)

// providerAPI says what ServerSideTokenCheck does.
const providerAPI = "https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_CognitoIdentityProvider.html (ServerSideTokenCheck)"

// identities are the threats to the exchange of tokens for AWS credentials.
var identities = []Threat{
	{
		ID:      "I1",
		Title:   "Use the classic flow, which lets the client choose the role and leaves AWS's own session policy out",
		Sources: []string{hackIdentityPools, cloudGoat + "terraform/cognito.tf (allow_classic_flow)", identityPractices},
		Closed:  "The classic flow is switched off, in so many words.",
		Proofs:  []Proof{Templates},
		check: func(in *inspection) {
			in.only(identityPool).at("AllowClassicFlow").is(false)
		},
		weakened: []weakening{each(identityPool).at("AllowClassicFlow").becomes(gone, true), each(identityPool).repeated("", nil)},
	},
	{
		ID:      "I5",
		Title:   "Take the customers' role as a guest, or with an identity of somebody else's pool",
		Sources: []string{identityPractices, hackIdentityPools},
		Closed: "Guests' and customers' roles trust the identity service, for this pool and their kind of identity; " +
			"every other role trusts one service, but for those of the support desk (I13).",
		Proofs: []Proof{Policies},
		check: func(in *inspection) {
			pool := in.only(identityPool).ref()
			in.guest().trusts("Allow sts:AssumeRoleWithWebIdentity" + federated + "unauthenticated" + ofPool + pool)
			in.customer().trusts("Allow sts:AssumeRoleWithWebIdentity,sts:TagSession" + federated + "authenticated" + ofPool + pool)
			for _, r := range in.everyRole() {
				switch r.name() {
				case guestRole, customerRole, smsRole, supportRole, privacyRole:
				case loggingRole:
					r.trusts("Allow sts:AssumeRole to Service apigateway.amazonaws.com")
				default:
					r.trusts("Allow sts:AssumeRole to Service lambda.amazonaws.com")
				}
			}
		},
		weakened: []weakening{
			trustOf(guestRole, customerRole).at("Condition").becomes(gone),
			trustOf(guestRole, customerRole).at("Condition", all).becomes(gone),
			trustOf(guestRole, customerRole).at("Condition", "ForAnyValue:StringLike", "cognito-identity.amazonaws.com:amr").becomes(
				"*", "authenticated*"),
			trustOf(guestRole).at("Condition", "ForAnyValue:StringLike", "cognito-identity.amazonaws.com:amr").becomes("authenticated"),
			trustOf(customerRole).at("Condition", "ForAnyValue:StringLike", "cognito-identity.amazonaws.com:amr").becomes("unauthenticated"),
			trustOf(guestRole, customerRole).at("Condition", "StringEquals", "cognito-identity.amazonaws.com:aud").becomes(
				"*", "eu-central-1:another"),
			trustOf(guestRole, customerRole).at("Principal").becomes(
				"*", map[string]any{"AWS": "*"}, map[string]any{"Federated": "accounts.google.com"}),
			trustOf(guestRole).at("Action").becomes("sts:*", []any{"sts:AssumeRoleWithWebIdentity", "sts:TagSession"}),
			trustOf(customerRole).at("Action").gains("sts:AssumeRole"),
			those(iamRole, servesService).at("AssumeRolePolicyDocument", "Statement", all, "Principal").becomes(
				"*", map[string]any{"AWS": "*"}, map[string]any{"Service": "ec2.amazonaws.com"}, map[string]any{"AWS": "arn:aws:iam::999999999999:root"}),
			those(iamRole, servesService).at("AssumeRolePolicyDocument", "Statement", all, "Action").becomes("sts:*"),
			trustPolicies.gains(map[string]any{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": map[string]any{"AWS": "*"}}),
		},
	},
	{
		ID:      "I8",
		Title:   "Exchange the ID token of a customer who was signed out globally, or deleted",
		Sources: []string{cloudGoat + "terraform/cognito.tf (server_side_token_check)", providerAPI},
		Closed: "The identity pool asks the user pool and refuses such users; its roles' sessions last an hour at " +
			"most.",
		Proofs: []Proof{Templates},
		Limit: "AWS documents this for users signed out globally or deleted, not after a plain sign-out, a " +
			"revocation, or for users who were disabled: their ID token may be exchanged until it expires. " +
			"Credentials that were issued run on until they expire.",
		check: func(in *inspection) {
			for _, p := range in.only(identityPool).at("CognitoIdentityProviders").each() {
				p.at("ServerSideTokenCheck").is(true)
			}
			for _, name := range []string{guestRole, customerRole} {
				in.the(iamRole, name).at("MaxSessionDuration").is(3600)
			}
		},
		weakened: []weakening{
			each(identityPool).at("CognitoIdentityProviders", all, "ServerSideTokenCheck").becomes(gone, false),
			each(identityPool).at("CognitoIdentityProviders").becomes(gone, []any{}),
			one(iamRole, guestRole).at("MaxSessionDuration").becomes(3601.0, 43200.0),
			one(iamRole, customerRole).at("MaxSessionDuration").becomes(3601.0, 43200.0),
		},
	},
	{
		ID:      "I9",
		Title:   "Bring the identity pool a token of Google, or of another user pool, past sign-in, MFA and triggers",
		Sources: []string{hackPrivesc + " (UpdateIdentityPool)", hackPersistence, identityPractices},
		Closed:  "This user pool vouches for customers, through the client Web, and nobody else.",
		Proofs:  []Proof{Templates},
		check: func(in *inspection) {
			pool := in.only(identityPool)
			for _, property := range []string{
				"SupportedLoginProviders", "OpenIdConnectProviderARNs", "SamlProviderARNs", "DeveloperProviderName", "CognitoStreams", "CognitoEvents",
			} {
				pool.at(property).absent()
			}
			for _, p := range pool.at("CognitoIdentityProviders").each() {
				p.at("ClientId").reads(in.the(client, webClient).ref())
				p.at("ProviderName").reads(in.only(userPool).ref("ProviderName"))
			}
		},
		weakened: []weakening{
			each(identityPool).at("SupportedLoginProviders").becomes(map[string]any{"accounts.google.com": "theirs"}),
			each(identityPool).at("OpenIdConnectProviderARNs").becomes([]any{"arn:aws:iam::111122223333:oidc-provider/theirs"}),
			each(identityPool).at("SamlProviderARNs").becomes([]any{"arn:aws:iam::111122223333:saml-provider/theirs"}),
			each(identityPool).at("DeveloperProviderName").becomes("login.attacker.test"),
			each(identityPool).at("CognitoStreams").becomes(map[string]any{"StreamingStatus": "ENABLED"}),
			each(identityPool).at("CognitoEvents").becomes(map[string]any{"SyncTrigger": "theirs"}),
			each(identityPool).at("CognitoIdentityProviders").gains(
				map[string]any{"ClientId": "theirs", "ProviderName": "cognito-idp.eu-central-1.amazonaws.com/eu-central-1_theirs", "ServerSideTokenCheck": true}),
			each(identityPool).at("CognitoIdentityProviders", all, "ClientId").becomes("stepUp"),
			each(identityPool).at("CognitoIdentityProviders", all, "ProviderName").becomes(
				"cognito-idp.eu-central-1.amazonaws.com/eu-central-1_theirs"),
			each(identityPool).at("CognitoIdentityProviders").becomes(gone),
			each(identityPool).repeated("", nil),
		},
	},
	{
		ID:    "I10",
		Title: "Choose a stronger role by a claim, or by asking for it",
		Sources: []string{
			hackIdentityPools + " (--custom-role-arn)", pacuAttack + " (prompt_assume_roles)",
			cognitoGuide + "role-based-access-control.html",
		},
		Closed: "The identity pool gives one role to guests and one to customers; no claim, rule or group chooses " +
			"another.",
		Proofs: []Proof{Templates},
		check: func(in *inspection) {
			attachment := in.only(roleAttachment)
			attachment.at("IdentityPoolId").reads(in.only(identityPool).ref())
			attachment.at("RoleMappings").absent()
			if got := attachment.at("Roles").keys(); sorted(got) != "[authenticated unauthenticated]" {
				attachment.at("Roles").fail("is for %s", sorted(got))
			}
			attachment.at("Roles", "authenticated").reads("${" + customerRole + ".Arn}")
			attachment.at("Roles", "unauthenticated").reads("${" + guestRole + ".Arn}")
			in.none(userGroup)
		},
		weakened: []weakening{
			each(roleAttachment).at("RoleMappings").becomes(
				map[string]any{"web": map[string]any{"Type": "Token", "AmbiguousRoleResolution": "AuthenticatedRole"}},
				map[string]any{"web": map[string]any{"Type": "Rules", "RulesConfiguration": map[string]any{"Rules": []any{}}}}),
			each(roleAttachment).at("Roles", "unauthenticated").becomes("${"+customerRole+".Arn}", gone),
			each(roleAttachment).at("Roles", "authenticated").becomes("arn:aws:iam::111122223333:role/admin", gone),
			each(roleAttachment).at("Roles", "admins").becomes("arn:aws:iam::111122223333:role/admin"),
			each(roleAttachment).at("IdentityPoolId").becomes("eu-central-1:another"),
			each(roleAttachment).removed(),
			added("UserPool", userGroup, map[string]any{"GroupName": "admins", "RoleArn": "arn:aws:iam::111122223333:role/admin"}),
		},
	},
}

// loggingRole is the role with which API Gateway writes the logs of all APIs of the account.
const loggingRole = "Api.ShopLoggingRole"

// servesService holds for the roles of functions and of API Gateway. That of SMS is threat U21's.
func servesService(r resource) bool {
	return r.name() != guestRole && r.name() != customerRole && !trustedElsewhere(r)
}

// trustedElsewhere holds for the roles whose trust other threats are about: that of SMS and those of the support desk.
func trustedElsewhere(r resource) bool {
	return r.name() == smsRole || r.name() == supportRole || r.name() == privacyRole
}

// trustPolicies are the statements by which roles may be taken that I5 is about.
var trustPolicies = those(iamRole, func(r resource) bool { return !trustedElsewhere(r) }).at("AssumeRolePolicyDocument",
	"Statement")
