package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/securecart/identity/lambda/contract"
)

// documentsOf returns the documents of a folder by name, without README.md.
func documentsOf(t *testing.T, folder string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, folder, "*.md"))
	if err != nil || len(files) < 5 {
		t.Fatalf("%s has %d documents, %v", folder, len(files), err)
	}
	documents := map[string]string{}
	for _, file := range files {
		if name := filepath.Base(file); name != "README.md" {
			documents[name] = textOf(t, filepath.Join(folder, name))
		}
	}
	return documents
}

func textOf(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestTheIndexListsEveryDocument: readers do not find a document that the index does not list.
func TestTheIndexListsEveryDocument(t *testing.T) {
	index := textOf(t, "docs/README.md")
	for name := range documentsOf(t, "docs") {
		if !strings.Contains(index, "["+name+"]("+name+")") {
			t.Errorf("docs/README.md does not list %s", name)
		}
	}
	for name, text := range documentsOf(t, "docs/adr") {
		_, title, _ := strings.Cut(strings.SplitN(text, "\n", 2)[0], ". ")
		if row := "| [" + name[:4] + "](adr/" + name + ") | " + title + " |"; !strings.Contains(index, row) {
			t.Errorf("docs/README.md has no row %s", row)
		}
	}
}

// quoted matches a message in a row of docs/troubleshooting.md. Quotation marks mean that a program of ours prints it.
var quoted = regexp.MustCompile(`"([^"]+)"`)

// TestTroubleshootingQuotesWhatIsPrinted looks for each message in the source. Dots stand for a value, so it looks for
// the parts between the dots.
func TestTroubleshootingQuotesWhatIsPrinted(t *testing.T) {
	var source strings.Builder
	for _, pattern := range []string{
		"Makefile", "config/*.go", "cmd/*/*.go", "cmd/local/*/*.go", "local/*.go", "local/*/*.go", "internal/*/*.go",
	} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") {
				source.WriteString(textOf(t, strings.TrimPrefix(file, root+"/")))
			}
		}
	}
	looked := 0
	for line := range strings.Lines(textOf(t, "docs/troubleshooting.md")) {
		cell, _, _ := strings.Cut(strings.TrimPrefix(line, "| "), " | ")
		if !strings.HasPrefix(line, "| ") {
			continue
		}
		for _, message := range quoted.FindAllStringSubmatch(cell, -1) {
			for part := range strings.SplitSeq(message[1], "…") {
				part = strings.Trim(part, " :()")
				if looked++; part != "" && !strings.Contains(source.String(), part) {
					t.Errorf("nothing prints %q any more: %s", part, message[0])
				}
			}
		}
	}
	if looked < 15 {
		t.Errorf("%d messages: nothing was looked at", looked)
	}
}

// TestFrontEndsAreToldTheScopes: a front end that does not ask for a scope is refused by the route that wants it.
func TestFrontEndsAreToldTheScopes(t *testing.T) {
	// Long lists of config.ts are broken.
	page := strings.NewReplacer("[ ", "[", ", ]", "]").
		Replace(strings.Join(strings.Fields(textOf(t, "docs/clients.md")), " "))
	short := func(scopes []string) string {
		return strings.ReplaceAll(strings.Join(scopes, ", "), contract.ResourceServer+"/", "")
	}
	stepUp := append(contract.ReadScopes(), contract.HighRiskScopes()...)
	asked := append([]string{"openid", "email", "profile"}, contract.BrowseScopes()...)
	for _, want := range []string{
		"| access token carries | " + short(contract.BrowseScopes()) + " | " + short(stepUp) + " |",
		"scopes: ['" + strings.Join(asked, "', '") + "']",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("docs/clients.md does not have\n%s", want)
		}
	}
}

func TestLinesOfDocumentsFitAScreen(t *testing.T) {
	documents := documentsOf(t, "docs")
	for name, text := range documentsOf(t, "docs/adr") {
		documents["adr/"+name] = text
	}
	for _, name := range []string{"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"} {
		documents["../"+name] = textOf(t, name)
	}
	delete(documents, "access-matrix.md") // it compares its stages line by line, so that its lists are not wrapped
	for name, text := range documents {
		for i, line := range strings.Split(text, "\n") {
			wide := len([]rune(line)) > longest
			if wide && !strings.HasPrefix(strings.TrimSpace(line), "|") && !strings.Contains(line, "https://") {
				t.Errorf("docs/%s:%d has %d columns, at most %d are read well", name, i+1, len([]rune(line)), longest)
			}
		}
	}
	if lines := strings.Count(textOf(t, "README.md"), "\n"); lines > 130 {
		t.Errorf("README.md has %d lines, at most 130 are one reading", lines)
	}
}
