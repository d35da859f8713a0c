// Package threats is the catalogue of the known attacks on what SecureCart provisions: for each attack the property that
// closes it, a check of that property on the synthesized templates or the Go tests that prove it in code, and the mutations
// of a template that the check must notice.
//
// A check is a pure function over decoded templates. It is closed-world: it asks for every client, every method, every
// role, refuses what it does not know, and fails where there is nothing to check. Types that nobody listed, and properties
// that nobody listed for their type, however deep, are findings. A mutation weakens one stage in one way; a mutation that the
// threat's own check does not notice is a hole in the check, one that changes nothing a mistake in the catalogue.
//
// The package is not a scanner for other people's templates: names and values are those of SecureCart's architecture. It
// evaluates no policies either; it reads statements, and leaves who may do what to the access matrix.
package threats
