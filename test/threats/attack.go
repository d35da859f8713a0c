package threats

import "slices"

// Attack is one move of a published tool or guide, as a case to be tried.
type Attack struct {
	// Name is the move in a few words, unique among all.
	Name string
	// Source is the tool or page that describes it, with the commit that was read.
	Source string
	// Tries is what the move does.
	Tries string
	// Stopped is the property that stops it here.
	Stopped string
	// Threat is the id of the threat whose check proves that property.
	Threat string

	// vulnerable are weakenings of the stage with which the move would succeed. The threat's check must notice each.
	vulnerable weakening
}

// Attacks are all moves of CloudGoat's vulnerable_cognito, Pacu's cognito__attack, cognito-scanner, and the pages of
// HackTricks on Cognito and API Gateway, by source.
func Attacks() []Attack {
	return slices.Concat(cloudGoatMoves, pacuMoves, scannerMoves,
		userPoolMoves, identityPoolMoves, privilegeMoves, gatewayMoves)
}
