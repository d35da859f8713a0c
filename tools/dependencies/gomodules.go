package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// goPackage is the output of `go list -json` for a package.
type goPackage struct {
	ImportPath, Name string
	Imports, Deps    []string
	Module           *goModule
}

type goModule struct {
	Path, Version, Dir string
	Main               bool
	Replace            *goModule
}

// listing is a run of the Go command.
type listing struct {
	use    use
	folder string
	// arch is the processor of the machine that runs the program: functions run on arm64.
	arch      string
	arguments []string

	packages []goPackage
	err      error
}

func (i *inventory) addGo(root string) error {
	functions, err := programs(root)
	if err != nil {
		return err
	}
	listings := []listing{
		{use: toAWS, folder: ".", arch: "arm64", arguments: functions},
		{use: forBuilding, folder: ".", arch: "amd64", arguments: []string{"-test", "./..."}},
		{use: forTools, folder: "tools", arch: "amd64", arguments: []string{"-test", "./...", "tool"}},
	}
	var waiting sync.WaitGroup
	for n := range listings {
		waiting.Go(func() { listings[n].list(root) })
	}
	waiting.Wait()
	var errs []error
	for _, l := range listings {
		sums, err := checksums(filepath.Join(root, l.folder, "go.sum"))
		errs = append(errs, l.err, err, i.addModules(l.packages, l.use, sums))
		if l.use == toAWS {
			i.addFunctions(l.packages)
		}
	}
	return errors.Join(errs...)
}

// programs are the functions' own folders: what only their tests import is not shipped.
func programs(root string) ([]string, error) {
	mains, err := filepath.Glob(filepath.Join(root, "lambda", "*", "main.go"))
	if err != nil {
		return nil, err
	}
	if len(mains) == 0 {
		return nil, errors.New("no folder of lambda has a program")
	}
	folders := make([]string, len(mains))
	for i, main := range mains {
		folders[i] = "./lambda/" + filepath.Base(filepath.Dir(main))
	}
	return folders, nil
}

// list lists packages and all their dependencies. The list is the same on every machine.
func (l *listing) list(root string) {
	fields := "-json=ImportPath,Name,Imports,Deps,Module"
	command := exec.Command("go", append([]string{"list", "-deps", fields}, l.arguments...)...)
	command.Dir = filepath.Join(root, l.folder)
	command.Env = append(os.Environ(), "GOOS=linux", "GOARCH="+l.arch, "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
	var errs bytes.Buffer
	command.Stderr = &errs
	output, err := command.Output()
	if err != nil {
		l.err = fmt.Errorf("%s: %w\n%s", command, err, &errs)
		return
	}
	for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
		var p goPackage
		switch err := decoder.Decode(&p); {
		case errors.Is(err, io.EOF):
			return
		case err != nil:
			l.err = fmt.Errorf("%s: %w", command, err)
			return
		}
		l.packages = append(l.packages, p)
	}
}

// addModules adds the modules of packages. A module requires another if it imports one of the other's packages.
func (i *inventory) addModules(packages []goPackage, as use, sums map[string]string) error {
	owners := owners(packages)
	modules := map[string]*component{}
	var errs []error
	for _, p := range packages {
		id := owners[p.ImportPath]
		if id == "" || p.Module.Main {
			continue
		}
		if modules[id] == nil {
			c, err := describe(p.Module, sums)
			c.use = as
			errs = append(errs, err)
			modules[id] = &c
		}
		modules[id].requires = append(modules[id].requires, imported(p, owners)...)
	}
	i.add(standard(as))
	for _, c := range modules {
		i.add(*c)
	}
	return errors.Join(errs...)
}

func describe(m *goModule, sums map[string]string) (component, error) {
	c := component{ecosystem: "golang", name: m.Path, version: m.Version, algorithm: "SHA-256"}
	var err [2]error
	c.licences, err[0] = licencesOf(m)
	c.sha, err[1] = decodeSum(sums[c.name+" "+c.version])
	if err := errors.Join(err[:]...); err != nil {
		return c, fmt.Errorf("%s: %w", c.id(), err)
	}
	return c, nil
}

// imported returns the ids of the other modules from which a package imports.
func imported(p goPackage, owners map[string]string) []string {
	var others []string
	for _, path := range p.Imports {
		if other := owners[path]; other != "" && other != owners[p.ImportPath] {
			others = append(others, other)
		}
	}
	return others
}

// standard returns Go's own library, which is in every program. Its version is that of the installed Go command.
func standard(as use) component {
	licences := []string{"BSD-3-Clause"}
	return component{ecosystem: "golang", name: "std", version: runtime.Version(), use: as, licences: licences}
}

// owners returns the ids of the modules of packages; packages of the standard library have none.
func owners(packages []goPackage) map[string]string {
	owners := map[string]string{}
	for _, p := range packages {
		if p.Module != nil {
			owners[p.ImportPath] = component{ecosystem: "golang", name: p.Module.Path, version: p.Module.Version}.id()
		}
	}
	return owners
}

// addFunctions adds each program among packages as a product, with the modules that our own packages in it import.
func (i *inventory) addFunctions(packages []goPackage) {
	owners, ours := owners(packages), map[string]goPackage{}
	for _, p := range packages {
		if p.Module != nil && p.Module.Main {
			ours[p.ImportPath] = p
		}
	}
	for _, path := range slices.Sorted(maps.Keys(ours)) {
		p := ours[path]
		if p.Name != "main" {
			continue
		}
		requires := []string{standard(toAWS).id()}
		for _, part := range append(p.Deps, path) {
			requires = append(requires, imported(ours[part], owners)...)
		}
		slices.Sort(requires)
		i.products = append(i.products, product{strings.TrimPrefix(path, p.Module.Path+"/"), slices.Compact(requires)})
	}
}

func licencesOf(m *goModule) ([]string, error) {
	switch {
	case m.Replace != nil:
		return nil, errors.New("it is replaced by another: this list would speak of the wrong one")
	case m.Dir == "":
		return nil, errors.New("it is not downloaded: run `go mod download`")
	}
	return licencesIn(m.Dir, m.Path)
}

// checksums returns the lines of a go.sum by module and version.
func checksums(file string) (map[string]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	sums := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) == 3 {
			sums[fields[0]+" "+fields[1]] = fields[2]
		}
	}
	return sums, nil
}

// decodeSum reads "h1:" and a SHA-256 in base64: https://go.dev/ref/mod#go-sum-files
func decodeSum(sum string) (string, error) {
	text, ok := strings.CutPrefix(sum, "h1:")
	raw, err := base64.StdEncoding.DecodeString(text)
	if !ok || err != nil {
		return "", fmt.Errorf("go.sum has the checksum %q, want h1: and base64", sum)
	}
	return hex.EncodeToString(raw), nil
}
