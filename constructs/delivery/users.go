package delivery

// users grants what the user pool and its parts need.
func (s stage) users() []grant {
	pools := s.arn("cognito-idp", "userpool/*")
	return []grant{
		{
			sid: "MakePoolsAndKeys", resources: []string{"*"}, conditions: s.tagging(),
			write: []string{
				"cognito-idp:CreateUserPool", "cognito-identity:CreateIdentityPool", "kms:CreateKey",
			},
		},
		{
			// The request names only the domain, not the pool.
			sid: "FindDomains", resources: []string{"*"}, read: []string{"cognito-idp:DescribeUserPoolDomain"},
		},
		{
			sid: "UserPool", resources: []string{pools}, conditions: s.tagged(),
			read: []string{
				"cognito-idp:DescribeManagedLoginBranding", "cognito-idp:DescribeManagedLoginBrandingByClient",
				"cognito-idp:DescribeResourceServer",
				"cognito-idp:DescribeRiskConfiguration", "cognito-idp:DescribeUserPool",
				"cognito-idp:DescribeUserPoolClient", "cognito-idp:GetLogDeliveryConfiguration",
				"cognito-idp:GetUserPoolMfaConfig", "cognito-idp:GetWebACLForResource",
				"cognito-idp:ListTagsForResource",
			},
			write: []string{
				"cognito-idp:AddCustomAttributes", "cognito-idp:AssociateWebACL",
				"cognito-idp:CreateIdentityProvider", "cognito-idp:CreateManagedLoginBranding",
				"cognito-idp:CreateResourceServer", "cognito-idp:CreateUserPoolClient",
				"cognito-idp:CreateUserPoolDomain", "cognito-idp:DeleteIdentityProvider",
				"cognito-idp:DeleteManagedLoginBranding", "cognito-idp:DeleteResourceServer",
				"cognito-idp:DeleteUserPool", "cognito-idp:DeleteUserPoolClient",
				"cognito-idp:DeleteUserPoolDomain",
				// DescribeIdentityProvider returns the client secret, so it must not be among the read actions that Review gets.
				"cognito-idp:DescribeIdentityProvider", "cognito-idp:DisassociateWebACL",
				"cognito-idp:SetLogDeliveryConfiguration", "cognito-idp:SetRiskConfiguration",
				"cognito-idp:SetUserPoolMfaConfig", "cognito-idp:UntagResource",
				"cognito-idp:UpdateIdentityProvider", "cognito-idp:UpdateManagedLoginBranding",
				"cognito-idp:UpdateResourceServer", "cognito-idp:UpdateUserPool",
				"cognito-idp:UpdateUserPoolClient", "cognito-idp:UpdateUserPoolDomain",
			},
		},
	}
}

// identities grants what the identity pool and the keys need, and the account's permissions that user pool and data
// need.
func (s stage) identities() []grant {
	pools, identities := s.arn("cognito-idp", "userpool/*"), s.arn("cognito-identity", "identitypool/*")
	keys := s.arn("kms", "key/*")
	return []grant{
		{
			sid: "IdentityPool", resources: []string{identities}, conditions: s.tagged(),
			read: []string{
				"cognito-identity:DescribeIdentityPool", "cognito-identity:GetIdentityPoolRoles",
				"cognito-identity:GetPrincipalTagAttributeMap", "cognito-identity:ListTagsForResource",
			},
			write: []string{
				"cognito-identity:DeleteIdentityPool", "cognito-identity:SetIdentityPoolRoles",
				"cognito-identity:SetPrincipalTagAttributeMap", "cognito-identity:UntagResource",
				"cognito-identity:UpdateIdentityPool",
			},
		},
		{
			sid: "Keys", resources: []string{keys}, conditions: s.tagged(),
			read: []string{
				"kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags",
			},
			write: []string{
				"kms:CreateGrant", "kms:Decrypt", "kms:DisableKey", "kms:DisableKeyRotation", "kms:EnableKey",
				"kms:EnableKeyRotation", "kms:Encrypt", "kms:GenerateDataKey", "kms:PutKeyPolicy", "kms:RevokeGrant",
				"kms:ScheduleKeyDeletion", "kms:UntagResource", "kms:UpdateKeyDescription",
			},
		},
		{
			// A new resource has no tag yet. One of another stage has that stage's tag and is refused.
			sid: "Tag", resources: []string{pools, identities, keys}, conditions: s.claiming(),
			write: []string{"cognito-idp:TagResource", "cognito-identity:TagResource", "kms:TagResource"},
		},
		{
			// Cognito creates service-linked roles for its logs, its messages and the certificate of a domain.
			sid: "ServiceRoles", resources: []string{s.iam("role/aws-service-role/*.amazonaws.com/*")},
			conditions: map[string]any{"StringEquals": map[string]any{"iam:AWSServiceName": serviceRoles()}},
			write:      []string{"iam:CreateServiceLinkedRole"},
		},
		{
			// Cognito serves a custom domain through a CloudFront distribution of its own.
			sid: "CustomDomain", resources: []string{"*"}, write: []string{"cloudfront:UpdateDistribution"},
		},
	}
}

// serviceRoles are the services that create a service-linked role when a stage uses them.
func serviceRoles() []string {
	return []string{
		"dynamodb.amazonaws.com", "email.cognito-idp.amazonaws.com", "mrk.kms.amazonaws.com",
		"replication.dynamodb.amazonaws.com",
		"wafv2.amazonaws.com",
	}
}
