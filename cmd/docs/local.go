package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/securecart/identity/local/identitypool"
	"github.com/securecart/identity/local/services"
	"github.com/securecart/identity/local/userpool"
)

// localOperations returns the table of the operations that the local stage serves.
func localOperations(string) (string, error) {
	served := services.Operations()
	served["Cognito user pool"], served["Cognito identity pool"] = userpool.Operations(), identitypool.Operations()
	var d document
	var rows [][]string
	for _, service := range slices.Sorted(maps.Keys(served)) {
		rows = append(rows, []string{service, strings.Join(served[service], ", ")})
	}
	d.table([]string{"service", "operations"}, rows)
	return d.String(), nil
}
