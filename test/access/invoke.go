package access

import (
	"maps"

	"github.com/securecart/identity/internal/iam"
)

// Event is an event for which a service may invoke a function.
type Event struct {
	// What describes the event in words.
	What      string
	principal iam.Principal
	context   map[string][]string
}

// Invoke returns whether the function's policy lets a service invoke it for an event.
func (s *Subject) Invoke(functionARN string, e Event) (Verdict, error) {
	request := iam.Request{
		Action: "lambda:InvokeFunction", Resource: functionARN, Principal: e.principal, Context: s.everyRequest(),
	}
	maps.Copy(request.Context, e.context)
	decision, err := iam.Evaluate(s.invocations[functionARN], request)
	return Verdict{Allowed: decision.Outcome == iam.Allowed}, wrap("policy of "+functionARN, err)
}

// FunctionName is the folder of the program of a function of the stage, such as "lambda/orders".
func (s *Subject) FunctionName(arn string) string { return functionName(s.Functions[arn]) }

// Events are requests to every route and to other APIs, triggers of this and other user pools, schedules, rules and
// lines of logs.
func (s *Subject) Events() []Event {
	event := func(what, service, source, account string) Event {
		return Event{what, iam.Principal{Type: iam.Service, ID: service + ".amazonaws.com"}, map[string][]string{
			"aws:SourceArn": {source}, "aws:SourceAccount": {account},
		}}
	}
	var events []Event
	for _, a := range s.onAPI() {
		if a.method != nil {
			events = append(events, event(a.On, "apigateway", a.Resource, s.Account))
		}
	}
	route := func(what, resource string) Event {
		return event(what, "apigateway", s.arn("execute-api", resource), s.Account)
	}
	events = append(events,
		route("DELETE /orders, which the API has not", s.API.ID+"/"+s.API.StageName+"/DELETE/orders"),
		route("GET /orders of another stage", s.API.ID+"/another/GET/orders"),
		route("API Gateway's console, trying GET /orders", s.API.ID+"/test-invoke-stage/GET/orders"),
		route("GET /orders of another API", "another001/"+s.API.StageName+"/GET/orders"),
		event("trigger of this user pool", "cognito-idp", s.UserPool.ARN, s.Account),
		event("trigger of another user pool", "cognito-idp", s.arn("cognito-idp", "userpool/"+anotherPool), s.Account),
		event("trigger of a user pool in another account", "cognito-idp",
			"arn:aws:cognito-idp:"+s.Region+":"+anotherAccount+":userpool/"+s.UserPool.ID, anotherAccount),
	)
	for _, schedule := range s.Schedules {
		events = append(events, event("schedule "+label(schedule.Name), "events", schedule.ARN, s.Account))
	}
	for _, rule := range s.EventRules {
		events = append(events, event("rule "+label(rule.Name), "events", rule.ARN, s.Account))
	}
	group := func(name string) string { return s.arn("logs", "log-group:"+name+":*") }
	events = append(events,
		event("lines of the user pool's log", "logs", group("/aws/vendedlogs/cognito/"+s.ID+"-UserPool"), s.Account),
		event("lines of another log", "logs", group("another"), s.Account))
	for _, service := range []string{"s3", "sns", "events", "cognito-identity"} {
		events = append(events, event("event of "+service, service, s.arn(service, "any"), s.Account))
	}
	return events
}
