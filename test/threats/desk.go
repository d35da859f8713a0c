package threats

import (
	"slices"
	"strings"
)

// The roles by which people help customers.
const (
	supportRole = "Operations.SupportDeskSupport"
	privacyRole = "Operations.SupportDeskPrivacy"
)

// trusted are the users and permission sets that the configuration lets take a role of the support desk.
func (in *Inspection) trusted(role string) []string {
	return map[string][]string{supportRole: in.Config.Support.Agents,
		privacyRole: in.Config.Support.PrivacyOfficers}[role]
}

// deskTrust is the trust policy of a role of the support desk: for the users, with a recent second factor, and for the
// permission sets, whose sessions have no such key. Both actions require ticket and reason, and the ticket as the
// session's name.
func (in *Inspection) deskTrust(role string) []string {
	var users, sets []string
	for _, name := range in.trusted(role) {
		arn := "arn:aws:iam::" + in.Account() + ":" + name
		if strings.HasPrefix(name, "user/") {
			users = append(users, arn)
		} else {
			sets = append(sets, arn)
		}
	}
	var want []string
	for _, who := range [][]string{users, sets} {
		if len(who) == 0 {
			continue
		}
		slices.Sort(who)
		conditions := []string{
			"ArnEquals aws:PrincipalArn " + strings.Join(who, ","),
			"ForAllValues:StringEquals aws:TagKeys reason,ticket",
			"StringLike aws:RequestTag/reason ?*", "StringLike aws:RequestTag/ticket ?*",
		}
		if slices.Equal(who, users) {
			conditions = append(conditions, "Bool aws:MultiFactorAuthPresent true",
				"NumericLessThanEquals aws:MultiFactorAuthAge 3600")
		}
		for action, more := range map[string][]string{
			"sts:AssumeRole": {"StringEquals sts:RoleSessionName ${aws:RequestTag/ticket}"}, "sts:TagSession": nil,
		} {
			all := slices.Sorted(slices.Values(slices.Concat(conditions, more)))
			want = append(want, "Allow "+action+" to AWS arn:aws:iam::"+in.Account()+":root if "+strings.Join(all,
				" and "))
		}
	}
	return want
}

// takeovers are actions that write an attribute, a password or a confirmation, or sign in as a user: each can take over
// an account.
var takeovers = []string{
	"cognito-idp:AdminUpdate*", "cognito-idp:AdminDeleteUserAttributes", "cognito-idp:AdminSetUserPassword",
	"cognito-idp:AdminSetUserSettings",
	"cognito-idp:AdminReset*", "cognito-idp:AdminConfirm*", "cognito-idp:AdminCreate*", "cognito-idp:AdminInitiateAuth",
	"cognito-idp:AdminRespondToAuthChallenge", "cognito-idp:AdminAdd*", "cognito-idp:Update*", "cognito-idp:Create*",
	"cognito-idp:Start*",
}

// helps expects the role to change no item, to erase one item at a time, and each statement to allow one action on one
// resource. Statements about keys may have several actions, through DynamoDB or S3.
func (r role) helps() {
	r.mayNot(slices.Concat(scans, []string{"dynamodb:Put*", "dynamodb:Update*", "dynamodb:BatchWrite*", "s3:Put*"})...)
	r.actsOnUsers()
	for _, s := range r.granted {
		aboutKeys := len(s.actions) > 1 && strings.HasPrefix(s.actions[0], "kms:")
		if len(s.resources) != 1 || (len(s.actions) != 1 && !aboutKeys) {
			r.Fail("may do several things by one statement: %s", s)
		}
	}
}

// desk are the threats by support agents.
var desk = []Threat{
	{
		ID:    "U49",
		Title: "Use a role that can write an attribute: a verified e-mail address takes over an account",
		Sources: []string{"read in the new design", hackPrivesc + " (AdminUpdateUserAttributes, AdminSetUserPassword)",
			cognitoAPI + "API_AdminUpdateUserAttributes.html"},
		Closed: "No role of a function or person may write an attribute, a password or a confirmation, create a user, or " +
			"sign in as one. Customers' proofs are in a table and not in attributes.",
		Proofs: []Proof{Policies},
		check: func(in *Inspection) {
			for _, r := range in.everyRole() {
				r.mayNot(takeovers...)
			}
		},
	},
	{
		ID:    "I13",
		Title: "Assume a role of the support desk: from another account, without a second factor, without a ticket",
		Sources: []string{
			"read in the new design",
			"https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
			"https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html",
		},
		Closed: "The roles trust this account, for the named users with a second factor of the last hour, or for named " +
			"permission sets. Ticket and reason are required as tags, the ticket also as the session's name. No other role " +
			"trusts an account.",
		Proofs: []Proof{Policies},
		Limit: "IAM Identity Center's administrator must require the second factor; sessions of permission sets do not " +
			"show it. Administrators of the account can change any trust.",
		check: func(in *Inspection) {
			for _, r := range in.everyRole() {
				if want := in.deskTrust(r.Name()); len(want) > 0 {
					if got := lines(r.trust); sorted(got) != sorted(want) {
						r.Fail("may be taken: %s; want %s", sorted(got), sorted(want))
					}
					r.At("MaxSessionDuration").Is(3600)
					r.At("RoleName").Is(in.Config.ID() + "-" + strings.TrimPrefix(r.Name(), "Operations.SupportDesk"))
					continue
				}
				switch r.Name() { // which the policies of their buckets name
				case keeperRole:
					r.At("RoleName").Is(in.ID + "-SecurityEvents")
				case exportRole:
					r.At("RoleName").Is(in.ID + "-UserExport")
				default:
					r.At("RoleName").Absent()
				}
				for _, s := range r.trust {
					if slices.ContainsFunc(s.principals, func(p string) bool {
						return strings.HasPrefix(p,
							"AWS ") || strings.Contains(p, "*")
					}) {
						r.Fail("trusts an account or everybody: %s", s)
					}
				}
			}
		},
	},
	{
		ID:    "I14",
		Title: "Misuse a role of the support desk: read orders, change stored data, erase in bulk",
		Sources: []string{"read in the new design",
			"https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitouserpools.html"},
		Closed: "Support finds, signs out, disables, enables and removes factors with their proof. Privacy reads, " +
			"and removes everything but orders. Each permission is one action on one resource, and none puts or " +
			"updates an item.",
		Proofs: []Proof{Policies},
		Limit: "No policy limits either role to one customer. Support can lock customers out and remove their factors, " +
			"Privacy can read and erase their data; neither can sign in as a customer. Where MFA is required, a thief who has " +
			"a session of Support and a customer's password, and removes the factor but not its proof, can enrol another " +
			"factor that counts: make support removes the proof first. Administrators can restore erased items of tables for " +
			"35 days, but not documents and accounts. The record of changes (U53) names the ticket; no alarm counts.",
		check: func(in *Inspection) {
			for _, r := range in.everyRole() {
				if r.Name() == supportRole || r.Name() == privacyRole {
					r.helps()
				}
				if r.Name() == supportRole {
					r.mayNot("s3:*")
				}
			}
			for _, name := range []string{supportRole, privacyRole} {
				if len(in.trusted(name)) > 0 {
					in.roleOf(name)
				}
			}
			in.reachedBy("${Data.Orders.Arn}", customerRole, "Api.OrdersRole", privacyRole)
		},
	},
}
