package walk

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/internal/module"
)

// walked are the documents whose commands the walk runs, in this order: README's first, the others while the stage of
// `make local` is served.
var walked = []string{"README.md", "docs/local.md", "docs/support.md", "docs/security.md"}

// forAWS marks a block of commands that need an AWS account.
const forAWS = "sh for AWS"

var (
	// fence is a fenced block, with what it holds.
	fence = regexp.MustCompile("(?ms)^ *```([^\n]*)\n(.*?)^ *```$")
	// called is a target of make in a text.
	called = regexp.MustCompile("`make ([a-z0-9]+)")
	target = regexp.MustCompile(`(?m)^([a-z0-9]+):`)
)

// blocks are the commands of a document, by block, without those for AWS.
func blocks(text string) (commands []string) {
	for _, block := range fence.FindAllStringSubmatch(text, -1) {
		if block[1] == "sh" {
			commands = append(commands, block[2])
		}
	}
	return commands
}

func TestEveryCommandOfADocumentIsWalkedOrForAWS(t *testing.T) {
	root, err := module.Root()
	if err != nil {
		t.Fatal(err)
	}
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	var targets []string
	for _, match := range target.FindAllStringSubmatch(read("Makefile"), -1) {
		targets = append(targets, match[1])
	}
	files := []string{"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"}
	for _, pattern := range []string{"docs/*.md", "docs/adr/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, file := range found {
			files = append(files, strings.TrimPrefix(file, root+"/"))
		}
	}
	marked := 0
	for _, file := range files {
		text := read(file)
		if commands := blocks(text); len(commands) > 0 && !slices.Contains(walked, file) {
			t.Errorf("%s has commands that nobody runs: %q; walk it, or mark the block ```%s", file, commands, forAWS)
		}
		marked += strings.Count(text, "```"+forAWS+"\n")
		for _, call := range called.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(targets, call[1]) {
				t.Errorf("%s: there is no make %s", file, call[1])
			}
		}
	}
	for _, file := range walked {
		if len(blocks(read(file))) == 0 {
			t.Errorf("%s has no commands: the walk would pass it by", file)
		}
	}
	if marked < 3 || len(targets) < 20 {
		t.Errorf("%d blocks for AWS, %d targets: nothing was looked at", marked, len(targets))
	}
}
