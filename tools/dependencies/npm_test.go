package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// locked is a lock file with a package in two places, and one that is used only for building.
const locked = `{"lockfileVersion": 3, "packages": {
	"": {"devDependencies": {"shop": "1", "bundler": "1"}},
	"node_modules/shop": {"version": "1.0.0", "license": "MIT", "integrity": "sha512-AAAA",
		"dependencies": {"inner": "1", "@scope/deep": "1"}},
	"node_modules/shop/node_modules/inner": {"version": "1.0.0", "license": "MIT", "integrity": "sha512-AAAA",
		"dependencies": {"leaf": "1"}},
	"node_modules/inner": {"version": "2.0.0", "license": "MIT", "integrity": "sha512-AAAA"},
	"node_modules/leaf": {"version": "1.0.0", "license": "ISC", "integrity": "sha512-AAAA"},
	"node_modules/@scope/deep": {"version": "1.0.0", "license": "MIT", "integrity": "sha512-AAAA",
		"peerDependencies": {"missing": "1"}},
	"node_modules/bundler": {"version": "1.0.0", "license": "GPL-2.0", "integrity": "sha512-AAAA",
		"dependencies": {"inner": "2"}}
}}`

func repository(t *testing.T, lockFile, page string) string {
	t.Helper()
	folder := t.TempDir()
	for file, text := range map[string]string{
		"package-lock.json":            lockFile,
		"docs/clients.md":              "```ts a.ts\nimport type { X } from '@scope/deep/types';\n```\n",
		"local/storefront/src/main.ts": page,
	} {
		file = filepath.Join(folder, file)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestPagesShipWhatTheyImportAndWhatThatNeeds(t *testing.T) {
	all := &inventory{components: map[string]component{}}
	page := "import {\n  a,\n} from 'shop/part';\nimport './style.css';\n" +
		"import { b } from '@docs/sign-in';\nconst lazy = 1;\n"
	if err := all.addNPM(repository(t, locked, page)); err != nil {
		t.Fatal(err)
	}
	shipped := []string{}
	for id, c := range all.components {
		if c.use == toBrowsers {
			shipped = append(shipped, id)
		}
	}
	slices.Sort(shipped)
	want := []string{"pkg:npm/@scope/deep@1.0.0", "pkg:npm/inner@1.0.0", "pkg:npm/leaf@1.0.0", "pkg:npm/shop@1.0.0"}
	if diff := cmp.Diff(want, shipped); diff != "" {
		t.Errorf("shipped (-want +got)\n%s", diff)
	}
	if len(all.components) != 6 {
		t.Errorf("got %v, want all six packages", slices.Sorted(maps.Keys(all.components)))
	}
}

func TestLocksThatDoNotSayEverythingAreRefused(t *testing.T) {
	for name, test := range map[string]struct{ lock, page, says string }{
		"an import of nowhere": {locked, "import x from 'nowhere/x';", "nowhere/x, which package-lock.json has not"},
		"a lazy import":        {locked, "const x = await import('nowhere');", "nowhere"},
		"an older lock": {strings.Replace(locked, `"lockfileVersion": 3`, `"lockfileVersion": 1`, 1), "",
			"version 1, want 3"},
		"a package without sum": {strings.Replace(locked, "sha512-AAAA", "", 1), "", `integrity ""`},
		"no JSON":               {"x", "", "package-lock.json: invalid"},
	} {
		all := &inventory{components: map[string]component{}}
		if err := all.addNPM(repository(t, test.lock, test.page)); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: got %v, want %q", name, err, test.says)
		}
	}
}
