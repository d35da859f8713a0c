// Package recorded makes the recorded calls of a synth repeatable. It is a package of its own so that its test does not
// link the local stage and the CDK, which the bench runs.
package recorded

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// Tarballs are the npm packages inside the app's Go modules, by the names of their files.
func Tarballs() (map[string]string, error) {
	modules, err := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{.Dir}}{{end}}", ".").Output()
	if err != nil {
		return nil, fmt.Errorf("find the modules with npm packages: %w", err)
	}
	found := map[string]string{}
	for module := range strings.FieldsSeq(string(modules)) {
		files, err := filepath.Glob(filepath.Join(module, "jsii", "*.tgz"))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			found[filepath.Base(file)] = file
		}
	}
	return found, nil
}

// WithTarballs returns the calls with each npm package loaded from the file in tarballs. The runtime loads it from a
// copy, which it deletes.
func WithTarballs(calls []byte, tarballs map[string]string) ([]byte, error) {
	var out bytes.Buffer
	for line := range bytes.Lines(calls) {
		if !bytes.HasPrefix(line, []byte(`{"api":"load",`)) {
			out.Write(line)
			continue
		}
		var load struct {
			API     string `json:"api"`
			Name    string `json:"name"`
			Version string `json:"version"`
			Tarball string `json:"tarball"`
		}
		if err := json.Unmarshal(line, &load); err != nil {
			return nil, fmt.Errorf("read the recorded call %s: %w", line, err)
		}
		file := strings.ReplaceAll(strings.TrimPrefix(load.Name, "@"), "/", "-") + "-" + load.Version + ".tgz"
		kept, ok := tarballs[file]
		if !ok {
			return nil, fmt.Errorf("no Go module of the app has jsii/%s, which the recorded synth loads", file)
		}
		load.Tarball = kept
		if err := json.NewEncoder(&out).Encode(load); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}
