// Package progress tests step, a script next to it. The Makefile uses step to show that long commands are still
// running.
package progress
