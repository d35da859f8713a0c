package main

import (
	"encoding/json"
	"testing"

	"github.com/securecart/identity/lambda/contract"
)

// a call of one identity, for the table below.
func call(t *testing.T, event string) record {
	t.Helper()
	var r record
	if err := json.Unmarshal([]byte(event), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// by is an identity with a session of a role.
func by(role, account, invokedBy string) string {
	return `"userIdentity": {"type": "AssumedRole", "invokedBy": "` + invokedBy + `",
		"arn": "arn:aws:sts::` + account + `:assumed-role/` + role + `/session", "sessionContext": {"sessionIssuer": {
		"userName": "` + role + `", "accountId": "` + account + `",
		"arn": "arn:aws:iam::` + account + `:role/` + role + `"}}}`
}

func TestOnlyExactlyWhatIsExpectedIsQuiet(t *testing.T) {
	const (
		own, other     = "111122223333", "999999999999"
		cloudFormation = "cloudformation.amazonaws.com"
		code           = `"eventSource": "lambda.amazonaws.com", "eventName": "UpdateFunctionCode20150331v2", `
		grant          = `"eventSource": "kms.amazonaws.com", "eventName": "CreateGrant", `
		disable        = `"eventSource": "cognito-idp.amazonaws.com", "eventName": "AdminDisableUser", `
		remove         = `"eventSource": "cognito-idp.amazonaws.com", "eventName": "AdminDeleteUser", `
		changeSet      = `"eventSource": "cloudformation.amazonaws.com", "eventName": "CreateChangeSet", `
		support        = `"eventSource": "sts.amazonaws.com", "eventName": "AssumeRole", "requestParameters": {"roleArn":
			"arn:aws:iam::111122223333:role/SecureCart-Dev-Support"}, `
		starts = `"eventSource": "sts.amazonaws.com", "eventName": "AssumeRole", "requestParameters": {"roleArn":
			"arn:aws:iam::111122223333:role/` + pipeline + `"}, `
		role   = `"requestParameters": {"roleArn": "arn:aws:iam::111122223333:role/`
		sts    = `"eventSource": "sts.amazonaws.com", "eventName": "AssumeRole", `
		user   = `"userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/`
		fake   = `"eventSource": "x.amazonaws.com", "eventName": "AdminDisableUser", `
		denied = `"errorCode": "AccessDenied", `
		not    = `"eventSource": "x.amazonaws.com", "eventName": "AssumeRole", `
	)
	desk := by("SecureCart-Dev-Support", own, "")
	for name, c := range map[string]struct {
		event   string
		serious bool
	}{
		"CloudFormation":                                {code + by(deployRole, own, cloudFormation), false},
		"CloudFormation is refused":                     {denied + code + by(deployRole, own, cloudFormation), false},
		"its role without CloudFormation":               {code + by(deployRole, own, ""), true},
		"its role through another service":              {code + by(deployRole, own, "lambda.amazonaws.com"), true},
		"a grant for a table that it makes":             {grant + by(deployRole, own, "dynamodb.amazonaws.com"), false},
		"a grant by its role":                           {grant + by(deployRole, own, ""), true},
		"a grant through what is no service":            {grant + by(deployRole, own, "AWS Internal"), true},
		"a role of its name elsewhere":                  {code + by(deployRole, other, cloudFormation), true},
		"a role whose name begins so":                   {code + by(deployRole+"x", own, cloudFormation), true},
		"CloudFormation with another role":              {code + by("admin", own, cloudFormation), true},
		"a service by itself":                           {grant + `"userIdentity": {"type": "AWSService"}`, false},
		"a role of a function":                          {code + by("SecureCart-Dev-Api-LinksRole-Ab1", own, ""), true},
		"a role of another stage's desk":                {disable + by("SecureCart-Dev2-Support", own, ""), true},
		"the desk":                                      {disable + desk, false},
		"the desk in another account":                   {disable + by("SecureCart-Dev-Support", other, ""), true},
		"the desk does what the other role is for":      {remove + desk, true},
		"the other role":                                {remove + by("SecureCart-Dev-Privacy", own, ""), false},
		"the desk at another service":                   {fake + desk, true},
		"the desk is refused":                           {disable + `"errorCode": "NotAuthorizedException", ` + desk, true},
		"the desk is refused, as others spell it":       {disable + `"errorCode": "UnauthorizedOperation", ` + desk, true},
		"the desk asks for whom there is not":           {disable + `"errorCode": "UserNotFoundException", ` + desk, false},
		"the pipeline starts a deployment":              {changeSet + by(pipeline, own, ""), false},
		"somebody starts a deployment":                  {changeSet + by("admin", own, ""), true},
		"the pipeline takes the role that starts it":    {starts + by(delivery+"-Deploy", own, ""), false},
		"a review takes it":                             {starts + by(delivery+"-Review", own, ""), true},
		"another account's pipeline takes it":           {starts + by(delivery+"-Deploy", other, ""), true},
		"an administrator takes CloudFormation's role":  {sts + role + deployRole + `"}, ` + by("admin", own, ""), true},
		"an agent takes the desk's role":                {support + user + `agent"}`, false},
		"an officer takes the other's":                  {support + user + `officer"}`, true},
		"a user whose name begins so takes it":          {support + user + `agent2"}`, true},
		"a role whose name begins so takes it":          {starts + by(delivery+"-Deploy2", own, ""), true},
		"an agent is refused":                           {support + `"errorCode": "AccessDenied", ` + user + `agent"}`, true},
		"an administrator takes it":                     {support + by("admin", own, ""), true},
		"an agent takes another role":                   {sts + role + `x"}, ` + user + `agent"}`, true},
		"parameters that are no object":                 {sts + `"requestParameters": "x", ` + user + `agent"}`, true},
		"something that is called like taking the role": {not + role + `SecureCart-Dev-Support"}, ` + user + `agent"}`, true},
		"the organization lifts the lock as the root user": {
			`"eventSource": "s3.amazonaws.com", "eventName": "DeleteBucketPolicy", "userIdentity": {"type": "Root",
				"arn": "arn:aws:iam::111122223333:root", "accountId": "111122223333"}`, true,
		},
		"nobody": {code + `"userIdentity": {}`, true},
	} {
		if got := expect().serious(call(t, "{"+c.event+"}")); got != c.serious {
			t.Errorf("%s: serious %t, want %t", name, got, c.serious)
		}
	}
}

// TestAnybodyIsEverybodyOfTheAccount: a stage without a pipeline has no list of those who deploy it.
func TestAnybodyIsEverybodyOfTheAccount(t *testing.T) {
	e := expect()
	e.roles[0].TakenBy = []string{contract.Anybody}
	const take = `{"eventSource": "sts.amazonaws.com", "eventName": "AssumeRole", "requestParameters": {"roleArn":
		"arn:aws:iam::111122223333:role/` + pipeline + `"}, `
	const user = `"userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::`
	for name, c := range map[string]struct {
		event   string
		serious bool
	}{
		"a user":                    {user + `111122223333:user/x"}}`, false},
		"a role":                    {by("admin", "111122223333", "") + "}", false},
		"a refused role":            {`"errorCode": "AccessDenied", ` + by("admin", "111122223333", "") + "}", true},
		"another account's user":    {user + `999999999999:user/x"}}`, true},
		"another account":           {`"userIdentity": {"type": "AWSAccount", "accountId": "999999999999"}}`, true},
		"a role of another account": {by("admin", "999999999999", "") + "}", true},
	} {
		if got := e.serious(call(t, take+c.event)); got != c.serious {
			t.Errorf("%s: serious %t, want %t", name, got, c.serious)
		}
	}
}
