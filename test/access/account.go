package access

// onRoles tries the actions that lead to more permissions:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
func (s *Subject) onRoles() []Attempt {
	l := list{group: "Roles and permissions"}
	var roles []target
	for _, r := range s.Roles {
		roles = append(roles, target{"role " + r.Name, r.ARN, nil})
	}
	admin := target{"a role that may do everything", "arn:aws:iam::" + s.Account + ":role/Admin", nil}
	foreign := "arn:aws:iam::" + anotherAccount + ":role/Admin"
	roles = append(roles, admin, target{"a role in another account", foreign, nil})
	l.each("sts", roles, nil, "AssumeRole TagSession")
	for _, service := range []string{"lambda.amazonaws.com", "cognito-identity.amazonaws.com"} {
		passed := map[string][]string{"iam:PassedToService": {service}}
		l.each("iam", []target{{"to " + service, admin.resource, passed}}, nil, "PassRole")
	}
	l.each("iam", []target{roles[0], roles[1]}, nil,
		"PutRolePolicy AttachRolePolicy UpdateAssumeRolePolicy DeleteRolePolicy GetRolePolicy")
	l.on("iam", "a new role", s.arnOfIAM("role/New"), "CreateRole")
	l.on("iam", "a policy", s.arnOfIAM("policy/Any"), "CreatePolicy CreatePolicyVersion")
	l.on("iam", "a user", s.arnOfIAM("user/New"), "CreateUser CreateAccessKey CreateLoginProfile PutUserPolicy")
	l.on("iam", "everybody", "*", "ListRoles ListUsers GetAccountAuthorizationDetails")
	return l.all
}

func (s *Subject) arnOfIAM(resource string) string {
	return "arn:aws:iam::" + s.Account + ":" + resource
}

// onFunctions tries every function of the stage, and one of another stage.
func (s *Subject) onFunctions() []Attempt {
	l := list{group: "Functions"}
	var functions []target
	for _, arn := range sorted(s.Functions) {
		functions = append(functions, target{functionName(s.Functions[arn]), arn, nil})
	}
	functions = append(functions, target{"another function", s.arn("lambda", "function:Another"), nil})
	l.each("lambda", functions, nil, `
		InvokeFunction GetFunction UpdateFunctionCode UpdateFunctionConfiguration AddPermission CreateFunctionUrlConfig
		DeleteFunction`)
	l.on("lambda", "a new function", s.arn("lambda", "function:New"), "CreateFunction")
	l.on("lambda", "an event source", "*", "CreateEventSourceMapping")
	return l.all
}

// onLogs tries the log group of every function and others, and traces. Log streams have ARNs below their group's:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
func (s *Subject) onLogs() []Attempt {
	l := list{group: "Logs and traces"}
	stream := func(region, name string) string {
		return "arn:aws:logs:" + region + ":" + s.Account + ":log-group:" + name + ":log-stream:any"
	}
	logs := []target{
		{"another log group", stream(s.Region, "Another"), nil},
		{"a log group in another Region", stream(anotherRegion, "Another"), nil},
	}
	for _, arn := range sorted(s.Functions) {
		f := s.Functions[arn]
		logs = append(logs, target{"log of " + functionName(f), stream(s.Region, f.LoggingConfig.LogGroup), nil})
	}
	l.each("logs", logs, nil, `
		CreateLogStream PutLogEvents GetLogEvents FilterLogEvents DescribeLogStreams DescribeLogGroups CreateLogGroup
		DeleteLogStream DeleteLogGroup PutRetentionPolicy DisassociateKmsKey PutSubscriptionFilter StartQuery`)
	l.on("xray", "any", "*", "PutTraceSegments PutTelemetryRecords GetTraceSummaries BatchGetTraces")
	return l.all
}

// onSecrets tries the providers' secrets, the parameters of the stage and others.
func (s *Subject) onSecrets() []Attempt {
	l := list{group: "Secrets and parameters"}
	l.each("secretsmanager", []target{
		{"a provider's secret", s.arn("secretsmanager", "secret:securecart/dev/google-AbCdEf"), nil},
		{"another secret", s.arn("secretsmanager", "secret:another-AbCdEf"), nil},
	}, nil, "GetSecretValue DescribeSecret PutSecretValue PutResourcePolicy")
	l.on("secretsmanager", "names of secrets", "*", "ListSecrets")
	var parameters []target
	for _, name := range sorted(s.Parameters) {
		parameters = append(parameters, target{"ids of the clients", s.arn("ssm", "parameter"+name), nil})
	}
	parameters = append(parameters,
		target{"a parameter whose name begins like that", s.arn("ssm", "parameter"+sorted(s.Parameters)[0]+"2"), nil},
		target{"another parameter", s.arn("ssm", "parameter/another"), nil})
	l.each("ssm", parameters, nil,
		"GetParameter GetParameters GetParametersByPath GetParameterHistory PutParameter DeleteParameter")
	return l.all
}

// onMessages tries to send messages. SMS have no resource.
func (s *Subject) onMessages() []Attempt {
	l := list{group: "Messages"}
	l.each("sns", []target{{"an SMS to any number", "*", nil}, {"a topic", s.arn("sns", "any"), nil}}, nil, "Publish")
	for _, f := range s.Functions {
		if topic := f.Environment.Variables["SECURITY_TOPIC"]; topic != "" {
			l.on("sns", "the topic of security events", topic, "Publish Subscribe SetTopicAttributes")
		}
	}
	l.on("sns", "a topic", s.arn("sns", "any"), "Subscribe SetTopicAttributes AddPermission DeleteTopic")
	l.on("sns", "the account's SMS settings", "*", "SetSMSAttributes")
	l.on("ses", "as the shop", s.arn("ses", "identity/securecart.example"), "SendEmail SendRawEmail")
	return l.all
}

// onDefences tries to remove the protection and monitoring of the stage, and to use other services.
func (s *Subject) onDefences() []Attempt {
	l := list{group: "Everything else"}
	acl := s.arn("wafv2", "regional/webacl/any/11111111-2222-3333-4444-555555555555")
	l.on("wafv2", "a web ACL", acl,
		"UpdateWebACL DeleteWebACL AssociateWebACL DisassociateWebACL DeleteLoggingConfiguration")
	l.on("cloudwatch", "an alarm", s.arn("cloudwatch", "alarm:any"), "DeleteAlarms DisableAlarmActions PutMetricAlarm")
	l.on("cloudtrail", "a trail", s.arn("cloudtrail", "trail/any"), "StopLogging DeleteTrail LookupEvents")
	l.on("cloudformation", "a stack", s.arn("cloudformation", "stack/any/1"),
		"DescribeStacks GetTemplate UpdateStack DeleteStack")
	l.on("ec2", "a new instance", "*", "RunInstances")
	l.on("bedrock", "a model", "*", "InvokeModel")
	l.on("sqs", "a queue", s.arn("sqs", "any"), "SendMessage ReceiveMessage")
	for _, f := range s.Functions {
		if queue := f.DeadLetterConfig.TargetArn; queue != "" {
			l.on("sqs", "the queue of undelivered events", queue, "SendMessage ReceiveMessage DeleteMessage "+
				"PurgeQueue ChangeMessageVisibility SetQueueAttributes DeleteQueue AddPermission RemovePermission")
		}
	}
	l.on("events", "an event bus", s.arn("events", "event-bus/default"), "PutEvents")
	l.on("organizations", "the organization", "*", "DescribeOrganization LeaveOrganization")
	return l.all
}
