package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// lock is package-lock.json: https://docs.npmjs.com/cli/configuring-npm/package-lock-json
type lock struct {
	LockfileVersion int
	Packages        map[string]lockedPackage
}

type lockedPackage struct {
	Version, License, Integrity string

	Dependencies, DevDependencies, OptionalDependencies, PeerDependencies map[string]string
}

const folder = "node_modules/"

func (i *inventory) addNPM(root string) error {
	text, err := os.ReadFile(filepath.Join(root, "package-lock.json"))
	if err != nil {
		return err
	}
	var l lock
	if err := json.Unmarshal(text, &l); err != nil {
		return fmt.Errorf("package-lock.json: %w", err)
	}
	if l.LockfileVersion != 3 {
		return fmt.Errorf("package-lock.json has version %d, want 3", l.LockfileVersion)
	}
	imported, err := browserImports(root, l)
	if err != nil {
		return err
	}
	shipped := l.closure(imported)
	for _, place := range slices.Sorted(maps.Keys(l.Packages)) {
		if place == "" {
			continue
		}
		c, err := l.component(place)
		if err != nil {
			return err
		}
		if shipped[place] {
			c.use = toBrowsers
		}
		i.add(c)
	}
	storefront := product{name: "storefront"}
	for _, name := range imported {
		storefront.requires = append(storefront.requires, l.id(folder+name))
	}
	i.products = append(i.products, storefront)
	return nil
}

func (l lock) id(place string) string {
	return component{ecosystem: "npm", name: nameOf(place), version: l.Packages[place].Version}.id()
}

// nameOf returns the name of the package in a folder of the lock file.
func nameOf(place string) string { return place[strings.LastIndex(place, folder)+len(folder):] }

func (l lock) component(place string) (component, error) {
	p := l.Packages[place]
	c := component{ecosystem: "npm", name: nameOf(place), version: p.Version, algorithm: "SHA-512"}
	if p.License != "" {
		c.licences = []string{p.License}
	}
	sum, ok := strings.CutPrefix(p.Integrity, "sha512-")
	raw, err := base64.StdEncoding.DecodeString(sum)
	if !ok || err != nil {
		return c, fmt.Errorf("package-lock.json: %s has the integrity %q, want sha512- and base64", place, p.Integrity)
	}
	c.sha = hex.EncodeToString(raw)
	for _, other := range l.needs(place) {
		c.requires = append(c.requires, l.id(other))
	}
	return c, nil
}

// needs returns the places of a package's dependencies as Node resolves them: in its own folder first, then in each
// parent.
func (l lock) needs(place string) []string {
	p := l.Packages[place]
	var places []string
	for _, dependencies := range []map[string]string{p.Dependencies, p.OptionalDependencies, p.PeerDependencies} {
		for name := range dependencies {
			for at := place; ; at = at[:max(strings.LastIndex(at, "/"+folder), 0)] {
				candidate := strings.TrimPrefix(at+"/"+folder+name, "/")
				if _, ok := l.Packages[candidate]; ok {
					places = append(places, candidate)
					break
				}
				if at == "" {
					break
				}
			}
		}
	}
	return places
}

// closure returns the places of packages and of all their dependencies.
func (l lock) closure(names []string) map[string]bool {
	reached := map[string]bool{}
	var visit func(place string)
	visit = func(place string) {
		if !reached[place] {
			reached[place] = true
			for _, other := range l.needs(place) {
				visit(other)
			}
		}
	}
	for _, name := range names {
		visit(folder + name)
	}
	return reached
}

var importFrom = regexp.MustCompile(`\b(?:from|import)\s*\(?\s*['"]([^'"\n]+)['"]`)

// documented is the prefix by which the storefront imports the TypeScript of docs/clients.md, which is read too.
const documented = "@docs/"

// browserImports returns the packages that the storefront imports, and that a bundler puts into the page.
func browserImports(root string, l lock) ([]string, error) {
	files := []string{filepath.Join(root, "docs/clients.md")}
	sources := filepath.Join(root, "local/storefront/src")
	err := filepath.WalkDir(sources, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".ts") && !entry.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	var (
		names []string
		errs  []error
	)
	for _, file := range files {
		text, err := os.ReadFile(file)
		errs = append(errs, err)
		for _, match := range importFrom.FindAllStringSubmatch(string(text), -1) {
			name := packageOf(match[1])
			if strings.HasPrefix(match[1], ".") || strings.HasPrefix(match[1], documented) || slices.Contains(names, name) {
				continue
			}
			if _, ok := l.Packages[folder+name]; !ok {
				errs = append(errs, fmt.Errorf("%s imports %s, which package-lock.json has not", file, match[1]))
			}
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, errors.Join(errs...)
}

// packageOf returns the package of a module specifier: "aws-amplify" of "aws-amplify/auth", "@scope/name" of
// "@scope/name/part".
func packageOf(specifier string) string {
	parts := strings.SplitN(specifier, "/", 3)
	if strings.HasPrefix(specifier, "@") && len(parts) > 1 {
		return parts[0] + "/" + parts[1]
	}
	return parts[0]
}
