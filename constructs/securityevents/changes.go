package securityevents

import "slices"

// change is a kind of change: the events of CloudTrail that one rule matches.
type change struct {
	// id is the rule's construct id, such as "Roles".
	id string
	// sources are the called services, such as "kms".
	sources []string
	// verbs begin the names of operations, so that new operations match, and names to which CloudTrail adds a version.
	// names are whole names. If both are empty, all operations of the services match.
	verbs, names []string
	// reads also matches operations that only read, which EventBridge sends to no other rule.
	reads bool
	// further are the other conditions on the event's detail, above all which resource it concerns.
	further map[string]any
}

// anyOf matches if the event has one of the values.
func anyOf(values ...string) []any {
	list := make([]any, len(values))
	for i, value := range values {
		list[i] = value
	}
	return list
}

// begin matches names with one of these beginnings.
func begin(verbs ...string) []any {
	list := make([]any, len(verbs))
	for i, verb := range verbs {
		list[i] = map[string]any{"prefix": verb}
	}
	return list
}

// like matches by one comparison of EventBridge, such as "prefix" or "wildcard".
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
func like(comparison string, value any) []any { return []any{map[string]any{comparison: value}} }

// parameter matches a parameter of the request.
func parameter(name string, match []any) map[string]any {
	return map[string]any{"requestParameters": map[string]any{name: match}}
}

// parameters matches if one of the parameters of the request does.
func parameters(match []any, names ...string) map[string]any {
	either := make([]any, len(names))
	for i, name := range names {
		either[i] = parameter(name, match)
	}
	return map[string]any{"$or": either}
}

// managed matches management events only. A trail may also log data events: there are as many of these as requests, and
// each record that the function writes would cause another.
func managed(further map[string]any) map[string]any {
	further["managementEvent"] = []any{true}
	return further
}

// changes are all changes that are recorded of a stage.
func (p Props) changes(account string) []change {
	all := slices.Concat(p.identities(), p.people(account), p.platform(), p.stored(), p.watching(), p.account())
	all = append(all, p.bootstrap())
	if len(p.Secrets) > 0 {
		var ids []any
		for _, name := range p.Secrets {
			ids = append(ids, name, map[string]any{"wildcard": "*:secret:" + name + "-*"})
		}
		all = append(all, change{
			// https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring-cloudtrail.html
			id: "Secrets", sources: []string{"secretsmanager"}, further: parameter("secretId", ids),
			verbs: []string{
				"Cancel", "Delete", "Put", "Remove", "Replicate", "Restore", "Rotate", "Stop", "Tag", "Untag", "Update",
			},
		})
	}
	return all
}

// identities are changes of the user pool and the identity pool. Cognito logs every operation of user pools in
// CloudTrail: https://docs.aws.amazon.com/cognito/latest/developerguide/logging-using-cloudtrail.html
func (p Props) identities() []change {
	return []change{
		{
			id: "UserPool", sources: []string{"cognito-idp"},
			verbs: []string{"Add", "Create", "Delete", "Set", "Start", "Stop", "Tag", "Untag", "Update"},
			further: parameters([]any{p.Pool.ID, map[string]any{"wildcard": "*:userpool/" + p.Pool.ID}},
				"userPoolId", "resourceArn"),
		},
		{
			id: "IdentityPool", sources: []string{"cognito-identity"},
			verbs: []string{"Delete", "Merge", "Set", "Tag", "Unlink", "Untag", "Update"},
			further: parameters([]any{p.IdentityPoolID, map[string]any{"wildcard": "*:identitypool/" + p.IdentityPoolID}},
				"identityPoolId", "resourceArn"),
		},
	}
}

// people are changes and reads of customers' accounts, and assumptions of the support desk's roles. The stage's own
// functions are left out: their logs say what they do.
func (p Props) people(account string) []change {
	functions := "arn:aws:sts::" + account + ":assumed-role/" + p.StageID + "-"
	who := func(match map[string]any) map[string]any { return map[string]any{"userIdentity": match} }
	return []change{
		{
			id: "Accounts", sources: []string{"cognito-idp"}, verbs: []string{"Admin", "ListUsers"}, reads: true,
			further: map[string]any{
				"requestParameters": map[string]any{"userPoolId": anyOf(p.Pool.ID)},
				"$or": []any{
					who(map[string]any{"arn": like("anything-but", map[string]any{"prefix": functions})}),
					who(map[string]any{"type": like("anything-but", "AssumedRole")}),
					who(map[string]any{"sessionContext": map[string]any{"sessionIssuer": map[string]any{
						"userName": anyOf(p.StageID+"-Support", p.StageID+"-Privacy"),
					}}}),
				},
			},
		},
		{
			// AssumeRole counts as reading.
			// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
			id: "Desk", sources: []string{"sts"}, names: []string{"AssumeRole"}, reads: true,
			further: parameter("roleArn", []any{
				map[string]any{"wildcard": "*:role/" + p.StageID + "-Support"},
				map[string]any{"wildcard": "*:role/" + p.StageID + "-Privacy"},
			}),
		},
	}
}
