package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/securecart/identity/local/identitypool"
	"github.com/securecart/identity/local/services"
	"github.com/securecart/identity/local/userpool"
)

// The list of operations stands between these lines of docs/local.md; the rest of it is written by hand.
const (
	operationsBegin = "<!-- operations: written by cmd/docs -->\n"
	operationsEnd   = "<!-- end of operations -->\n"
)

// localOperations returns docs/local.md with the operations that the local stage serves now.
func localOperations(root string) (string, error) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "local.md"))
	if err != nil {
		return "", err
	}
	before, rest, begins := strings.Cut(string(text), operationsBegin)
	_, after, ends := strings.Cut(rest, operationsEnd)
	if !begins || !ends {
		return "", fmt.Errorf("docs/local.md lacks the lines %q and %q", operationsBegin, operationsEnd)
	}
	served := services.Operations()
	served["Cognito user pool"], served["Cognito identity pool"] = userpool.Operations(), identitypool.Operations()
	var d document
	var rows [][]string
	for _, service := range slices.Sorted(maps.Keys(served)) {
		rows = append(rows, []string{service, strings.Join(served[service], ", ")})
	}
	d.table([]string{"service", "operations"}, rows)
	return before + operationsBegin + "\n" + d.String() + operationsEnd + after, nil
}
