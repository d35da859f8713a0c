package main

import "strings"

// expected are those whose changes of the stage surprise nobody.
type expected struct {
	// deployRole is the role of CloudFormation: a change by it stands in a template, and a pipeline shows templates.
	deployRole string
	// stageID begins the names of the stage's own roles, of which the rules let only the support desk's through.
	stageID string
}

// serious tells whether somebody should look at an event now: a change past the templates, or one that was refused to
// anybody but CloudFormation.
func (e expected) serious(r record) bool {
	role := r.UserIdentity.SessionContext.SessionIssuer.UserName
	switch {
	// A service by itself, such as KMS that rotates a key.
	case r.UserIdentity.Type == "AWSService", role != "" && role == e.deployRole:
		return false
	case refused(r.ErrorCode):
		return true
	// The support desk does what its roles may, and taking one of them is how its work begins.
	case strings.HasPrefix(role, e.stageID+"-"), r.EventName == "AssumeRole":
		return false
	}
	return true
}

// refused tells whether an error code says that the caller may not do it. Services spell it differently.
func refused(code string) bool {
	return strings.Contains(code, "AccessDenied") || strings.Contains(code, "Unauthorized") ||
		strings.Contains(code, "NotAuthorized")
}
