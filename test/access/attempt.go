package access

import (
	"slices"
	"strings"

	"github.com/securecart/identity/internal/deployed"
)

// Attempt is one thing that somebody may try.
type Attempt struct {
	// Group is what it is about, such as "Table Orders".
	Group string
	// Action is IAM's name of it, such as "dynamodb:GetItem".
	Action string
	// On is what it is tried on, in words, such as "own row". Attempts of a group with one action differ in it.
	On string
	// Resource is an ARN, or "*" for actions that have none.
	Resource string
	// Context are the condition keys of the request beside those of the session.
	Context map[string][]string

	asks asks
	// method is the method of a route, nil if there is no such route.
	method *deployed.Method
	// open says whether anybody may, for what asks for nothing.
	open bool
	// needs are further requests that AWS makes on behalf of the caller: for the key of what is encrypted.
	needs []Attempt
}

// asks is what a request must bring along.
type asks int

const (
	// forSignature are requests signed with AWS credentials, which IAM decides.
	forSignature asks = iota
	// byRoute are requests to the API: the method says what it asks for.
	byRoute
	// forToken are operations of the user pool on oneself. "Amazon Cognito doesn't evaluate IAM policies in requests for
	// this API operation": https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUser.html
	forToken
	// forNothing are operations before any credentials.
	forNothing
)

// String is the attempt as tests and tables name it.
func (a Attempt) String() string { return a.Action + " " + a.Group + ", " + a.On }

// Signed reports whether IAM has a say.
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

// target is what is tried, in words and as a request.
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
