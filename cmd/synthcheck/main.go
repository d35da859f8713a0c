// Command synthcheck reads the output of `cdk synth`, prints a table of the stacks, and fails on every warning or error
// that a reviewed file does not accept with a reason.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/securecart/identity/internal/assembly"
)

// Limits of a template are well below CloudFormation's 500 resources and 1 MB, so that a stack is split in time.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
const (
	maxResources = 200
	maxBytes     = 400_000
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, out, errs io.Writer) int {
	flags := flag.NewFlagSet("synthcheck", flag.ContinueOnError)
	flags.SetOutput(errs)
	dir := flags.String("assembly", "cdk.out", "folder that `cdk synth` wrote")
	file := flags.String("accepted", "accepted-findings.json", "findings that stay, each with its reason")
	stage := flags.String("stage", "", "only check that this stage, such as Dev, exists")
	deletable := flags.Bool("deletable", false,
		"with --stage: fail if anything of the stage is protected against deletion")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	a, err := assembly.Read(*dir)
	if err == nil && *stage != "" {
		err = choose(a, *stage, *deletable)
	} else if err == nil {
		var findings []assembly.Finding
		if findings, err = assembly.ReadFindings(*dir); err == nil {
			err = check(a, findings, *file, out)
		}
	}
	if err != nil {
		fmt.Fprintln(errs, err)
		return 1
	}
	return 0
}

// choose refuses a stage that does not exist and, before a deletion, a stage that is protected against deletion.
func choose(a *assembly.Assembly, name string, toDelete bool) error {
	stage, ok := a.Stage("SecureCart-" + name)
	if !ok {
		var names []string
		for _, s := range a.Stages {
			names = append(names, strings.TrimPrefix(s.ID, "SecureCart-"))
		}
		return fmt.Errorf("stage %q does not exist; choose one of %s", name, strings.Join(names, ", "))
	}
	for _, stack := range stage.Stacks {
		if protection := protectionOf(stack); toDelete && protection != "" {
			return fmt.Errorf("stage %s is not deleted: stack %s has %s; "+
				"docs/operations.md, \"Delete a stage\", says what to do first", name, stack.Name, protection)
		}
	}
	return nil
}

// protectionOf names the protection that would make the deletion of a stack fail, wholly or halfway.
func protectionOf(stack assembly.Stack) string {
	if stack.TerminationProtection {
		return "termination protection, because customers live there"
	}
	for _, id := range stack.Template.IDs() {
		properties := stack.Template.Resources[id].Properties
		if properties["DeletionProtection"] == "ACTIVE" || properties["DeletionProtectionEnabled"] == true {
			return "deletion protection on " + id
		}
	}
	return ""
}

// accepted is a finding that reviewers accepted.
type accepted struct {
	Rule      string `json:"rule"`
	Construct string `json:"construct"`
	Reason    string `json:"reason"`
}

// check prints the table and joins all problems: findings that are not accepted, stale entries, and templates that are
// too large.
func check(a *assembly.Assembly, findings []assembly.Finding, file string, out io.Writer) error {
	list, err := readAccepted(file)
	if err != nil {
		return err
	}
	problems := printTable(a, findings, out)
	used := map[accepted]bool{}
	for _, finding := range findings {
		if reason := accept(list, finding); reason != (accepted{}) {
			used[reason] = true
			fmt.Fprintf(out, "accepted: %s (%s)\n", finding, reason.Reason)
			continue
		}
		problems = append(problems, fmt.Errorf("%s; mend it, or accept it with a reason in %s", finding, file))
	}
	for _, entry := range list {
		if !used[entry] {
			problems = append(problems,
				fmt.Errorf("%s: rule %s of %s is found no more; remove the entry", file, entry.Rule, entry.Construct))
		}
	}
	return errors.Join(problems...)
}

func accept(list []accepted, finding assembly.Finding) accepted {
	for _, entry := range list {
		if entry.Rule == finding.Rule && entry.Construct == finding.Construct {
			return entry
		}
	}
	return accepted{}
}

func readAccepted(file string) ([]accepted, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read accepted findings: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var list []accepted
	if err := decoder.Decode(&list); err != nil {
		return nil, fmt.Errorf("read accepted findings: %s: %w", file, err)
	}
	for i, entry := range list {
		if entry.Rule == "" || entry.Construct == "" || len(entry.Reason) < 20 {
			return nil, fmt.Errorf("%s: entry %d must name rule, construct and a reason that a reviewer can judge, "+
				"got %+v", file, i, entry)
		}
	}
	return list, nil
}

// printTable prints a line for each stack, and returns an error for each template that is too large.
func printTable(a *assembly.Assembly, findings []assembly.Finding, out io.Writer) (problems []error) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "STAGE\tSTACK\tRESOURCES\tTEMPLATE\tWARNINGS")
	for _, stage := range a.Stages {
		for _, stack := range stage.Stacks {
			resources, path := len(stack.Template.Resources), stage.ID+"/"+stack.ID
			fmt.Fprintf(w, "%s\t%s\t%d\t%.1f kB\t%d\n", strings.TrimPrefix(stage.ID, "SecureCart-"), stack.ID,
				resources, float64(len(stack.JSON))/1000, below(path, findings))
			if resources >= maxResources || len(stack.JSON) >= maxBytes {
				problems = append(problems, fmt.Errorf(
					"%s: template must have fewer than %d resources and %d bytes, got %d and %d; split the stack",
					path, maxResources, maxBytes, resources, len(stack.JSON)))
			}
		}
	}
	if err := w.Flush(); err != nil {
		problems = append(problems, fmt.Errorf("print table: %w", err))
	}
	return problems
}

// below counts the findings about a stack and its constructs.
func below(path string, findings []assembly.Finding) int {
	n := 0
	for _, f := range findings {
		if f.Construct == path || strings.HasPrefix(f.Construct, path+"/") {
			n++
		}
	}
	return n
}
