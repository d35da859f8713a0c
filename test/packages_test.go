package test

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// exact is a version that names one package: no range, tag, address or file.
var exact = regexp.MustCompile(`^\d+\.\d+\.\d+$`)

// packageProblems are the forbidden parts of package.json: anything that runs during installation, or that may resolve
// to another package later. The npm package node is a program that a script fetches, outside the lock file (threat S2).
func packageProblems(text string) []string {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &fields); err != nil {
		return []string{err.Error()}
	}
	var problems []string
	allowed := []string{"name", "private", "description", "license", "devDependencies", "engines"}
	for name := range fields {
		if !slices.Contains(allowed, name) {
			problems = append(problems, "the field "+name)
		}
	}
	var versions map[string]string
	if err := json.Unmarshal(fields["devDependencies"], &versions); err != nil {
		return append(problems, err.Error())
	}
	for name, version := range versions {
		if !exact.MatchString(version) || name == "node" {
			problems = append(problems, name+" "+version)
		}
	}
	return problems
}

func TestNothingRunsWhilePackagesAreInstalled(t *testing.T) {
	text := read(t, filepath.Join(root, "package.json"))
	for _, problem := range packageProblems(text) {
		t.Errorf("package.json has %s", problem)
	}
	var settings []string
	for _, line := range strings.Split(read(t, filepath.Join(root, ".npmrc")), "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			settings = append(settings, line)
		}
	}
	if want := []string{"ignore-scripts=true", "save-exact=true"}; !slices.Equal(settings, want) {
		t.Errorf(".npmrc has %q, want %q: other registries, certificates and tokens belong to a machine", settings, want)
	}
	for name, change := range map[string][2]string{
		"a script":      {`"private": true,`, `"private": true, "scripts": {"preinstall": "x"},`},
		"an exception":  {`"private": true,`, `"private": true, "allowScripts": {"x": true},`},
		"overrides":     {`"private": true,`, `"private": true, "overrides": {"x": "1.0.0"},`},
		"dependencies":  {`"private": true,`, `"private": true, "dependencies": {"x": "1.0.0"},`},
		"node":          {`"vite":`, `"node": "24.21.0", "vite":`},
		"a range":       {`"vite": "`, `"vite": "^`},
		"an address":    {`"vite": "`, `"vite": "git+https://x.example/`},
		"another's tag": {`"vite": "`, `"vite": "npm:other@`},
	} {
		if changed := strings.Replace(text, change[0], change[1], 1); changed == text || len(packageProblems(changed)) == 0 {
			t.Errorf("%s is not found", name)
		}
	}
}

// TestEveryPackageIsPinnedByItsContents: a lock file may also name folders and addresses, whose contents may change.
func TestEveryPackageIsPinnedByItsContents(t *testing.T) {
	var lock struct {
		Packages map[string]struct {
			Integrity        string
			Link             bool
			HasInstallScript bool
			InBundle         bool
		}
	}
	if err := json.Unmarshal([]byte(read(t, filepath.Join(root, "package-lock.json"))), &lock); err != nil {
		t.Fatal(err)
	}
	var scripts []string
	for _, name := range slices.Sorted(maps.Keys(lock.Packages)) {
		p := lock.Packages[name]
		if name != "" && (p.Link || !strings.HasPrefix(p.Integrity, "sha512-")) && !p.InBundle {
			t.Errorf("%s: integrity %q", name, p.Integrity)
		}
		if p.HasInstallScript {
			scripts = append(scripts, name)
		}
	}
	if len(lock.Packages) < 10 {
		t.Errorf("package-lock.json has %d packages: nothing was checked", len(lock.Packages))
	}
	// These scripts are not needed: classic-level includes a program for each system.
	for _, name := range scripts {
		if !slices.Contains([]string{"node_modules/classic-level", "node_modules/fsevents"}, name) {
			t.Errorf("%s has a script that does not run: does it work without?", name)
		}
	}
}
