package main

import (
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// foreground takes the terminal for this process and its children until release is called. Ctrl-C then reaches them
// alone, and not make as well, which would call a stage that was stopped on request an error. Without a terminal, or in
// the background, nothing changes.
func foreground() (release func()) {
	terminal, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return func() {}
	}
	fd := int(terminal.Fd())
	group, err := unix.IoctlGetInt(fd, unix.TIOCGPGRP)
	if err != nil || group != unix.Getpgrp() || unix.Setpgid(0, 0) != nil {
		_ = terminal.Close()
		return func() {}
	}
	// A process outside the foreground that takes the terminal is stopped, unless it ignores this signal.
	signal.Ignore(syscall.SIGTTOU)
	_ = unix.IoctlSetPointerInt(fd, unix.TIOCSPGRP, unix.Getpid()) // else the terminal stays make's
	return func() {
		_ = unix.IoctlSetPointerInt(fd, unix.TIOCSPGRP, group)
		_ = terminal.Close()
	}
}
