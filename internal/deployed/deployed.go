// Package deployed reads a synthesized stage as if CloudFormation had deployed it: references are resolved, resources
// have names, and every property that matters is in a typed field.
//
// It is a closed world. An unknown resource type, property or intrinsic function is an error with the logical id, never
// ignored: it could be the part that protects the stage.
package deployed

import (
	"errors"
	"fmt"

	"github.com/securecart/identity/internal/assembly"
)

// Account is the account in which a stage is served if its config pins none. AWS's documentation uses it, too.
const Account = "111122223333"

// Stage is a deployed stage. Maps are keyed by the value that other resources refer to: ARNs for functions and roles,
// ids otherwise.
type Stage struct {
	// ID is the construct id, such as "SecureCart-Dev".
	ID      string
	Region  string
	Account string

	UserPool        UserPool
	Domain          UserPoolDomain
	ResourceServers []ResourceServer
	// Clients of the user pool by client id.
	Clients map[string]UserPoolClient
	// Providers are the identity providers of the user pool by name, such as "Google".
	Providers map[string]IdentityProvider

	IdentityPool  IdentityPool
	PrincipalTags []PrincipalTag
	PoolRoles     PoolRoles

	API API
	// Functions by ARN.
	Functions map[string]Function
	// Permissions say which services may invoke which function.
	Permissions []Permission
	// Schedules call functions at regular intervals.
	Schedules []Schedule
	// EventRules call functions for events of AWS.
	EventRules []EventRule
	// Alarms notify nobody here; drills compute their states.
	Alarms          []Alarm
	CompositeAlarms []CompositeAlarm

	// Roles by ARN, with every attached policy.
	Roles map[string]Role
	// Tables, Buckets and Keys by ARN.
	Tables  map[string]Table
	Buckets map[string]Bucket
	Keys    map[string]Key
	// QueuePolicies say who may use which queue.
	QueuePolicies []QueuePolicy
	// Parameters are the values of the SSM parameters by name.
	Parameters map[string]string

	// Outputs of all stacks by name. Their URLs are those of AWS.
	Outputs map[string]string
}

// Load reads a stage. The error joins everything unknown.
func Load(from assembly.Synthesized) (*Stage, error) {
	if len(from.Stacks) == 0 {
		return nil, fmt.Errorf("stage %s has no stack", from.ID)
	}
	l := &loader{resolver: resolver{from: from}, singles: map[string]string{}, paths: map[string]pathPart{}, stage: &Stage{
		ID: from.ID, Region: from.Stacks[0].Region, Account: from.Stacks[0].Account,
		Clients: map[string]UserPoolClient{}, Providers: map[string]IdentityProvider{},
		Functions: map[string]Function{}, Roles: map[string]Role{},
		Tables: map[string]Table{}, Buckets: map[string]Bucket{}, Keys: map[string]Key{},
		Parameters: map[string]string{}, Outputs: map[string]string{},
		API: API{
			Authorizers: map[string]Authorizer{}, Validators: map[string]RequestValidator{},
			Models: map[string]Model{}, GatewayResponses: map[string]GatewayResponse{},
		},
	}}
	if l.stage.Account == "" {
		l.stage.Account = Account
	}
	l.region, l.account = l.stage.Region, l.stage.Account
	for _, stack := range from.Stacks {
		l.loadStack(stack)
	}
	if len(l.errs) == 0 {
		l.attach()
		l.need()
	}
	if err := errors.Join(l.errs...); err != nil {
		return nil, fmt.Errorf("stage %s cannot be served:\n%w", from.ID, err)
	}
	return l.stage, nil
}

// need reports which indispensable part the stage lacks.
func (l *loader) need() {
	if err := l.throttledAreThere(); err != nil {
		l.errs = append(l.errs, err)
	}
	for what, there := range map[string]bool{
		"a user pool":          l.stage.UserPool.ID != "",
		"a user pool domain":   l.stage.Domain.Domain != "",
		"an app client":        len(l.stage.Clients) > 0,
		"an identity pool":     l.stage.IdentityPool.ID != "",
		"an API with a stage":  l.stage.API.ID != "" && l.stage.API.StageName != "",
		"a function":           len(l.stage.Functions) > 0,
		"roles for identities": l.stage.PoolRoles.Roles.Authenticated != "",
	} {
		if !there {
			l.errs = append(l.errs, fmt.Errorf("it has not %s", what))
		}
	}
}
