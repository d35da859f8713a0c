package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/cover"
)

// goPackage is the output of `go list -json` for a package.
type goPackage struct {
	ImportPath                                          string
	Module                                              struct{ Path string }
	IgnoredGoFiles, IgnoredOtherFiles, CgoFiles, SFiles []string
}

// folder is relative to that of the module.
func (p goPackage) folder() string {
	return strings.TrimPrefix(p.ImportPath, p.Module.Path+"/")
}

// unmeasurable returns an error for each file that belongs to the package on another machine, but cannot be measured
// here. Functions are built for another processor than that of most machines that run tests.
func (p goPackage) unmeasurable() error {
	var errs []error
	for _, files := range [][]string{p.IgnoredGoFiles, p.IgnoredOtherFiles, p.CgoFiles, p.SFiles} {
		for _, file := range files {
			errs = append(errs,
				fmt.Errorf("%s/%s is not measured: only Go files that every machine compiles are", p.folder(), file))
		}
	}
	return errors.Join(errs...)
}

// A gap is a block of statements that no test executes: without a branch, so that it is all of them or none.
type gap struct {
	file       string
	line       int
	function   string
	statements int
}

// missed returns what no test executes of the package.
func (p goPackage) missed(root string, profiles []*cover.Profile) ([]gap, error) {
	var missed []gap
	measured := false
	for _, profile := range profiles {
		name, inside := strings.CutPrefix(profile.FileName, p.ImportPath+"/")
		if !inside || strings.Contains(name, "/") {
			continue
		}
		measured = true
		found, err := missedIn(root, p.folder()+"/"+name, profile.Blocks)
		if err != nil {
			return nil, err
		}
		missed = append(missed, found...)
	}
	if !measured {
		return nil, fmt.Errorf("%s has no statement: nothing was measured", p.folder())
	}
	return missed, nil
}

// missedIn returns the blocks of a file that were not executed.
func missedIn(root, file string, blocks []cover.ProfileBlock) ([]gap, error) {
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, filepath.Join(root, filepath.FromSlash(file)), nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var missed []gap
	for _, block := range blocks {
		if block.Count > 0 || block.NumStmt == 0 {
			continue
		}
		around := slices.IndexFunc(parsed.Decls, func(declaration ast.Decl) bool {
			return files.Position(declaration.End()).Line >= block.EndLine
		})
		if around < 0 || files.Position(parsed.Decls[around].Pos()).Line > block.StartLine {
			return nil, fmt.Errorf("%s:%d: no function is here: the file has changed meanwhile", file, block.StartLine)
		}
		missed = append(missed, gap{file, block.StartLine, nameOf(parsed.Decls[around]), block.NumStmt})
	}
	return missed, nil
}

// nameOf returns "check" for a function, "Gate.check" for a method, and "var" for functions in package variables.
func nameOf(declaration ast.Decl) string {
	function, found := declaration.(*ast.FuncDecl)
	if !found {
		return "var"
	}
	if function.Recv == nil {
		return function.Name.Name
	}
	receiver := ""
	ast.Inspect(function.Recv.List[0].Type, func(n ast.Node) bool {
		if name, found := n.(*ast.Ident); found && receiver == "" {
			receiver = name.Name
		}
		return receiver == ""
	})
	return receiver + "." + function.Name.Name
}
