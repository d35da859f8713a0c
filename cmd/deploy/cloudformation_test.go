package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
)

// cloudFormation refuses what AWS refuses after a failed creation: an update of a rolled-back stack, an execution with
// rollback after a failure, and the deletion of a protected stack or resource.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/Welcome.html
type cloudFormation struct {
	*httptest.Server
	mu     sync.Mutex
	stacks map[string]*stackState
	// failing are the resources that cannot be created, as "stack/logical id".
	failing map[string]bool
	// calls are the changing operations, by stack.
	calls map[string][]string
}

type stackState struct {
	status    string
	protected bool
	template  map[string]any
	planned   map[string]any
	// made are the logical ids that exist.
	made map[string]bool
}

func newCloudFormation(t *testing.T) *cloudFormation {
	t.Helper()
	f := &cloudFormation{stacks: map[string]*stackState{}, failing: map[string]bool{}, calls: map[string][]string{}}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

// refusal is an error of CloudFormation's, ValidationError unless it has a code.
type refusal struct{ message, code string }

func (r refusal) Error() string { return r.message }

func (f *cloudFormation) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	operation := r.FormValue("Action")
	operations := map[string]func(*http.Request) (string, error){
		"GetCallerIdentity": func(*http.Request) (string, error) {
			return `<Arn>arn:aws:iam::111122223333:user/deployer</Arn><UserId>A</UserId><Account>111122223333</Account>`, nil
		},
		"DescribeStacks": f.describe, "GetTemplate": f.deployed, "CreateChangeSet": f.createChangeSet,
		"DescribeChangeSet": f.describeChangeSet, "DeleteChangeSet": f.deleteChangeSet,
		"UpdateTerminationProtection": f.protect, "ExecuteChangeSet": f.execute, "DeleteStack": f.delete,
		"DescribeStackEvents": func(*http.Request) (string, error) { return "<StackEvents></StackEvents>", nil },
	}
	serve, ok := operations[operation]
	body, err := "", error(refusal{message: "unknown operation " + operation})
	if ok {
		body, err = serve(r)
	}
	w.Header().Set("Content-Type", "text/xml")
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		code := "ValidationError"
		if refused := (refusal{}); errors.As(err, &refused) && refused.code != "" {
			code = refused.code
		}
		const refused = `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error>` +
			`</ErrorResponse>`
		fmt.Fprintf(w, refused, code, err)
		return
	}
	fmt.Fprintf(w, `<%sResponse><%sResult>%s</%sResult></%sResponse>`, operation, operation, body, operation, operation)
}

// fail reports whether a resource of a stack cannot be created.
func (f *cloudFormation) fail(resource string, fails bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failing[resource] = fails
}

// look returns a stack's status, its protection, and its calls.
func (f *cloudFormation) look(name string) (status string, protected bool, calls []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if stack, ok := f.stacks[name]; ok {
		status, protected = stack.status, stack.protected
	}
	return status, protected, slices.Clone(f.calls[name])
}

func (f *cloudFormation) find(r *http.Request) (string, *stackState, error) {
	name := r.FormValue("StackName")
	if _, after, isARN := strings.Cut(name, ":stack/"); isARN {
		name, _, _ = strings.Cut(after, "/")
	}
	stack, ok := f.stacks[name]
	if !ok {
		return name, nil, refusal{message: "Stack with id " + name + " does not exist"}
	}
	return name, stack, nil
}

func arn(name string) string {
	return "arn:aws:cloudformation:eu-central-1:111122223333:stack/" + name + "/1"
}

func (f *cloudFormation) describe(r *http.Request) (string, error) {
	name, stack, err := f.find(r)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf(`<Stacks><member><StackName>%s</StackName><StackId>%s</StackId><StackStatus>%s</StackStatus>`+
		`<CreationTime>2026-01-01T00:00:00Z</CreationTime><EnableTerminationProtection>%t</EnableTerminationProtection>`+
		`<Tags></Tags></member></Stacks>`,
		name, arn(name), stack.status, stack.protected), nil
}

func (f *cloudFormation) deployed(r *http.Request) (string, error) {
	_, stack, err := f.find(r)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(stack.template)
	return "<TemplateBody>" + html.EscapeString(string(text)) + "</TemplateBody>", err
}

func (f *cloudFormation) protect(r *http.Request) (string, error) {
	name, stack, err := f.find(r)
	if err != nil {
		return "", err
	}
	stack.protected = r.FormValue("EnableTerminationProtection") == "true"
	return "<StackId>" + arn(name) + "</StackId>", nil
}

func (f *cloudFormation) execute(r *http.Request) (string, error) {
	name, stack, err := f.find(r)
	if err != nil {
		return "", err
	}
	keep := r.FormValue("DisableRollback") == "true"
	f.calls[name] = append(f.calls[name], fmt.Sprintf("execute, rollback %t", !keep))
	creating := stack.status == "REVIEW_IN_PROGRESS"
	if strings.HasSuffix(stack.status, "_FAILED") && !keep {
		return "", refusal{
			message: fmt.Sprintf("This stack is currently in a non-terminal [%s] state. To update the stack from this state, "+
				"please use the disable-rollback parameter with update-stack API.", stack.status),
		}
	}
	stack.template, stack.planned = stack.planned, nil
	failed := false
	for _, id := range resources(stack.template) {
		stack.made[id] = stack.made[id] || !f.failing[name+"/"+id]
		failed = failed || !stack.made[id]
	}
	switch {
	case !failed && creating:
		stack.status = "CREATE_COMPLETE"
	case !failed:
		stack.status = "UPDATE_COMPLETE"
	case keep && creating:
		stack.status = "CREATE_FAILED"
	case keep:
		stack.status = "UPDATE_FAILED"
	case creating:
		stack.status = "ROLLBACK_COMPLETE"
		if !f.unmake(stack) {
			stack.status = "ROLLBACK_FAILED"
		}
	default:
		stack.status = "UPDATE_ROLLBACK_COMPLETE"
	}
	return "", nil
}

// unmake deletes unprotected resources, and reports whether none is left.
func (f *cloudFormation) unmake(stack *stackState) bool {
	all := true
	for _, id := range resources(stack.template) {
		properties, _ := stack.template["Resources"].(map[string]any)[id].(map[string]any)["Properties"].(map[string]any)
		if stack.made[id] && properties["DeletionProtection"] == "ACTIVE" {
			all = false
			continue
		}
		delete(stack.made, id)
	}
	return all
}

func (f *cloudFormation) delete(r *http.Request) (string, error) {
	name, stack, err := f.find(r)
	if err != nil {
		return "", err
	}
	f.calls[name] = append(f.calls[name], "delete")
	if stack.protected {
		return "", refusal{message: "Stack [" + name + "] cannot be deleted while TerminationProtection is enabled"}
	}
	if !f.unmake(stack) {
		stack.status = "DELETE_FAILED"
		return "", nil
	}
	delete(f.stacks, name)
	return "", nil
}

func resources(template map[string]any) []string {
	all, _ := template["Resources"].(map[string]any)
	return slices.Sorted(maps.Keys(all))
}
