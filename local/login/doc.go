// Package login serves managed login of the local user pool: the pages where customers sign in, sign up, reset a
// password and prove a second factor, and the OAuth 2.0 and OpenID Connect endpoints of a user pool domain.
//
// Paths, parameters and errors are those that AWS documents in "User pool endpoints and managed login reference",
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-userpools-server-contract-reference.html
// Identity providers are local pages that return what the provider would, named as the provider names it.
//
// It keeps no users and signs no tokens: that is the user pool. It is for development on the loopback interface only.
// It knows no implicit grant, client credentials, client secrets, passkeys, branding or localization (lang is passed on
// and pages stay English), and refuses resource, acr_values and max_age rather than to promise what it does not check.
package login
