package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// logged is what the function writes in one call, and how many of these lines are heartbeats of the present.
type logged struct {
	What    string
	Counted int
	Lines   []map[string]any
}

// TestLinesAreThoseThatTheHeartbeatsFilterIsTestedWith compares the function's lines with testdata/lines.json. Package
// test matches those with the metric filter of the stage. A line's time and duration are left out.
func TestLinesAreThoseThatTheHeartbeatsFilterIsTestedWith(t *testing.T) {
	beat := sampleOf(t, "the function's own hourly call comes back").envelope()
	var got []logged
	add := func(what string, counted int, event any, change func(*world)) {
		w := newWorld(t)
		change(w)
		_ = w.invoke(t, event) // the lines say whether it failed
		call := logged{What: what, Counted: counted}
		for line := range strings.Lines(w.log.String()) {
			var fields map[string]any
			if err := json.Unmarshal([]byte(line), &fields); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			delete(fields, "time")
			delete(fields, "durationMs")
			call.Lines = append(call.Lines, fields)
		}
		got = append(got, call)
	}
	nothing := func(*world) {}
	waiting := func(w *world) { w.await(t, "1", beat) }
	add("a heartbeat is recorded", 1, beat, nothing)
	add("a heartbeat is replayed in its time", 1, replay, waiting)
	add("a heartbeat is not recorded", 0, beat, func(w *world) { w.failing = "S3" })
	add("a heartbeat is replayed, and not recorded", 0, replay, func(w *world) { waiting(w); w.failing = "S3" })
	add("a heartbeat comes too late", 0, beat, func(w *world) { w.now = beatAt.Add(3 * time.Hour) })
	add("the schedule makes the call", 0, schedule("aws.events", "111122223333"), nothing)
	add("the call fails", 0, schedule("aws.events", "111122223333"), func(w *world) { w.failing = "STS" })
	add("the desk works", 0, sampleOf(t, "the desk disables an account").envelope(), nothing)
	add("somebody stops the trail", 0, sampleOf(t, "the trail is stopped").envelope(), nothing)
	add("nothing is to be replayed", 0, replay, nothing)

	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(got); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/lines.json")
	if err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(string(want), text.String()); diff != "" {
		t.Errorf("lines (-testdata/lines.json +got)\n%s\nall of them:\n%s", diff, &text)
	}
}
