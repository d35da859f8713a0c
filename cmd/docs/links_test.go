package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// relative matches the target of a link in Markdown.
var relative = regexp.MustCompile(`\]\(([^)\s#]+)[^)]*\)`)

// TestLinksOfDocumentsLeadToFiles finds links that a moved or deleted file left dead.
func TestLinksOfDocumentsLeadToFiles(t *testing.T) {
	root, links := filepath.Join("..", ".."), 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		// The pages that cmd and tools write are checked in their target folder.
		case entry.IsDir() && slices.Contains([]string{"node_modules", ".build", ".git", "cmd", "tools"}, entry.Name()):
			return filepath.SkipDir
		case filepath.Ext(path) != ".md":
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, link := range relative.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(link[1], ":") {
				continue
			}
			links++
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), link[1])); err != nil {
				t.Errorf("%s leads to %s, which is not there", path, link[1])
			}
		}
		return nil
	})
	if err != nil || links < 100 {
		t.Errorf("%d links, error %v, want more than 100", links, err)
	}
}

// answer matches a row of the questions in docs/README.md: the words of the answer, and the file that contains them.
var answer = regexp.MustCompile(`\? \| "([^"]+)" \| \[[^\]]+\]\(([^)]+)\)`)

// TestQuestionsAreAnsweredWhereTheIndexSays finds answers that were reworded or moved: their readers would search in
// vain.
func TestQuestionsAreAnsweredWhereTheIndexSays(t *testing.T) {
	answers := answer.FindAllStringSubmatch(textOf(t, "docs/README.md"), -1)
	for _, found := range answers {
		text := strings.ReplaceAll(textOf(t, filepath.Join("docs", found[2])), "\n//", "\n")
		if !strings.Contains(strings.Join(strings.Fields(text), " "), found[1]) {
			t.Errorf("%s does not say %q", found[2], found[1])
		}
	}
	if len(answers) != 10 {
		t.Errorf("%d questions of ten have an answer in quotation marks and a link", len(answers))
	}
}
