package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

var (
	used = regexp.MustCompile(`(?m)^[ \t-]*["']?uses["']?[ \t]*:.*$`)
	// pinned matches an action at a commit, with the commit's version. A tag could be moved to other code.
	// https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions
	pinned = regexp.MustCompile(`^ *(- )?uses: [\w.-]+(/[\w.-]+)+@[0-9a-f]{40} # v\d+(\.\d+)+$`)
	// ours matches a workflow of this repository, which GitHub takes from the same commit.
	// https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows#calling-a-reusable-workflow
	ours = regexp.MustCompile(`^ *uses: \./\.github/workflows/[\w-]+\.yml$`)
)

// unpinned returns the lines of a workflow that use an action by a name whose code can change.
func unpinned(workflow string) (lines []string, uses int) {
	all := used.FindAllString(workflow, -1)
	for _, line := range all {
		if !pinned.MatchString(line) && !ours.MatchString(line) {
			lines = append(lines, line)
		}
	}
	return lines, len(all)
}

func TestEveryActionOfAWorkflowIsPinnedToACommit(t *testing.T) {
	uses := 0
	for _, pattern := range []string{"*.yml", "*.yaml"} {
		files, err := filepath.Glob(filepath.Join("..", "..", ".github", "workflows", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			lines, found := unpinned(string(text))
			uses += found
			for _, line := range lines {
				t.Errorf("%s: %q: want owner/action@<40 hexadecimal digits> # v<version>", file, line)
			}
		}
	}
	if uses == 0 {
		t.Error("no workflow uses an action: nothing was checked")
	}
}

func TestAnActionThatMayChangeIsFound(t *testing.T) {
	const commit = "08c6903cd8c0fde910a37f88322edcfb5dd907a8"
	for line, want := range map[string]int{
		"      - uses: actions/checkout@" + commit + " # v5.0.0":     0,
		"        uses: owner/repo/folder@" + commit + " # v1.2":      0,
		"      - uses: actions/checkout@v5":                          1,
		"      - uses: actions/checkout@main # v5.0.0":               1,
		"      - uses: actions/checkout@" + commit:                   1,
		"      - uses: actions/checkout@" + commit[:7] + " # v5.0.0": 1,
		"      - uses: docker://alpine:3":                            1,
		"      - uses: ./local":                                      1,
		"    uses: ./.github/workflows/stage.yml":                    0,
		"      - uses: ./.github/actions/mine":                       1,
		"    uses: ./.github/workflows/../../elsewhere.yml":          1,
		`      - "uses": actions/checkout@v5`:                        1,
	} {
		if lines, uses := unpinned("jobs:\n" + line + "\n"); len(lines) != want || uses != 1 {
			t.Errorf("%s: %v of %d", line, lines, uses)
		}
	}
}
