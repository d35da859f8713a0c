package iam

import (
	"bytes"
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"testing"
)

// published is one page of AWS's documentation with its examples: policies quoted from the page, with placeholders
// filled in unless they belong to the policy language, and requests with the outcome that the page states.
type published struct {
	Page     string             `json:"page"`
	Examples []publishedExample `json:"examples"`
}

type publishedExample struct {
	Title  string          `json:"title"`
	Policy json.RawMessage `json:"policy"`
	// Action, Resource and Principal are the defaults of all cases.
	publishedRequest
	Cases []publishedCase `json:"cases"`
}

type publishedRequest struct {
	Action    string              `json:"action"`
	Resource  string              `json:"resource"`
	Principal Principal           `json:"principal"`
	Context   map[string][]string `json:"context"`
}

type publishedCase struct {
	publishedRequest
	Want string `json:"want"`
	// Page is the page's different outcome, and Reason why it cannot be right. Both are empty if the page agrees.
	Page   string `json:"page"`
	Reason string `json:"reason"`
}

func TestAWSsPublishedExamplesEvaluateAsDocumented(t *testing.T) {
	for _, page := range publishedPages(t) {
		for _, example := range page.Examples {
			t.Run(path.Base(page.Page)+"/"+example.Title, func(t *testing.T) { example.run(t, page.Page) })
		}
	}
}

func publishedPages(t testing.TB) []published {
	t.Helper()
	files, err := filepath.Glob("testdata/published/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no published examples in testdata: %v", err)
	}
	var pages []published
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var read []published
		d := json.NewDecoder(bytes.NewReader(data))
		d.DisallowUnknownFields()
		if err := d.Decode(&read); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		pages = append(pages, read...)
	}
	return pages
}

func (e publishedExample) run(t *testing.T, page string) {
	document, err := Parse(e.Policy)
	if err != nil {
		t.Fatalf("%s: %v", page, err)
	}
	if len(e.Cases) == 0 {
		t.Fatalf("%s: no case", page)
	}
	for i, c := range e.Cases {
		r := e.with(c.publishedRequest)
		got, err := Evaluate([]Policy{{Name: "published", Document: document}}, r)
		if err != nil {
			t.Errorf("%s\ncase %d, %+v: %v", page, i, r, err)
		} else if got.Outcome.String() != c.Want {
			t.Errorf("%s\ncase %d, %+v: got %s, want %s", page, i, r, got, c.Want)
		}
		if (c.Page != "") != (c.Reason != "") || c.Page == c.Want {
			t.Errorf("%s\ncase %d: where the page is not followed, say what it has and why it cannot be right", page, i)
		}
	}
}

// with fills in the defaults of a case.
func (e publishedExample) with(c publishedRequest) Request {
	r := Request(c)
	if r.Action == "" {
		r.Action = e.Action
	}
	if r.Resource == "" {
		r.Resource = e.Resource
	}
	if r.Principal == (Principal{}) {
		r.Principal = e.Principal
	}
	return r
}
