package delivery

// users are the user pool and all that belongs to it.
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
			// The domain is asked for by its name: no pool stands in the request.
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
				// DescribeIdentityProvider answers with the client secret, so a review must not have it.
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

// identities are the identity pool, the keys, and what users and data need of the account.
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
			// What is new has no tag yet; what is another stage's has another, and is refused.
			sid: "Tag", resources: []string{pools, identities, keys}, conditions: s.claiming(),
			write: []string{"cognito-idp:TagResource", "cognito-identity:TagResource", "kms:TagResource"},
		},
		{
			// Cognito makes them for its logs, its messages and the certificate of a domain.
			sid: "ServiceRoles", resources: []string{s.iam("role/aws-service-role/*.amazonaws.com/*")},
			conditions: map[string]any{"StringEquals": map[string]any{"iam:AWSServiceName": serviceRoles()}},
			write:      []string{"iam:CreateServiceLinkedRole"},
		},
		{
			// A domain of the shop's own is served by a distribution of Cognito's.
			sid: "CustomDomain", resources: []string{"*"}, write: []string{"cloudfront:UpdateDistribution"},
		},
	}
}

// serviceRoles are the services that make themselves a role when a stage uses them.
func serviceRoles() []string {
	return []string{
		"dynamodb.amazonaws.com", "email.cognito-idp.amazonaws.com", "replication.dynamodb.amazonaws.com",
		"wafv2.amazonaws.com",
	}
}
