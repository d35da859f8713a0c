// Command dependencies lists all dependencies of this repository, with their licences and uses: shipped to AWS in a
// function, shipped to browsers, or used for building and testing. It writes docs/licences.md for readers and, with
// -sbom, a bill of materials for tools. It fails on a licence that is not accepted for the dependency's use.
//
// The command reads the Go command's output and package-lock.json, and asks no registry.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const pageFile = "docs/licences.md"

func main() {
	root := flag.String("root", "..", "folder of the repository")
	bill := flag.String("sbom", "", "write a CycloneDX bill of materials to this file, and nothing else")
	flag.Parse()
	if err := run(*root, *bill); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(root, bill string) error {
	all, err := read(root)
	if err != nil {
		return err
	}
	if bill == "" {
		bill = filepath.Join(root, pageFile)
		return write(root, bill, []byte(page(all)))
	}
	encoded, err := encode(all)
	if err != nil {
		return err
	}
	return write(root, bill, encoded)
}

func write(root, file string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return err
	}
	fmt.Println(strings.TrimPrefix(file, filepath.Clean(root)+"/"))
	return nil
}
