package test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSensitiveFilesHaveAnOwner: GitHub asks the owners of the last matching pattern in CODEOWNERS for a review. A file
// without a matching pattern needs nobody's.
// https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
func TestSensitiveFilesHaveAnOwner(t *testing.T) {
	owned := map[string]bool{}
	for _, line := range strings.Split(read(t, filepath.Join(root, ".github", "CODEOWNERS")), "\n") {
		fields := strings.Fields(strings.Split(line, "#")[0])
		if len(fields) == 0 {
			continue
		}
		if len(fields) < 2 || !strings.HasPrefix(fields[1], "@") || strings.ContainsAny(fields[0], "*![") {
			t.Errorf("CODEOWNERS: %q: want a path and its owners; a pattern may match less than it seems to", line)
		}
		if _, err := os.Stat(filepath.Join(root, fields[0])); err != nil {
			t.Errorf("CODEOWNERS: %v", err)
		}
		owned[strings.Trim(fields[0], "/")] = true
	}
	for _, path := range []string{
		".github", ".ci", ".npmrc", "Makefile", "package.json", "package-lock.json", "go.mod", "go.sum", "tools/go.mod",
		"cdk.json", "internal/gobuild", "constructs", "stacks", "config", "test/access", "accepted-findings.json",
		"test/testdata", "lambda/tokens", "lambda/registration", "lambda/mfa", "lambda/contract",
	} {
		if !owned[path] {
			t.Errorf("CODEOWNERS does not name %s", path)
		}
	}
}
