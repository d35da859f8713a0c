package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/google/licensecheck"
)

// permissive lists licences that require a notice at most. MPL-2.0 requires the source of its own files, which are used
// as published.
var permissive = []string{
	"0BSD", "Apache-2.0", "BlueOak-1.0.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MPL-2.0",
	"Unlicense",
}

// forRunning lists further licences accepted for tools: nobody needs a licence to run a program, and no tool is linked
// or distributed.
var forRunning = []string{"GPL-3.0", "GPL-3.0-or-later", "OFL-1.1"}

// elsewhere lists the licences of modules that come without a licence file.
var elsewhere = map[string]string{
	// The module is a copy of Go's own gofmt, which has Go's licence: https://go.dev/LICENSE
	"github.com/golangci/gofmt": "BSD-3-Clause",
}

// summaries lists files that explain which licence file applies to which part. They are not licences themselves.
var summaries = []string{
	"github.com/aws/aws-lambda-go LICENSE-SUMMARY",
	"github.com/alecthomas/go-check-sumtype COPYING",
}

func accept(c component) error {
	accepted := permissive
	if c.use == forTools {
		accepted = slices.Concat(permissive, forRunning)
	}
	if len(c.licences) == 0 {
		return fmt.Errorf("%s states no licence: find out under which it is, or do without it", c.id())
	}
	for _, licence := range c.licences {
		if !slices.Contains(accepted, licence) {
			return fmt.Errorf("%s is under %s, which is not accepted here: "+
				"do without it, or decide that it is and add it to licence.go", c.id(), licence)
		}
	}
	return nil
}

var licenceFile = regexp.MustCompile(`(?i)^(un)?(licen[cs]es?|copying)(-[\w.-]+)?(\.(txt|md|markdown|rst))?$`)

// covered is the percentage of a licence file's words that must belong to a known licence, the same as on pkg.go.dev.
const covered = 75

// licencesIn reads the licences of a module from the files in its folder.
func licencesIn(folder, module string) ([]string, error) {
	if licence, ok := elsewhere[module]; ok {
		return []string{licence}, nil
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var (
		found []string
		errs  []error
	)
	for _, entry := range entries {
		if entry.IsDir() || !licenceFile.MatchString(entry.Name()) || slices.Contains(summaries, module+" "+entry.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil {
			return nil, err
		}
		coverage := licensecheck.Scan(text)
		if coverage.Percent < covered {
			errs = append(errs, fmt.Errorf("%s: %.0f %% of it are words of a known licence", entry.Name(), coverage.Percent))
			continue
		}
		for _, match := range coverage.Match {
			if !match.IsURL {
				found = append(found, match.ID)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found), errors.Join(errs...)
}
