package delivery

// api grants what the REST API and the web ACLs need.
func (s stage) api() []grant {
	apis := "arn:aws:apigateway:" + s.region + "::/restapis"
	webACLs := s.arn("wafv2", "regional/webacl/*/*")
	return []grant{
		{sid: "MakeApis", resources: []string{apis}, conditions: s.tagging(), write: []string{"apigateway:POST"}},
		{
			// Methods, models and all other parts of an API inherit its tags for this condition:
			// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-supported-resources.html
			sid: "Apis", resources: []string{apis + "/*"}, conditions: s.tagged(),
			read: []string{"apigateway:GET"},
			write: []string{
				"apigateway:DELETE", "apigateway:PATCH", "apigateway:POST", "apigateway:PUT", "apigateway:SetWebACL",
				"apigateway:UpdateRestApiPolicy",
			},
		},
		{
			sid:        "TagApis",
			resources:  []string{"arn:aws:apigateway:" + s.region + "::/tags/*"},
			conditions: s.claiming(),
			write:      []string{"apigateway:PUT", "apigateway:POST"},
		},
		{
			// The role with which API Gateway writes logs belongs to the account, not to a stage.
			sid: "ApiLogging", resources: []string{"arn:aws:apigateway:" + s.region + "::/account"},
			read: []string{"apigateway:GET"}, write: []string{"apigateway:PATCH"},
		},
		{
			sid: "MakeWebAcls", resources: []string{webACLs}, conditions: s.claiming(),
			write: []string{"wafv2:CreateWebACL", "wafv2:TagResource"},
		},
		{
			sid: "WebAcls", resources: []string{webACLs}, conditions: s.tagged(),
			read: []string{
				"wafv2:GetLoggingConfiguration", "wafv2:GetWebACL", "wafv2:GetWebACLForResource", "wafv2:ListTagsForResource",
			},
			write: []string{
				"wafv2:AssociateWebACL", "wafv2:DeleteLoggingConfiguration", "wafv2:DeleteWebACL",
				"wafv2:DisassociateWebACL", "wafv2:PutLoggingConfiguration", "wafv2:UntagResource",
				"wafv2:UpdateWebACL",
			},
		},
		{
			sid: "ManagedRules", resources: []string{s.arn("wafv2", "regional/managedruleset/*/*")},
			write: []string{"wafv2:CreateWebACL", "wafv2:UpdateWebACL"},
		},
		{
			// These actions also name the resource that a web ACL protects, whose tags AWS WAF does not know. Tags bound the web
			// ACL itself, and SetWebACL and AssociateWebACL of the services.
			sid:       "FindWebAcls",
			resources: []string{s.arn("cognito-idp", "userpool/*"), apis + "/*"},
			read:      []string{"wafv2:GetWebACLForResource"},
			write:     []string{"wafv2:AssociateWebACL", "wafv2:DisassociateWebACL"},
		},
	}
}

// alarms grants what alarms, dashboard and notifications need.
func (s stage) alarms() []grant {
	return []grant{
		{
			sid: "Alarms", resources: []string{s.arn("cloudwatch", "alarm:"+s.id()+"-*")},
			read: []string{"cloudwatch:DescribeAlarms", "cloudwatch:ListTagsForResource"},
			write: []string{
				"cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm", "cloudwatch:TagResource",
				"cloudwatch:UntagResource",
			},
		},
		{
			// For composite alarms CloudWatch accepts both actions on all alarms only:
			// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
			sid: "CompositeAlarms", resources: []string{"*"},
			read: []string{"cloudwatch:DescribeAlarms"}, write: []string{"cloudwatch:PutCompositeAlarm"},
		},
		{
			sid: "Dashboards", resources: []string{"arn:aws:cloudwatch::" + s.account + ":dashboard/" + s.id()},
			read: []string{"cloudwatch:GetDashboard", "cloudwatch:ListTagsForResource"},
			write: []string{
				"cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard", "cloudwatch:TagResource",
				"cloudwatch:UntagResource",
			},
		},
		{
			// Saved queries belong to the account and have no tags.
			sid: "Queries", resources: []string{"*"},
			read:  []string{"logs:DescribeQueryDefinitions"},
			write: []string{"logs:DeleteQueryDefinition", "logs:PutQueryDefinition"},
		},
		{
			sid: "Topics", resources: []string{s.arn("sns", s.id()+"-*")},
			read: []string{
				"sns:GetDataProtectionPolicy", "sns:GetSubscriptionAttributes", "sns:GetTopicAttributes",
				"sns:ListSubscriptionsByTopic", "sns:ListTagsForResource",
			},
			write: []string{
				"sns:CreateTopic", "sns:DeleteTopic", "sns:SetSubscriptionAttributes", "sns:SetTopicAttributes",
				"sns:Subscribe", "sns:TagResource", "sns:Unsubscribe", "sns:UntagResource",
			},
		},
		{
			sid: "Queues", resources: []string{s.arn("sqs", s.id()+"-*")},
			read: []string{"sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags"},
			write: []string{
				"sqs:CreateQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:UntagQueue",
			},
		},
	}
}

// spending grants what the budget and the cost anomaly detection need.
func (s stage) spending() []grant {
	return []grant{
		{
			sid: "Budget", resources: []string{"arn:aws:budgets::" + s.account + ":budget/" + s.id()},
			read:  []string{"budgets:ListTagsForResource", "budgets:ViewBudget"},
			write: []string{"budgets:ModifyBudget", "budgets:TagResource", "budgets:UntagResource"},
		},
		{
			sid: "MakeAnomalyMonitors", resources: []string{"*"}, conditions: s.tagging(),
			write: []string{"ce:CreateAnomalyMonitor", "ce:CreateAnomalySubscription"},
		},
		{
			sid: "TagAnomalyMonitors", resources: []string{"*"}, conditions: s.claiming(),
			write: []string{"ce:TagResource"},
		},
		{
			sid: "AnomalyMonitors", conditions: s.tagged(),
			resources: []string{
				"arn:aws:ce::" + s.account + ":anomalymonitor/*", "arn:aws:ce::" + s.account + ":anomalysubscription/*",
			},
			read: []string{"ce:GetAnomalyMonitors", "ce:GetAnomalySubscriptions", "ce:ListTagsForResource"},
			write: []string{
				"ce:DeleteAnomalyMonitor", "ce:DeleteAnomalySubscription", "ce:UpdateAnomalyMonitor",
				"ce:UpdateAnomalySubscription",
			},
		},
	}
}
