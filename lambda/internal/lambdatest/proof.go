package lambdatest

import (
	"maps"
	"testing"

	"github.com/securecart/identity/lambda/contract"
)

// A ProofItem is an item of the table Proofs: strings and numbers by attribute name. Numbers are read as float64.
type ProofItem = map[string]any

// StoredProof returns the item of a customer without its key, or nil if there is none.
func StoredProof(t testing.TB, name, customer string) ProofItem {
	t.Helper()
	item := Stored(t, name, contract.CustomerID, customer)
	delete(item, contract.CustomerID)
	return item
}

// StoreProof stores the item of a customer and replaces any existing one.
func StoreProof(t testing.TB, name, customer string, item ProofItem) {
	t.Helper()
	stored := ProofItem{contract.CustomerID: customer}
	maps.Copy(stored, item)
	Put(t, name, stored)
}
