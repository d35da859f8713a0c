package delivery

import (
	"github.com/securecart/identity/constructs/iamrole"
)

// review is what the role Review may do beside reading the configuration of the stage's resources: read its stacks,
// detect drift, and check the account as `make preflight` does.
//
// It reads no user, item, object, log event or secret. No role may assume the bootstrap's own lookup role, whose
// ReadOnlyAccess lists the users of every pool.
func (s stage) review() iamrole.Grants {
	return iamrole.Grants{
		{
			Sid: "Stacks", Resources: []string{s.stacks()},
			Actions: []string{
				"cloudformation:DescribeStackEvents", "cloudformation:DescribeStackResource",
				"cloudformation:DescribeStackResourceDrifts", "cloudformation:DescribeStackResources",
				"cloudformation:DescribeStacks", "cloudformation:DetectStackDrift",
				"cloudformation:DetectStackResourceDrift", "cloudformation:GetTemplate",
				"cloudformation:GetTemplateSummary", "cloudformation:ListStackResources",
			},
		},
		{
			// Drift detections, account settings and trails, which may be the organization's, are not resources of a stage.
			Sid: "Account", Resources: []string{"*"},
			Actions: []string{
				"acm:DescribeCertificate", "cloudformation:DescribeStackDriftDetectionStatus",
				"cloudtrail:DescribeTrails", "cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus",
				"lambda:GetAccountSettings", "servicequotas:ListServiceQuotas", "ses:GetAccount",
				"ses:GetEmailIdentity", "sns:GetSMSAttributes", "sns:GetSMSSandboxAccountStatus",
			},
		},
		{
			// The rule that forwards IAM's events may have any name.
			Sid: "Forwarding", Actions: []string{"events:ListRuleNamesByTarget"},
			Resources: []string{"arn:aws:events:us-east-1:" + s.account + ":rule/*"},
		},
		{
			Sid: "ReadBootstrapVersion", Actions: []string{"ssm:GetParameter"},
			Resources: []string{s.arn("ssm", "parameter/cdk-bootstrap/"+s.qualifier+"/version")},
		},
		{
			// These parameters list the services of a Region.
			Sid: "Regions", Actions: []string{"ssm:GetParameters"},
			Resources: []string{"arn:aws:ssm:" + s.region + "::parameter/aws/service/global-infrastructure/*"},
		},
	}
}

// secrets are the ARNs of the providers' client secrets. Secrets Manager appends six random characters to each.
func (s stage) secrets(names []string) []string {
	arns := make([]string, 0, len(names))
	for _, name := range names {
		arns = append(arns, s.arn("secretsmanager", "secret:"+name+"-??????"))
	}
	return arns
}

// findSecrets lets a role check that the secrets exist, without reading them.
func (s stage) findSecrets(names []string) iamrole.Grants {
	if len(names) == 0 {
		return nil
	}
	return iamrole.Grants{{
		Sid: "FindSecrets", Actions: []string{"secretsmanager:DescribeSecret"}, Resources: s.secrets(names),
	}}
}

// findReplicas lets a role see the replicas of the stage's user pools and their status.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitouserpools.html
func (s stage) findReplicas(replicated bool) iamrole.Grants {
	if !replicated {
		return nil
	}
	return iamrole.Grants{{
		Sid: "FindReplicas", Actions: []string{"cognito-idp:ListUserPoolReplicas"},
		Resources: []string{s.arn("cognito-idp", "userpool/*")}, Conditions: s.tagged(),
	}}
}
