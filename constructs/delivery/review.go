package delivery

import (
	"github.com/securecart/identity/constructs/iamrole"
)

// review is what the role Review may do beside reading how the stage's resources are configured: read its stacks, find
// out what has been changed past them, and look at the account as `make preflight` does.
//
// It reads no user, item, object, log event or secret. The bootstrap's own lookup role is granted to nobody: AWS's
// ReadOnlyAccess, which it holds, lists the users of every pool.
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
			// Neither detections nor settings of the account are resources of a stage.
			Sid: "Account", Resources: []string{"*"},
			Actions: []string{
				"acm:DescribeCertificate", "cloudformation:DescribeStackDriftDetectionStatus",
				"lambda:GetAccountSettings", "servicequotas:ListServiceQuotas", "ses:GetAccount",
				"ses:GetEmailIdentity", "sns:GetSMSAttributes", "sns:GetSMSSandboxAccountStatus",
			},
		},
		{
			Sid: "ReadBootstrapVersion", Actions: []string{"ssm:GetParameter"},
			Resources: []string{s.arn("ssm", "parameter/cdk-bootstrap/"+s.qualifier+"/version")},
		},
		{
			// Which services the Region has.
			Sid: "Regions", Actions: []string{"ssm:GetParameters"},
			Resources: []string{"arn:aws:ssm:" + s.region + "::parameter/aws/service/global-infrastructure/*"},
		},
	}
}

// secrets are the ARNs of the providers' client secrets. Secrets Manager ends each with six characters of its own.
func (s stage) secrets(names []string) []string {
	arns := make([]string, 0, len(names))
	for _, name := range names {
		arns = append(arns, s.arn("secretsmanager", "secret:"+name+"-??????"))
	}
	return arns
}

// findSecrets looks whether the secrets are there, and reads none.
func (s stage) findSecrets(names []string) iamrole.Grants {
	if len(names) == 0 {
		return nil
	}
	return iamrole.Grants{{
		Sid: "FindSecrets", Actions: []string{"secretsmanager:DescribeSecret"}, Resources: s.secrets(names),
	}}
}
