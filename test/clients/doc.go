// Package clients tests a served stage with independent clients. It contains only tests.
package clients
