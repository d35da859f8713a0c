package main

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
)

//go:embed introduction.md
var introduction string

// page returns docs/licences.md.
func page(all *inventory) string {
	var b strings.Builder
	b.WriteString(introduction)
	fmt.Fprintf(&b, "Accepted for what is shipped, and for what it is built and tested with:\n%s.\n",
		strings.Join(permissive, ", "))
	fmt.Fprintf(&b, "Accepted for tools, which are run and neither linked nor handed on: %s, too.\n\n",
		strings.Join(forRunning, ", "))
	b.WriteString("## Shipped to AWS, in functions\n\n")
	table(&b, all.sorted(toAWS))
	b.WriteString("## Shipped to browsers, in the storefront\n\n")
	b.WriteString("What it imports, and what that says it needs. A bundler leaves out what is not used.\n\n")
	table(&b, all.sorted(toBrowsers))
	b.WriteString("## Used to build and test\n\nNone of it is in a function or a page.\n\n")
	byLicence(&b, all.sorted(forBuilding))
	b.WriteString("## Tools\n\nThe linter and the like, with all that they are made of: ")
	b.WriteString("[tools/go.mod](../tools/go.mod).\n\n")
	byLicence(&b, all.sorted(forTools))
	return strings.TrimRight(b.String(), "\n") + "\n"
}

func table(b *strings.Builder, components []component) {
	b.WriteString("| name | version | licence |\n|---|---|---|\n")
	for _, c := range components {
		version := c.version
		if c.name == "std" {
			version = "that of the Go command"
		}
		fmt.Fprintf(b, "| %s | %s | %s |\n", c.name, version, strings.Join(c.licences, ", "))
	}
	b.WriteString("\n")
}

// byLicence writes a row for each licence, because readers look for unusual licences in these long lists.
func byLicence(b *strings.Builder, components []component) {
	names := map[string][]string{}
	for _, c := range components {
		licence := strings.Join(c.licences, ", ")
		names[licence] = append(names[licence], c.name+" "+c.version)
	}
	b.WriteString("| licence | number | packages |\n|---|---|---|\n")
	for _, licence := range slices.Sorted(maps.Keys(names)) {
		fmt.Fprintf(b, "| %s | %d | %s |\n", licence, len(names[licence]), strings.Join(names[licence], "; "))
	}
	b.WriteString("\n")
}
