package test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/config"
)

var (
	// jobName is the first line of a job, and neededJob the job that another waits for.
	jobName   = regexp.MustCompile(`(?m)^  ([\w-]+):$`)
	neededJob = regexp.MustCompile(`(?m)^    needs: ([\w-]+)$`)
	// deploys is the stage of a job that deploys.
	deploys = regexp.MustCompile(`(?m)^      stage: (\w+)\n      task: deploy\n`)
)

// A deployJob is a job of the workflow that deploys a stage: its own lines, and those of all jobs that it waits for. It
// starts only if their conditions were met.
type deployJob struct{ stage, lines, conditions string }

func deployJobs(workflow string) (all []deployJob) {
	_, body, _ := strings.Cut(workflow, "\njobs:\n")
	jobs, names := map[string]string{}, jobName.FindAllStringSubmatch(body, -1)
	for i, lines := range jobName.Split(body, -1)[1:] {
		jobs[names[i][1]] = lines
	}
	for _, lines := range jobs {
		match := deploys.FindStringSubmatch(lines)
		if match == nil {
			continue
		}
		job := deployJob{match[1], lines, lines}
		for range jobs { // no chain is longer
			needed := neededJob.FindStringSubmatch(lines)
			if needed == nil {
				break
			}
			lines = jobs[needed[1]]
			job.conditions += lines
		}
		all = append(all, job)
	}
	return all
}

// deliveries are the problems of the workflow that deploys stages: each stage with a pipeline must have one job, which
// starts from the stage's Ref, because its role trusts no other. A stage without a pipeline has no role for a job.
func deliveries(workflow string, stages []config.Stage) []string {
	var problems, found []string
	for _, job := range deployJobs(workflow) {
		add := func(problem string) { problems = append(problems, job.stage+": "+problem) }
		found = append(found, job.stage)
		i := slices.IndexFunc(stages, func(s config.Stage) bool { return s.Name == job.stage })
		if i < 0 || !stages[i].Delivery.Pipeline() {
			add("a job deploys a stage without a pipeline")
			continue
		}
		starts := "github.ref == '" + stages[i].Delivery.Ref + "'"
		if tags, isTag := strings.CutPrefix(stages[i].Delivery.Ref, "refs/tags/"); isTag {
			starts = "github.ref_type == 'tag'"
			if !strings.Contains(workflow, "\n    tags: [\""+tags+"\"]\n") {
				add("no tag " + tags + " starts the workflow")
			}
		}
		if !strings.Contains(job.conditions, starts) {
			add("its deploy does not wait for " + starts)
		}
		if !strings.Contains(job.conditions, "' "+job.stage+" '") {
			add("its deploy ignores the variable DELIVER")
		}
		if !strings.Contains(job.lines, "\n      environment: "+job.stage+"\n") {
			add("its deploy is in another stage's environment")
		}
	}
	for _, s := range stages {
		if s.Delivery.Pipeline() && !slices.Contains(found, s.Name) {
			problems = append(problems, s.Name+": has a pipeline, and no job deploys it: add one to "+
				".github/workflows/deliver.yml, or set Delivery: Delivery{}")
		}
	}
	slices.Sort(problems)
	return problems
}

func TestEveryPipelineHasAJobAndEveryJobAPipeline(t *testing.T) {
	workflow := read(t, filepath.Join(root, ".github", "workflows", "deliver.yml"))
	for _, problem := range deliveries(workflow, config.Stages()) {
		t.Error(problem)
	}
	const devDeploy = "      stage: Dev\n      task: deploy\n"
	for _, c := range []struct{ what, from, to, want string }{
		{"a branch", "github.ref == 'refs/heads/main'", "github.ref != ''", "Dev: its deploy does not wait"},
		{"a branch in place of a tag", "github.ref_type == 'tag'", "github.ref != ''", "Prod: its deploy does not wait"},
		{"other tags", `tags: ["v*"]`, `tags: ["release-*"]`, "Staging: no tag v* starts"},
		{"a stage that nobody listed", "' Prod '", "' Staging '", "Prod: its deploy ignores"},
		{"another environment", "      environment: Prod\n", "      environment: Dev\n", "Prod: its deploy is in another"},
		{"no deploy", devDeploy, strings.Replace(devDeploy, "deploy", "drift", 1), "Dev: has a pipeline"},
		{"an unknown stage", devDeploy, strings.Replace(devDeploy, "Dev", "Jane", 1), "Jane: a job"},
	} {
		changed := strings.ReplaceAll(workflow, c.from, c.to)
		if changed == workflow {
			t.Errorf("%s: the workflow has no %q", c.what, c.from)
		}
		if got := strings.Join(deliveries(changed, config.Stages()), "\n"); !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.what, got, c.want)
		}
	}
	// As it was once: a job for Dev, and no pipeline.
	if got := deliveries(workflow, []config.Stage{config.Own("Dev")}); len(got) == 0 ||
		got[0] != "Dev: a job deploys a stage without a pipeline" {
		t.Errorf("a job without a pipeline is not found: %q", got)
	}
}

// matrix is the list of stages for which a job runs.
var matrix = regexp.MustCompile(`(?m)^ +(?:- STAGE|stage): \[(.+)\]$`)

// TestEveryPipelineShowsDifferencesAndDrift: a stage that is missing in a matrix is deployed by a pipeline, and nobody
// sees what a change would do to it, or what was changed past its templates.
func TestEveryPipelineShowsDifferencesAndDrift(t *testing.T) {
	var want []string
	for _, s := range config.Stages() {
		if s.Delivery.Pipeline() {
			want = append(want, s.Name)
		}
	}
	for _, file := range []string{".github/workflows/deliver.yml", ".github/workflows/drift.yml", "docs/gitlab-ci.yml"} {
		matrices := matrix.FindAllStringSubmatch(read(t, filepath.Join(root, file)), -1)
		if len(matrices) != 1 {
			t.Errorf("%s has %d matrices of stages, want 1", file, len(matrices))
			continue
		}
		got := strings.Split(matrices[0][1], ", ")
		slices.Sort(got)
		if !slices.Equal(got, slices.Sorted(slices.Values(want))) {
			t.Errorf("%s: the matrix has %v, want each stage with a pipeline: [%s]", file, got, strings.Join(want, ", "))
		}
	}
}

// TestADeployIsNeverCutOff: a newer commit of main must neither end a running deploy of Dev, which would go on at AWS
// with nobody looking, nor start a second one beside it.
// https://docs.github.com/en/actions/using-jobs/using-concurrency
func TestADeployIsNeverCutOff(t *testing.T) {
	for file, group := range map[string]string{
		"deliver.yml": "group: deliver-${{ github.ref }}\n",
		"stage.yml": "group: ${{ inputs.task }}-${{ inputs.stage }}-" +
			"${{ inputs.task == 'differences' && github.ref || 'one' }}\n",
	} {
		text := read(t, filepath.Join(root, ".github", "workflows", file))
		_, concurrency, _ := strings.Cut(text, "concurrency:\n")
		lines := strings.SplitN(concurrency, "\n", 5)
		if !strings.HasPrefix(strings.TrimSpace(concurrency), group) || len(lines) < 5 ||
			!slices.ContainsFunc(lines[1:3], func(line string) bool {
				return strings.TrimSpace(line) == "cancel-in-progress: false"
			}) || strings.Count(text, "cancel-in-progress:") != 1 {
			t.Errorf("%s may cut a deploy off, or let two meet:\n%s", file, strings.Join(lines[:min(4, len(lines))], "\n"))
		}
	}
}
