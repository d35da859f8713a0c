package walk

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/internal/module"
)

// walked lists the documents whose commands the walk runs, in this order: README's first, the others while `make local`
// serves its stage.
var walked = []string{"README.md", "docs/local.md", "docs/support.md", "docs/security.md"}

// forAWS marks a block of commands that need an AWS account.
const forAWS = "sh for AWS"

// others lists the languages of blocks without commands.
var others = []string{"go", "json", "mermaid", "ts", "yaml", "text"}

var (
	// fence matches a fenced block and its content.
	fence = regexp.MustCompile("(?ms)^ *```([^\n]*)\n(.*?)^ *```$")
	// called matches a target of make in a text.
	called = regexp.MustCompile("`make ([a-z0-9]+)")
	target = regexp.MustCompile(`(?m)^([a-z0-9]+):`)
)

// blocks returns the commands of a document by block, without those for AWS.
func blocks(text string) (commands []string) {
	for _, block := range fence.FindAllStringSubmatch(text, -1) {
		if block[1] == "sh" {
			commands = append(commands, block[2])
		}
	}
	return commands
}

// documents returns all Markdown files of the repository, relative to its root.
func documents(t *testing.T, root string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch name := entry.Name(); {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains([]string{"node_modules", ".build", ".git", "cmd"}, name):
			// cmd/docs contains parts of documents in docs.
			return filepath.SkipDir
		case strings.HasSuffix(name, ".md"):
			files = append(files, strings.TrimPrefix(path, root+"/"))
		}
		return nil
	})
	if err != nil || len(files) < 40 {
		t.Fatalf("%d documents, %v", len(files), err)
	}
	return files
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
	marked := 0
	for _, file := range documents(t, root) {
		text := read(file)
		if commands := blocks(text); len(commands) > 0 && !slices.Contains(walked, file) {
			t.Errorf("%s has commands that nobody runs: %q; walk it, or mark the block ```%s", file, commands, forAWS)
		}
		for _, block := range fence.FindAllStringSubmatch(text, -1) {
			language, _, _ := strings.Cut(block[1], " ")
			switch {
			case block[1] == forAWS:
				marked++
			case block[1] != "sh" && !slices.Contains(others, language):
				t.Errorf("%s has a block of language %q, which nobody knows to run or to leave out: ```sh, ```%s or one of %v",
					file, block[1], forAWS, others)
			}
		}
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
