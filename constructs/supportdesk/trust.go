package supportdesk

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"

	"github.com/securecart/identity/lambda/contract"
)

// maxMFAAgeSeconds is how long ago a second factor may have been entered.
const maxMFAAgeSeconds = "3600"

func isUser(trusted string) bool { return strings.HasPrefix(trusted, "user/") }

// trust lists principals that a role trusts: either users, or roles of permission sets.
type trust struct {
	// account is the ARN of the account to which they belong.
	account string
	// arns are those of the users or roles.
	arns []string
	// mfa requires a recent second factor.
	mfa bool
}

// trustOf separates IAM users from permission sets. Sessions of users say when a second factor was entered; those of
// permission sets do not, because IAM Identity Center requires the factor itself.
//
// The principal is the account, and a condition names the users or roles: IAM refuses a trust policy whose principal
// does not exist yet ("Invalid principal in policy"). All ARNs are of the stack's own account. Users and permission
// sets also need their own policies that allow sts:AssumeRole and sts:TagSession on the role.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts
func trustOf(stack awscdk.Stack, trusted []string) []trust {
	prefix := "arn:" + *stack.Partition() + ":iam::" + *stack.Account() + ":"
	account := prefix + "root"
	users, sets := trust{account: account, mfa: true}, trust{account: account}
	for _, name := range trusted {
		to := &sets
		if isUser(name) {
			to = &users
		}
		to.arns = append(to.arns, prefix+name)
	}
	return slices.DeleteFunc([]trust{users, sets}, func(t trust) bool { return len(t.arns) == 0 })
}

// conditions are those under which the users or roles may call action.
//
// Both actions require the tags ticket and reason and allow no others. CloudTrail records tags in the event of
// AssumeRole only. So the session's name must be the ticket, too: every later event shows it. sts:TagSession has no
// condition key for the session's name. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_rolesessionname
func (t trust) conditions(action string) map[string]any {
	tags := []string{contract.TicketTag, contract.ReasonTag}
	conditions := map[string]any{
		"ArnEquals": map[string]any{"aws:PrincipalArn": t.arns},
		"StringLike": map[string]any{
			"aws:RequestTag/" + contract.TicketTag: "?*",
			"aws:RequestTag/" + contract.ReasonTag: "?*",
		},
		"ForAllValues:StringEquals": map[string]any{"aws:TagKeys": tags},
	}
	if action == "sts:AssumeRole" {
		conditions["StringEquals"] = map[string]any{
			"sts:RoleSessionName": "${aws:RequestTag/" + contract.TicketTag + "}",
		}
	}
	if t.mfa {
		maps.Copy(conditions, recentMFA())
	}
	return conditions
}

// recentMFA is the condition that the session was opened with a second factor within the last hour.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
func recentMFA() map[string]any {
	return map[string]any{
		"Bool":                  map[string]any{"aws:MultiFactorAuthPresent": "true"},
		"NumericLessThanEquals": map[string]any{"aws:MultiFactorAuthAge": maxMFAAgeSeconds},
	}
}

// principal is the account, with the conditions of sts:AssumeRole.
func (t trust) principal() awsiam.IPrincipal {
	conditions := t.conditions("sts:AssumeRole")
	return awsiam.NewPrincipalWithConditions(awsiam.NewArnPrincipal(jsii.String(t.account)), &conditions)
}

// statement allows action to the account, under its conditions.
func (t trust) statement(action string) awsiam.PolicyStatement {
	return awsiam.PolicyStatement_FromJson(map[string]any{
		"Effect": "Allow", "Principal": map[string]any{"AWS": t.account}, "Action": action,
		"Condition": t.conditions(action),
	})
}
