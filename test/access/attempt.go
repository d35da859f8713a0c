package access

import (
	"slices"
	"strings"

	"github.com/securecart/identity/internal/deployed"
)

// Attempt is one request that a caller may try.
type Attempt struct {
	// Group names the subject, such as "Table Orders".
	Group string
	// Action is the IAM action, such as "dynamodb:GetItem".
	Action string
	// On describes the target of the action, such as "own row". It is unique within a group and action.
	On string
	// Resource is an ARN, or "*" for actions that have none.
	Resource string
	// Context holds the condition keys of the request, without those of the session.
	Context map[string][]string

	asks asks
	// method is the method of a route, nil if there is no such route.
	method *deployed.Method
	// open says whether an operation that needs no credentials is switched on.
	open bool
	// needs are the requests that AWS makes on behalf of the caller, such as for the key of encrypted data.
	needs []Attempt
}

// asks is what authorizes a request.
type asks int

const (
	// forSignature are requests signed with AWS credentials, which IAM decides.
	forSignature asks = iota
	// byRoute are requests to the API, whose method says what authorizes them.
	byRoute
	// forToken are user-pool operations on the caller's own account. "Amazon Cognito doesn't evaluate IAM policies in
	// requests for this API operation":
	// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUser.html
	forToken
	// forNothing are operations before any credentials.
	forNothing
)

// String is the attempt's name in tests and tables.
func (a Attempt) String() string { return a.Action + " " + a.Group + ", " + a.On }

// Signed reports whether IAM policies decide about the attempt.
func (a Attempt) Signed() bool { return a.asks == forSignature || a.asks == byRoute }

// Attempts are all attempts on the stage, by group.
func (s *Subject) Attempts() []Attempt {
	return slices.Concat(s.onAPI(), s.onTables(), s.onBuckets(), s.onKeys(), s.onUserPool(), s.byToken(),
		s.beforeCredentials(), s.onIdentityPool(), s.onRoles(), s.onFunctions(), s.onLogs(), s.onSecrets(),
		s.onMessages(), s.onDefences())
}

// list collects the attempts of a group.
type list struct {
	group string
	all   []Attempt
}

// target is the resource of an attempt, in words and as in a request.
type target struct {
	on, resource string
	context      map[string][]string
}

// each adds an attempt for each target and each of the service's actions, which blanks separate.
func (l *list) each(service string, targets []target, needs []Attempt, actions string) {
	for _, t := range targets {
		l.try(service, Attempt{On: t.on, Resource: t.resource, Context: t.context, needs: needs}, actions)
	}
}

// on is each for one target that needs no context.
func (l *list) on(service, on, resource, actions string) {
	l.try(service, Attempt{On: on, Resource: resource}, actions)
}

// try adds an attempt for each of the service's actions, which blanks separate.
func (l *list) try(service string, a Attempt, actions string) {
	for _, action := range strings.Fields(actions) {
		a.Group, a.Action = l.group, service+":"+action
		l.all = append(l.all, a)
	}
}
