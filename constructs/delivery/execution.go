package delivery

import "slices"

// grant is what CloudFormation may do to one kind of resource of the stage.
type grant struct {
	sid        string
	resources  []string
	conditions map[string]any
	// read are the actions that only look at how a resource is configured, write all others that CloudFormation needs.
	// Neither reads what customers have written, nor what is secret.
	read, write []string
}

// grants are all that CloudFormation needs for a stage: the actions that its resource types' handlers name in their
// schemas, for the properties that a stage has. A test compares them with those schemas for every resource of every
// stage that has a pipeline.
//
// A resource is known by its name, which begins with that of its stack, or by the tag stage, where AWS chooses the id.
// https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
func (s stage) grants() []part {
	return []part{
		{"Users", slices.Concat(s.users(), s.identities())},
		{"Data", s.data()},
		{"Functions", slices.Concat(s.functions(), s.logs())},
		{"Api", slices.Concat(s.api(), s.alarms(), s.spending())},
	}
}

// part is a policy of its own, because IAM takes 6,144 characters in each.
type part struct {
	name   string
	grants []grant
}
