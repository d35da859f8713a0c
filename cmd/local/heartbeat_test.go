package main

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestSilenceIsBrokenOnlyWhileNothingIsSaid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var said strings.Builder
		h := &heartbeat{out: &said}
		stop := h.beat("starting", 10*time.Second)
		time.Sleep(9500 * time.Millisecond)
		fmt.Fprintln(h, "compiled")
		time.Sleep(21 * time.Second)
		stop()
		time.Sleep(time.Minute)
		if want := "compiled\n  starting … 20 s\n  starting … 30 s\n"; said.String() != want {
			t.Errorf("got %q, want %q", said.String(), want)
		}
	})
}
