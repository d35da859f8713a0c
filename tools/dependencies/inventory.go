package main

import (
	"cmp"
	"errors"
	"maps"
	"slices"
)

// use is the purpose of a component.
type use int

const (
	// forBuilding components are run or linked to build and test, and never shipped.
	forBuilding use = iota
	// forTools components belong to the linter and similar tools, which are run and not linked.
	forTools
	// toBrowsers components are sent to browsers by the storefront.
	toBrowsers
	// toAWS components are in the programs of functions.
	toAWS
)

// component is a Go module or npm package in one version.
type component struct {
	ecosystem     string // "golang" or "npm", as package URLs have it
	name, version string
	// licences are SPDX identifiers; all of them apply.
	licences []string
	// sha is the checksum of go.sum or package-lock.json, and algorithm its kind.
	sha, algorithm string
	use            use
	// requires lists the ids of the component's direct dependencies.
	requires []string
}

func (c component) id() string { return "pkg:" + c.ecosystem + "/" + c.name + "@" + c.version }

// product is a program or page that this repository builds.
type product struct {
	name     string // "lambda/orders", "storefront" or "build"
	requires []string
}

// inventory holds all components and products.
type inventory struct {
	components map[string]component
	products   []product
}

// add merges a component that has several uses: the use that ships furthest counts.
func (i *inventory) add(c component) {
	if known, ok := i.components[c.id()]; ok {
		c.use = max(c.use, known.use)
		c.requires = slices.Concat(c.requires, known.requires)
	}
	slices.Sort(c.requires)
	c.requires = slices.Compact(c.requires)
	i.components[c.id()] = c
}

// sorted returns the components of these uses, by ecosystem and name.
func (i *inventory) sorted(uses ...use) []component {
	var some []component
	for _, c := range i.components {
		if slices.Contains(uses, c.use) {
			some = append(some, c)
		}
	}
	slices.SortFunc(some, func(a, b component) int {
		return cmp.Or(cmp.Compare(a.ecosystem, b.ecosystem), cmp.Compare(a.name, b.name), cmp.Compare(a.version, b.version))
	})
	return some
}

// read returns the inventory, and reports every licence that is not accepted.
func read(root string) (*inventory, error) {
	all := &inventory{components: map[string]component{}}
	if err := errors.Join(all.addGo(root), all.addNPM(root)); err != nil {
		return nil, err
	}
	var errs []error
	for _, id := range slices.Sorted(maps.Keys(all.components)) {
		errs = append(errs, accept(all.components[id]))
	}
	return all, errors.Join(errs...)
}
