// Package test proves what the templates of every stage promise. All of it is tests.
package test
