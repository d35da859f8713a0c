// Package threats is the catalogue of the known attacks on what SecureCart provisions: for each attack the property that
// closes it, and a check of that property on the synthesized templates or the Go tests that prove it in code.
//
// A check is a pure function over decoded templates. It is closed-world: it asks for every client, every method, every
// role, refuses what it does not know, and fails where there is nothing to check. Types that nobody listed, and properties
// that nobody listed for their type, however deep, are findings. ReviewStages changes every value of every template, one at
// a time: what no check notices has to be judged, or listed in decidesnothing.go with the reason why it opens no attack.
//
// the package is not a scanner for other people's templates: names and values are those of SecureCart's architecture. It
// evaluates no policies either; it reads statements, and leaves who may do what to the access matrix.
package threats
