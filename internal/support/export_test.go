package support_test

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/securecart/identity/internal/support"
	"github.com/securecart/identity/internal/support/supporttest"
	"github.com/securecart/identity/lambda/contract"
)

// unzip reads what was exported, by name.
func unzip(t *testing.T, file string) map[string]string {
	t.Helper()
	reader, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close() //nolint:errcheck // it was read
	files := map[string]string{}
	for _, f := range reader.File {
		opened, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(opened)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	return files
}

func TestExportHoldsEverythingAndNobodyElsesAndNoSecret(t *testing.T) {
	stage, file := supporttest.New(), filepath.Join(t.TempDir(), "jane.zip")
	exported, err := stage.Desk().Export(t.Context(), support.SubjectOf(jane(t, stage)), file)
	if err != nil {
		t.Fatal(err)
	}
	files := unzip(t, file)
	want := []string{
		"account.json", "documents-earlier/v1/gone.pdf", "documents-earlier/v1/invoice.pdf", "documents/invoice.pdf",
		"links.json", "orders.json", "payment-method.json", "profile.json", "proofs.json",
	}
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, want) {
		t.Errorf("files %v\nwant  %v", got, want)
	}
	if exported.Orders != 3 || exported.Documents != 3 ||
		!slices.Equal(slices.Sorted(slices.Values(exported.Files)), want) {
		t.Errorf("reported %+v", exported)
	}
	for name, holds := range map[string]string{
		"account.json": `"identities": "[{\"userId\"`, "profile.json": "1 Main St", "payment-method.json": "pm_jan",
		"links.json": "identity#Google#1234567890", "proofs.json": "2023-11-14T22:13:20Z",
		"orders.json": "12345678901234567890", "documents/invoice.pdf": "new jane@",
		"documents-earlier/v1/gone.pdf": "gone jane@",
	} {
		if !strings.Contains(files[name], holds) {
			t.Errorf("%s has no %q: %s", name, holds, files[name])
		}
		if strings.HasSuffix(name, ".json") && !json.Valid([]byte(files[name])) {
			t.Errorf("%s is no JSON: %s", name, files[name])
		}
	}
	all := strings.Join(slices.Collect(maps.Values(files)), "\n")
	for _, never := range []string{"joe@example.com", supporttest.Other, "secret-challenge"} {
		if strings.Contains(all, never) {
			t.Errorf("the export holds %q", never)
		}
	}
	if strings.Contains(files["profile.json"], "pm_") {
		t.Error("the payment method is in the profile, too")
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its mode is %v (%v)", info.Mode(), err)
	}
	wantNoChange(t, stage)
}

func TestAStoppedExportLeavesNoFile(t *testing.T) {
	for at := 1; ; at++ {
		stage, folder := supporttest.New(), t.TempDir()
		customer, reached := jane(t, stage), false
		stage.Stop = func(call int, _ string) supporttest.Stop {
			if reached = reached || call == at; call == at {
				return supporttest.Stop{Before: errors.New("connection reset")}
			}
			return supporttest.Stop{}
		}
		_, err := stage.Desk().Export(t.Context(), support.SubjectOf(customer), filepath.Join(folder, "jane.zip"))
		if !reached {
			if at < 10 {
				t.Errorf("only %d stops were tried", at-1)
			}
			return
		}
		left, _ := filepath.Glob(filepath.Join(folder, "*"))
		hidden, _ := filepath.Glob(filepath.Join(folder, ".*"))
		if err == nil || len(left)+len(hidden) > 0 {
			t.Errorf("stopped at %d: error %v, and %v %v are left", at, err, left, hidden)
		}
	}
}

func TestExportReplacesNoFile(t *testing.T) {
	stage, file := supporttest.New(), filepath.Join(t.TempDir(), "jane.zip")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := stage.Desk().Export(t.Context(), support.SubjectOf(jane(t, stage)), file)
	if text, _ := os.ReadFile(file); err == nil || string(text) != "mine" {
		t.Errorf("error %v, and the file holds %q", err, text)
	}
	_, err = stage.Desk().Export(
		t.Context(), support.SubjectOf(jane(t, stage)), filepath.Join(t.TempDir(), "missing", "jane.zip"),
	)
	if err == nil || !strings.HasPrefix(support.Explain(err), "the export cannot be written: ") {
		t.Errorf("no folder: %v", err)
	}
}

// Another process can create the file while the export runs.
func TestExportReplacesNoFileThatAppearedMeanwhile(t *testing.T) {
	stage, folder := supporttest.New(), t.TempDir()
	file := filepath.Join(folder, "jane.zip")
	customer, desk := jane(t, stage), stage.Desk()
	desk.Progress = func(string) {
		if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
			t.Error(err)
		}
	}
	_, err := desk.Export(t.Context(), support.SubjectOf(customer), file)
	if text, _ := os.ReadFile(file); err == nil || string(text) != "mine" {
		t.Errorf("error %v, and the file has %d bytes, want that of somebody else", err, len(text))
	}
	if hidden, _ := filepath.Glob(filepath.Join(folder, ".*")); len(hidden) > 0 {
		t.Errorf("%v are left", hidden)
	}
}

func TestExportTakesNoDocumentOutOfItsFolder(t *testing.T) {
	stage, file := supporttest.New(), filepath.Join(t.TempDir(), "jane.zip")
	prefix := contract.DocumentsPrefix + supporttest.Sub + "/"
	for _, name := range []string{"../evil", "a/../../evil", "/etc/evil", `..\evil`, "c:evil", "a\nb", ""} {
		stage.Objects = append(
			stage.Objects, supporttest.Object{Key: prefix + name, Version: "v1", Content: name, Latest: true},
		)
	}
	if _, err := stage.Desk().Export(t.Context(), support.SubjectOf(jane(t, stage)), file); err != nil {
		t.Fatal(err)
	}
	files := unzip(t, file)
	if len(files) != 9+7 {
		t.Errorf("a document is missing: %v", slices.Sorted(maps.Keys(files)))
	}
	for name := range files {
		if !filepath.IsLocal(name) || strings.Contains(name, "..") || strings.ContainsAny(name, "\\:\n") {
			t.Errorf("the export holds %q", name)
		}
	}
}

func TestExportNoticesAnIncompleteDocument(t *testing.T) {
	stage, file := supporttest.New(), filepath.Join(t.TempDir(), "jane.zip")
	customer := jane(t, stage)
	stage.Stop = func(_ int, operation string) supporttest.Stop {
		if operation == "GetObject" {
			for i := range stage.Objects {
				stage.Objects[i].Content = "x"
			}
		}
		return supporttest.Stop{}
	}
	if _, err := stage.Desk().Export(t.Context(), support.SubjectOf(customer), file); err == nil {
		t.Error("half a document was exported")
	}
}

func TestExportOfACustomerWithoutData(t *testing.T) {
	stage, file := supporttest.New(), filepath.Join(t.TempDir(), "jane.zip")
	customer := jane(t, stage)
	stage.Objects, stage.Tables = nil, nil
	if _, err := stage.Desk().Export(t.Context(), support.SubjectOf(customer), file); err != nil {
		t.Fatal(err)
	}
	files := unzip(t, file)
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, []string{"account.json", "links.json", "orders.json"}) {
		t.Errorf("files %v", got)
	}
	if strings.TrimSpace(files["orders.json"]) != "[]" {
		t.Errorf("no orders are %s", files["orders.json"])
	}
}
