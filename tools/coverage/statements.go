package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
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

// A statement is a statement that no test executes.
type statement struct {
	file     string
	line     int
	function string
}

// missed returns the statements of the package that no test executes.
func (p goPackage) missed(root string, profiles []*cover.Profile) ([]statement, error) {
	var missed []statement
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

// missedIn returns the statements of a file in blocks that were not executed.
func missedIn(root, file string, blocks []cover.ProfileBlock) ([]statement, error) {
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, filepath.Join(root, filepath.FromSlash(file)), nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	all := statementsOf(parsed, files)
	var missed []statement
	for _, block := range blocks {
		if block.Count > 0 {
			continue
		}
		count := 0
		for _, one := range all {
			if isIn(one.at, block) {
				count++
				missed = append(missed, statement{file: file, line: one.at.Line, function: one.function})
			}
		}
		if count != block.NumStmt {
			const differ = "%s:%d: the profile counts %d statements and this program %d: " +
				"the file has changed meanwhile, or braces stand there alone, which this program does not know"
			return nil, fmt.Errorf(differ, file, block.StartLine, block.NumStmt, count)
		}
	}
	return missed, nil
}

// place is the start of a statement, and its function.
type place struct {
	at       token.Position
	function string
}

// statementsOf returns the statements of a file as `go test` counts them: those in lists, and each `else if`.
func statementsOf(file *ast.File, files *token.FileSet) []place {
	var all []place
	for _, declaration := range file.Decls {
		function := nameOf(declaration)
		add := func(statements ...ast.Stmt) {
			for _, one := range statements {
				if labeled, found := one.(*ast.LabeledStmt); found {
					one = labeled.Stmt
				}
				all = append(all, place{at: files.Position(one.Pos()), function: function})
			}
		}
		ast.Inspect(declaration, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BlockStmt:
				// Their bodies are lists of clauses, which are no statements.
				add(withoutClauses(n.List)...)
			case *ast.CaseClause:
				add(n.Body...)
			case *ast.CommClause:
				add(n.Body...)
			case *ast.IfStmt:
				if elseIf, found := n.Else.(*ast.IfStmt); found {
					add(elseIf)
				}
			}
			return true
		})
	}
	return all
}

func withoutClauses(list []ast.Stmt) []ast.Stmt {
	var statements []ast.Stmt
	for _, one := range list {
		switch one.(type) {
		case *ast.CaseClause, *ast.CommClause:
		default:
			statements = append(statements, one)
		}
	}
	return statements
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

func isIn(at token.Position, block cover.ProfileBlock) bool {
	begun := at.Line > block.StartLine || at.Line == block.StartLine && at.Column >= block.StartCol
	ended := at.Line > block.EndLine || at.Line == block.EndLine && at.Column >= block.EndCol
	return begun && !ended
}
