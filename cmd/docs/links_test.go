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

// relative is the target of a link in Markdown.
var relative = regexp.MustCompile(`\]\(([^)\s#]+)[^)]*\)`)

// Files that move take their links along: a document that leads nowhere misleads.
func TestLinksOfDocumentsLeadToFiles(t *testing.T) {
	root, links := filepath.Join("..", ".."), 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		// The pages that cmd and tools write are looked at where they are written to.
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
