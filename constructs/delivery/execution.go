package delivery

import "slices"

// grant is what CloudFormation may do to one kind of resource of the stage.
type grant struct {
	sid        string
	resources  []string
	conditions map[string]any
	// read are the actions that only read a resource's configuration; write are all others that CloudFormation needs.
	// Neither reads customers' data or secrets.
	read, write []string
}

// grants are all that CloudFormation needs for a stage: the actions that the schemas of its resource types list, for
// the properties that a stage sets. A test compares them with those schemas for every resource of every stage that has
// a pipeline.
//
// A resource is matched by its name, which begins with its stack's name, or by the tag stage where AWS chooses the id.
// https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
func (s stage) grants() []part {
	return []part{
		{"Users", slices.Concat(s.users(), s.identities())},
		{"Data", s.data()},
		{"Functions", slices.Concat(s.functions(), s.logs())},
		{"Api", slices.Concat(s.api(), s.alarms(), s.spending())},
	}
}

// part is one managed policy. The grants need several, because IAM limits each to 6,144 characters.
type part struct {
	name   string
	grants []grant
}
