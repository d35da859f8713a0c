// Package login serves managed login of the local user pool: the pages where customers sign in, sign up, reset a
// password and prove a second factor, and the OAuth 2.0 and OpenID Connect endpoints of a user pool domain.
//
// Paths, parameters and errors are those that AWS documents in "User pool endpoints and managed login reference",
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-userpools-server-contract-reference.html
// Identity providers are local pages. They return the provider's attributes by the provider's names.
//
// The user pool keeps the users and signs the tokens. The package is for development on the loopback interface only. It
// has no implicit grant, client credentials, client secrets, passkeys, branding or localization: it passes lang on, and
// pages are in English. It refuses resource, acr_values and max_age, because it does not check them.
package login
