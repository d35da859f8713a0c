// Package resourcepolicy writes the policies of resources, such as a topic's, as plain documents. Documents of awsiam
// would cost calls to the jsii kernel for each statement.
package resourcepolicy

// Everybody is the principal of all callers, with and without credentials.
var Everybody = map[string]any{"AWS": "*"}

// Service is the principal of an AWS service, such as "cloudwatch.amazonaws.com".
func Service(name string) map[string]any { return map[string]any{"Service": name} }

// Statement allows or refuses actions on a resource.
type Statement struct {
	// Sid, Effect ("Allow" or "Deny") and Resource are required. A key's policy has the resource "*", which is the key.
	Sid, Effect, Resource string
	// Principal is who is allowed or refused. Required.
	Principal map[string]any
	// Action is one action, or a list of them. Required.
	Action any
	// Condition restricts the statement. It always applies if nil.
	Condition map[string]any
}

// JSON returns the statement as IAM writes it.
func (s Statement) JSON() map[string]any {
	statement := map[string]any{
		"Sid": s.Sid, "Effect": s.Effect, "Principal": s.Principal, "Action": s.Action, "Resource": s.Resource,
	}
	if s.Condition != nil {
		statement["Condition"] = s.Condition
	}
	return statement
}

// Refuse refuses actions to everybody under conditions, always if these are nil.
func Refuse(resource, sid string, conditions map[string]any, actions ...string) Statement {
	return Statement{
		Sid: sid, Effect: "Deny", Resource: resource, Principal: Everybody, Action: actions, Condition: conditions,
	}
}

// AllBut returns the condition that applies to every caller except those with one of these ARNs of users, roles or the
// root user.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
func AllBut(arns ...string) map[string]any {
	var excepted any = arns
	if len(arns) == 1 {
		excepted = arns[0]
	}
	return map[string]any{"ArnNotEquals": map[string]any{"aws:PrincipalArn": excepted}}
}

// RefusePlainText refuses calls without TLS.
func RefusePlainText(resource, action string) Statement {
	return Statement{
		Sid: "RefusePlainText", Effect: "Deny", Resource: resource, Principal: Everybody, Action: action,
		Condition: map[string]any{"Bool": map[string]any{"aws:SecureTransport": "false"}},
	}
}

// Document returns the policy that the statements make.
func Document(statements ...Statement) map[string]any {
	all := make([]any, len(statements))
	for i, statement := range statements {
		all[i] = statement.JSON()
	}
	return map[string]any{"Version": "2012-10-17", "Statement": all}
}
