// Package progress holds step, the script by which the Makefile shows that long commands go on, and its test.
package progress
