package main

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/securecart/identity/lambda/contract"
)

// expected are those whose changes of the stage surprise nobody.
type expected struct {
	// own is an ARN of the stage's partition and account.
	own arn.ARN
	// deployRole is the role of CloudFormation: a change by it stands in a template, and a pipeline shows templates.
	deployRole string
	// stageID begins the names of the stage's own roles.
	stageID string
	// roles are those that work on the stage, each with the operations that are its work.
	roles []contract.ExpectedRole
}

// serious tells whether somebody should look at an event now: a change past the templates, or one that was refused to
// anybody but CloudFormation. What is not known to be expected is serious.
func (e expected) serious(r record) bool {
	switch {
	// A service by itself, such as KMS that rotates a key.
	case r.UserIdentity.Type == "AWSService", e.byCloudFormation(r), e.heartbeat(r):
		return false
	case refused(r.ErrorCode):
		return true
	}
	return !e.worksOn(r) && !e.takesItsRole(r)
}

// byCloudFormation tells whether CloudFormation called with the stage's role. Calls by anybody else with the role's
// credentials have no invokedBy. A service that CloudFormation asked for a resource, such as a table, takes and returns
// its grants of a key in CloudFormation's name, too.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
func (e expected) byCloudFormation(r record) bool {
	if !e.issued(r, e.deployRole) {
		return false
	}
	grant := r.EventSource == "kms.amazonaws.com" && (r.EventName == "CreateGrant" || r.EventName == "RetireGrant")
	by := r.UserIdentity.InvokedBy
	return by == "cloudformation.amazonaws.com" || grant && strings.HasSuffix(by, ".amazonaws.com")
}

// heartbeat tells whether the event is of this function's own hourly call.
func (e expected) heartbeat(r record) bool {
	return r.EventSource == "sts.amazonaws.com" && r.EventName == "GetCallerIdentity" && r.ErrorCode == "" &&
		e.issued(r, contract.KeeperRole(e.stageID))
}

// issued tells whether the caller has a session of this role of the stage's own account.
func (e expected) issued(r record, role string) bool {
	issuer := r.UserIdentity.SessionContext.SessionIssuer
	return r.UserIdentity.Type == "AssumedRole" && role != "" && issuer.UserName == role &&
		issuer.AccountID == e.own.AccountID
}

// worksOn tells whether a role did what it is for.
func (e expected) worksOn(r record) bool {
	return slices.ContainsFunc(e.roles, func(role contract.ExpectedRole) bool {
		return e.issued(r, role.Name) && r.EventSource == role.Source && slices.Contains(role.Operations, r.EventName)
	})
}

// takesItsRole tells whether somebody whom the config names took the role that is for them.
func (e expected) takesItsRole(r record) bool {
	if r.EventSource != "sts.amazonaws.com" || r.EventName != "AssumeRole" {
		return false
	}
	var request struct{ RoleARN string }
	if json.Unmarshal(r.RequestParameters, &request) != nil {
		return false
	}
	who := r.UserIdentity.ARN // a user's
	if r.UserIdentity.Type == "AssumedRole" {
		who = r.UserIdentity.SessionContext.SessionIssuer.ARN
	}
	return slices.ContainsFunc(e.roles, func(role contract.ExpectedRole) bool {
		return request.RoleARN == e.iam("role/"+role.Name) &&
			slices.ContainsFunc(role.TakenBy, func(name string) bool { return who == e.iam(name) })
	})
}

// iam is the ARN of a user or role of the stage's account.
func (e expected) iam(resource string) string {
	return arn.ARN{Partition: e.own.Partition, Service: "iam", AccountID: e.own.AccountID, Resource: resource}.String()
}

// guest tells whether a guest or customer of the identity pool called, as whom anybody can get credentials.
func (e expected) guest(r record) bool {
	issuer := r.UserIdentity.SessionContext.SessionIssuer
	return strings.HasPrefix(issuer.UserName, e.stageID+"-") && e.issued(r, issuer.UserName) &&
		strings.HasSuffix(r.UserIdentity.ARN, "/CognitoIdentityCredentials")
}

// refused tells whether an error code says that the caller may not do it. Services spell it differently.
func refused(code string) bool {
	return strings.Contains(code, "AccessDenied") || strings.Contains(code, "Unauthorized") ||
		strings.Contains(code, "NotAuthorized")
}
