package main

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ended returns a command with this output, exit code and error.
func ended(output string, code int, err error) func(string, string, ...string) ([]byte, int, error) {
	return func(string, string, ...string) ([]byte, int, error) { return []byte(output), code, err }
}

// check compares an audit's output and error.
func check(t *testing.T, err error, printed, wantPrinted, wantFailure string) {
	t.Helper()
	if !strings.Contains(printed, wantPrinted) || (wantPrinted == "") != (printed == "") {
		t.Errorf("printed %q, want %q", printed, wantPrinted)
	}
	if (wantFailure == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), wantFailure) {
		t.Errorf("got %v, want %q", err, wantFailure)
	}
}

func TestNPMFindingsFailAndOnlyAnUnreachableRegistryIsSkipped(t *testing.T) {
	for name, test := range map[string]struct {
		output        string
		code          int
		err           error
		prints, fails string
	}{
		"nothing":      {`{"auditReportVersion": 2, "vulnerabilities": {}}`, 0, nil, "audit: npm audit found nothing", ""},
		"and a notice": {`{"auditReportVersion": 2, "vulnerabilities": {}}` + "\nnpm notice", 0, nil, "found nothing", ""},
		"an advisory": {
			`{"auditReportVersion": 2, "vulnerabilities": {"a": {
				"severity": "low", "via": [{"title": "It leaks", "url": "https://x.example"}]}}}`,
			1, nil, "", "a: low: It leaks https://x.example",
		},
		"one through another": {
			`{"auditReportVersion": 2, "vulnerabilities": {"a": {"severity": "high", "via": ["b"]}}}`,
			1, nil, "", "a: high: through b",
		},
		"no way out": {
			`{"message": "request to https://r.example failed, reason: getaddrinfo ENOTFOUND", "error": {"summary": ""}}`,
			1, nil, "audit: SKIPPED npm audit: its database cannot be reached: request to https://r.example failed", "",
		},
		"a registry that has none": {
			`{"message": "405 Method Not Allowed", "statusCode": 405, "error": {"summary": ""}}`,
			1, nil, "SKIPPED npm audit", "",
		},
		"no lock file": {
			`{"error": {"code": "ENOLOCK", "summary": "an existing lockfile"}}`, 1, nil, "", "an existing lockfile",
		},
		"a broken lock file": {
			`{"message": "cannot read", "error": {"code": "EJSONPARSE", "summary": ""}}`, 1, nil, "", "EJSONPARSE",
		},
		"a report of another kind": {`{"auditReportVersion": 3, "vulnerabilities": {}}`, 0, nil, "", "npm audit failed"},
		"no report":                {`npm: not found`, 127, nil, "", "printed no report"},
		"no npm":                   {"", 0, errors.New("executable not found"), "", "executable not found"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			err := auditor{run: ended(test.output, test.code, test.err), out: &out}.auditNPM()
			check(t, err, out.String(), test.prints, test.fails)
		})
	}
}

func TestGoFindingsFailAndOnlyAnUnreachableDatabaseIsSkipped(t *testing.T) {
	there := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/index/db.json" {
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(there.Close)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	for name, test := range map[string]struct {
		database      string
		code          int
		err           error
		prints, fails string
	}{
		"nothing": {
			there.URL, 0, nil,
			"audit: govulncheck found nothing in the app\naudit: govulncheck found nothing in the tools\n", "",
		},
		"a vulnerability":          {there.URL, 3, nil, "", "govulncheck found vulnerabilities in the app"},
		"code that does not build": {there.URL, 1, nil, "", "govulncheck of the tools failed"},
		"no Go":                    {there.URL, 0, errors.New("executable not found"), "", "executable not found"},
		"nobody there":             {gone.URL, 3, nil, "audit: SKIPPED govulncheck: its database cannot be reached", ""},
		"something else there": {
			there.URL + "/elsewhere", 3, nil, "audit: SKIPPED govulncheck: its database answers 404", "",
		},
		"a copy in a folder": {"file:///copy", 3, nil, "", "govulncheck found vulnerabilities"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			err := auditor{run: ended("GO-2026-0001", test.code, test.err), out: &out}.auditGo(test.database)
			check(t, err, out.String(), test.prints, test.fails)
		})
	}
}

// TestTheAppAndItsToolsAreLookedUpEachInItsModule: the tools are a separate module, so the app's `./...` leaves them
// out.
func TestTheAppAndItsToolsAreLookedUpEachInItsModule(t *testing.T) {
	for _, broken := range []string{"app", "app/tools"} {
		var folders []string
		run := func(folder, _ string, _ ...string) ([]byte, int, error) {
			folders = append(folders, folder)
			if folder == broken {
				return []byte("GO-2026-0001"), foundVulnerabilities, nil
			}
			return nil, 0, nil
		}
		var out bytes.Buffer
		err := auditor{root: "app", run: run, out: &out}.auditGo("file:///copy")
		if err == nil || !strings.Contains(err.Error(), "GO-2026-0001") {
			t.Errorf("vulnerabilities in %s: got %v", broken, err)
		}
		if diff := cmp.Diff([]string{"app", "app/tools"}, folders); diff != "" {
			t.Errorf("folders (-want +got)\n%s", diff)
		}
	}
}

// TestInCIADatabaseThatCannotBeReachedIsAFailure is threat S4: nobody reads the line that says SKIPPED.
func TestInCIADatabaseThatCannotBeReachedIsAFailure(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	var out bytes.Buffer
	offline := ended(`{"message": "getaddrinfo ENOTFOUND", "error": {"summary": ""}}`, 1, nil)
	a := auditor{required: true, out: &out, run: offline}
	for name, err := range map[string]error{"govulncheck": a.auditGo(gone.URL), "npm audit": a.auditNPM()} {
		if err == nil || !strings.HasPrefix(err.Error(), name+" was not run: its database cannot be reached: ") ||
			!strings.Contains(err.Error(), "AUDIT_OFFLINE=allowed") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if out.Len() > 0 {
		t.Errorf("printed %q", out.String())
	}
}

func TestDatabasesAreRequiredInCIUnlessToldOtherwise(t *testing.T) {
	for _, test := range []struct {
		ci, offline string
		want        bool
	}{
		{"", "", false}, {"false", "", false}, {"true", "", true}, {"1", "", true},
		{"true", "allowed", false}, {"true", "refused", true}, {"true", "true", true}, {"", "refused", false},
	} {
		if got := required(func(name string) string {
			return map[string]string{"CI": test.ci, "AUDIT_OFFLINE": test.offline}[name]
		}); got != test.want {
			t.Errorf("CI=%s AUDIT_OFFLINE=%s: got %t", test.ci, test.offline, got)
		}
	}
}
