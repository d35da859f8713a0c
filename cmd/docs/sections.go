package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// section is a generated part of a page written by hand. Two comments that name the section enclose it.
type section struct {
	name     string
	generate func(root string) (string, error)
}

// begin and end return the lines around a section, without indentation.
func (s section) begin() string { return "<!-- " + s.name + ": written by make docs -->" }

func (s section) end() string { return "<!-- end of " + s.name + " -->" }

// withSections returns a page in which these sections are generated again.
func withSections(file string, sections ...section) page {
	return page{file, func(root string) (string, error) {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			return "", err
		}
		page := string(text)
		for _, s := range sections {
			written, err := s.generate(root)
			if err == nil {
				page, err = s.write(page, written)
			}
			if err != nil {
				return "", fmt.Errorf("%s: %w", s.name, err)
			}
		}
		return page, nil
	}}
}

// write replaces the content of the section. Its lines take the indentation of the first comment, as within a list.
func (s section) write(page, written string) (string, error) {
	before, rest, begins := strings.Cut(page, s.begin()+"\n")
	_, after, ends := strings.Cut(rest, s.end())
	if !begins || !ends {
		return "", fmt.Errorf("the page lacks the lines %q and %q", s.begin(), s.end())
	}
	indentation := before[strings.LastIndex(before, "\n")+1:]
	var lines strings.Builder
	for line := range strings.Lines(written) {
		if line != "\n" {
			line = indentation + line
		}
		lines.WriteString(line)
	}
	return before + s.begin() + "\n\n" + lines.String() + indentation + s.end() + after, nil
}
