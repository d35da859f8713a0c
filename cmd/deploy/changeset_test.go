package main

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"strings"
)

func (f *cloudFormation) createChangeSet(r *http.Request) (string, error) {
	name, stack, err := f.find(r)
	switch {
	case r.FormValue("ChangeSetType") == "CREATE" && err != nil:
		stack = &stackState{status: "REVIEW_IN_PROGRESS", made: map[string]bool{}}
		f.stacks[name] = stack
	case err != nil:
		return "", err
	case strings.HasPrefix(stack.status, "ROLLBACK_"):
		return "", refusal{message: fmt.Sprintf("Stack:%s is in %s state and can not be updated.", arn(name), stack.status)}
	}
	// The CLI sends the one template of this test, as YAML.
	if err := json.Unmarshal([]byte(template), &stack.planned); err != nil {
		return "", err
	}
	return fmt.Sprintf("<Id>arn:aws:cloudformation:eu-central-1:111122223333:changeSet/%s/1</Id><StackId>%s</StackId>",
		r.FormValue("ChangeSetName"), arn(name)), nil
}

func (f *cloudFormation) deleteChangeSet(r *http.Request) (string, error) {
	_, stack, err := f.find(r)
	if err == nil {
		stack.planned = nil
	}
	return "", err
}

func (f *cloudFormation) describeChangeSet(r *http.Request) (string, error) {
	name, stack, err := f.find(r)
	if err != nil {
		return "", err
	}
	if stack.planned == nil {
		return "", refusal{"ChangeSet [" + r.FormValue("ChangeSetName") + "] does not exist", "ChangeSetNotFound"}
	}
	var changes strings.Builder
	for _, id := range resources(stack.planned) {
		if !stack.made[id] {
			fmt.Fprintf(&changes, "<member><Type>Resource</Type><ResourceChange><Action>Add</Action>"+
				"<LogicalResourceId>%s</LogicalResourceId></ResourceChange></member>", id)
		}
	}
	status, reason := "CREATE_COMPLETE", ""
	if changes.Len() == 0 {
		status = "FAILED"
		reason = "The submitted information didn't contain changes. " +
			"Submit different information to create a change set."
	}
	return fmt.Sprintf(
		`<ChangeSetName>cdk-deploy-change-set</ChangeSetName>`+
			`<ChangeSetId>arn:aws:cloudformation:eu-central-1:111122223333:changeSet/cdk/1</ChangeSetId>`+
			`<StackId>%s</StackId><StackName>%s</StackName><Status>%s</Status><StatusReason>%s</StatusReason>`+
			`<ExecutionStatus>AVAILABLE</ExecutionStatus><Changes>%s</Changes>`,
		arn(name), name, status, html.EscapeString(reason), changes.String(),
	), nil
}
