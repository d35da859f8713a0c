// Package test checks the templates of every stage. It contains only tests.
package test
