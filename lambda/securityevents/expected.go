package main

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/securecart/identity/lambda/contract"
)

// expected says which changes notify nobody.
type expected struct {
	// own is an ARN of the stage's partition and account.
	own arn.ARN
	// deployRole is CloudFormation's role. Its changes are in a template, which the pipeline has shown to reviewers.
	deployRole string
	// stageID begins the names of the stage's own roles.
	stageID string
	// roles are other roles that work on the stage, each with its operations.
	roles []contract.ExpectedRole
}

// serious reports whether an event notifies people: a change past the templates, or a refused call of anybody except
// CloudFormation. Every event that is not known to be expected is serious.
func (e expected) serious(r record) bool {
	switch {
	// A service on its own behalf, such as KMS when it rotates a key.
	case r.UserIdentity.Type == "AWSService", e.byCloudFormation(r), e.heartbeat(r):
		return false
	case refused(r.ErrorCode):
		return true
	}
	return !e.worksOn(r) && !e.takesItsRole(r)
}

// byCloudFormation reports whether CloudFormation made the call with the stage's role. Calls of others with the role's
// credentials have no invokedBy. A service from which CloudFormation requests a resource, such as a table, also creates
// and retires its grants of a key with that role.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
func (e expected) byCloudFormation(r record) bool {
	if !e.issued(r, e.deployRole) {
		return false
	}
	grant := r.EventSource == "kms.amazonaws.com" && (r.EventName == "CreateGrant" || r.EventName == "RetireGrant")
	by := r.UserIdentity.InvokedBy
	return by == "cloudformation.amazonaws.com" || grant && strings.HasSuffix(by, ".amazonaws.com")
}

// heartbeat reports whether the event is of this function's own hourly call.
func (e expected) heartbeat(r record) bool {
	return r.EventSource == "sts.amazonaws.com" && r.EventName == "GetCallerIdentity" && r.ErrorCode == "" &&
		e.issued(r, contract.KeeperRole(e.stageID))
}

// issued reports whether the caller has a session of this role of the stage's account.
func (e expected) issued(r record, role string) bool {
	issuer := r.UserIdentity.SessionContext.SessionIssuer
	return r.UserIdentity.Type == "AssumedRole" && role != "" && issuer.UserName == role &&
		issuer.AccountID == e.own.AccountID
}

// worksOn reports whether a listed role made one of its listed calls.
func (e expected) worksOn(r record) bool {
	return slices.ContainsFunc(e.roles, func(role contract.ExpectedRole) bool {
		return e.issued(r, role.Name) && r.EventSource == role.Source && slices.Contains(role.Operations, r.EventName)
	})
}

// takesItsRole reports whether somebody whom a listed role names assumed that role.
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
			slices.ContainsFunc(role.TakenBy, func(name string) bool {
				return who == e.iam(name) || name == contract.Anybody && strings.HasPrefix(who, e.iam(""))
			})
	})
}

// iam is the ARN of a user or role of the stage's account.
func (e expected) iam(resource string) string {
	return arn.ARN{Partition: e.own.Partition, Service: "iam", AccountID: e.own.AccountID, Resource: resource}.String()
}

// guest reports whether a guest or customer of the identity pool made the call. Anybody can get such credentials. The
// name of the session alone does not say so: callers of AssumeRole, such as support agents, choose it.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
func (e expected) guest(r record) bool {
	session := r.UserIdentity.SessionContext
	role := session.SessionIssuer.UserName
	return strings.HasPrefix(role, e.stageID+"-") && e.issued(r, role) &&
		session.WebIDFederationData.FederatedProvider == "cognito-identity.amazonaws.com" &&
		strings.HasSuffix(r.UserIdentity.ARN, "/CognitoIdentityCredentials")
}

// refused reports whether an error code means that the caller lacks a permission. Services spell it differently.
func refused(code string) bool {
	return strings.Contains(code, "AccessDenied") || strings.Contains(code, "Unauthorized") ||
		strings.Contains(code, "NotAuthorized")
}
