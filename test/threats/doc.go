// Package threats is the catalogue of the known attacks on what SecureCart provisions: for each attack the property
// that closes it, and a check of that property on the synthesized templates or the Go tests that prove it in code.
//
// A check is a pure function over decoded templates. It asks for every client, every method, every role, and fails
// where there is nothing to check. ReviewStages makes the checks closed-world: it changes every value of every
// template, one at a time, and what no check notices has to be judged, or listed in decidesnothing.go with the reason
// why it opens no attack. So a property that somebody sets, however deep, is red until a check reads it.
//
// The package is not a scanner for other templates: names and values are those of SecureCart's architecture. It reads
// statements but does not evaluate policies; package access does.
package threats
