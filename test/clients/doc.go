// Package clients lets independent clients use a served stage. All of it is tests.
package clients
