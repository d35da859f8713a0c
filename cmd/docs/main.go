// Command docs writes docs/access-matrix.md from the reviewed templates, docs/security.md from the catalogue of
// threats, and docs/costs.md from config, templates and a table of prices. It also writes the tables between comments
// of other pages. Its test compares all of them with the committed files.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) > 1 {
		fmt.Fprintln(os.Stderr, "usage: make docs (from the folder of go.mod; writes the generated pages, no arguments)")
		os.Exit(2)
	}
	if err := write("."); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// page is a generated document.
type page struct {
	file     string
	generate func(root string) (string, error)
}

// pages lists the generated documents, with files relative to the repository.
var pages = []page{
	{"docs/access-matrix.md", accessMatrix},
	{"docs/security.md", security},
	{"docs/costs.md", costsPage},
	withSections("docs/local.md", section{"operations", localOperations}),
	withSections("docs/reference.md", section{"routes", routes}, section{"stages", stageParts}),
	withSections("docs/operations.md", section{"secrets", providerSecrets}),
}

func write(root string) error {
	for _, p := range pages {
		text, err := p.generate(root)
		if err != nil {
			return fmt.Errorf("%s: %w", p.file, err)
		}
		if err := os.WriteFile(filepath.Join(root, p.file), []byte(text), 0o644); err != nil {
			return err
		}
		fmt.Println(p.file)
	}
	return nil
}
