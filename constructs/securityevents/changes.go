package securityevents

import "slices"

// change is a set of CloudTrail's events that one rule lets through.
type change struct {
	// id is the rule's in the stage.
	id string
	// sources are the services that answered, such as "kms".
	sources []string
	// verbs begin the names of the operations, so that new operations, and versions that CloudTrail adds to names, are
	// among them. names are whole names. All of the service's if both are empty.
	verbs, names []string
	// reads also lets through what only reads, which EventBridge otherwise keeps from rules.
	reads bool
	// further is what else of the event's detail must be so, above all which resource it is about.
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

// begin matches names that begin with one of the verbs.
func begin(verbs ...string) []any {
	list := make([]any, len(verbs))
	for i, verb := range verbs {
		list[i] = map[string]any{"prefix": verb}
	}
	return list
}

// like matches texts by a pattern with "*", and the comparison of this kind, such as "prefix".
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

// managed is without what is done to data, which a trail may log, too: it would be as much as there is traffic, and a
// record that is written would be an event about itself.
func managed(further map[string]any) map[string]any {
	further["managementEvent"] = []any{true}
	return further
}

// changes are all that is kept, for one stage.
func (p Props) changes(account string) []change {
	all := slices.Concat(p.identities(), p.people(account), p.platform(), p.stored(), p.watching(), p.account())
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

// identities are changes of the user pool and the identity pool. Cognito sends all operations of user pools to
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

// people are what anybody but the stage's own functions does to accounts of customers, reads of them included, and who
// takes a role of the support desk. The functions' own log says what they do.
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
