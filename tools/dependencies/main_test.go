package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/CycloneDX/cyclonedx-go"
	"github.com/google/go-cmp/cmp"
)

const root = "../.."

var everything = sync.OnceValues(func() (*inventory, error) { return read(root) })

func TestPageIsWhatIsCommitted(t *testing.T) {
	all, err := everything()
	if err != nil {
		t.Fatal(err)
	}
	committed, err := os.ReadFile(filepath.Join(root, pageFile))
	if err != nil {
		t.Fatalf("%v; run `make licences`", err)
	}
	if diff := cmp.Diff(strings.Split(string(committed), "\n"), strings.Split(page(all), "\n")); diff != "" {
		const old = "%s is out of date; run `make licences` and review the difference (-committed +generated)\n%s"
		t.Errorf(old, pageFile, diff)
	}
}

func TestBillIsTheSameEachTimeAndNamesOnlyWhatIsInIt(t *testing.T) {
	all, err := everything()
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := encode(all)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := encode(all); err != nil || !bytes.Equal(encoded, again) {
		t.Errorf("another one comes out differently: %v", err)
	}
	var bill cyclonedx.BOM
	if err := cyclonedx.NewBOMDecoder(bytes.NewReader(encoded), cyclonedx.BOMFileFormatJSON).Decode(&bill); err != nil {
		t.Fatal(err)
	}
	known, scopes := map[string]bool{bill.Metadata.Component.BOMRef: true}, map[cyclonedx.Scope]int{}
	for _, c := range *bill.Components {
		if known[c.BOMRef] {
			t.Errorf("%s is there twice", c.BOMRef)
		}
		known[c.BOMRef] = true
		scopes[c.Scope]++
	}
	for _, edge := range *bill.Dependencies {
		for _, ref := range append(*edge.Dependencies, edge.Ref) {
			if !known[ref] {
				t.Errorf("%s requires %s, which is not in it", edge.Ref, ref)
			}
		}
	}
	if scopes[cyclonedx.ScopeRequired] < 20 || scopes[cyclonedx.ScopeExcluded] < 200 {
		t.Errorf("it has %v: most is missing", scopes)
	}
}

func TestFunctionsShipWhatTheyImport(t *testing.T) {
	all, err := everything()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, c := range all.sorted(toAWS) {
		got[c.name] = true
	}
	for _, name := range []string{"github.com/aws/aws-lambda-go", "github.com/aws/smithy-go", "std"} {
		if !got[name] {
			t.Errorf("%s is in every function and not among what is shipped: %v", name, got)
		}
	}
	for _, name := range []string{"github.com/aws/aws-cdk-go/awscdk/v2", "github.com/google/go-cmp"} {
		if got[name] {
			t.Errorf("%s is said to be shipped", name)
		}
	}
}

func TestLicencesAreAcceptedByUse(t *testing.T) {
	for _, test := range []struct {
		licences []string
		use      use
		accepted bool
	}{
		{[]string{"MIT"}, toAWS, true},
		{[]string{"Apache-2.0", "MIT-0"}, toAWS, true},
		{[]string{"GPL-3.0"}, forTools, true},
		{[]string{"GPL-3.0"}, forBuilding, false},
		{[]string{"MIT", "AGPL-3.0"}, toBrowsers, false},
		{[]string{"(MIT OR CC0-1.0)"}, toBrowsers, false}, // a person has to read an expression
		{[]string{"SEE LICENSE IN EULA"}, forTools, false},
		{nil, forTools, false},
	} {
		c := component{ecosystem: "npm", name: "x", version: "1", licences: test.licences, use: test.use}
		if err := accept(c); (err == nil) != test.accepted {
			t.Errorf("%v for use %d: got %v", test.licences, test.use, err)
		}
	}
}

func TestLicencesAreReadFromTheirTexts(t *testing.T) {
	mit, err := os.ReadFile("testdata/MIT.txt")
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		files map[string]string
		want  []string
		fails bool
	}{
		"one":               {map[string]string{"LICENSE": string(mit), "README.md": "GPL"}, []string{"MIT"}, false},
		"with an extension": {map[string]string{"License.txt": string(mit)}, []string{"MIT"}, false},
		"none":              {map[string]string{"license.go": "package license"}, nil, false},
		"in words of its own": {map[string]string{
			"LICENSE": string(mit), "COPYING": "Ask us before you use any of it for anything.",
		}, nil, true},
	} {
		folder := t.TempDir()
		for file, text := range test.files {
			if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got, err := licencesIn(folder, "example.com/module")
		if test.fails != (err != nil) || err == nil && !cmp.Equal(test.want, got) {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
}
