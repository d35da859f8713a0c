package functions

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/securecart/identity/local/localtest/must"
)

func TestLinesArePassedOnHoweverTheyAreWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := ""
		var text []byte
		for _, line := range rapid.SliceOf(rapid.StringMatching(`[a-z ]{0,8}`)).Draw(t, "lines") {
			text = append(text, line+"\n"...)
			want += "orders | " + line + "\n"
		}
		if last := rapid.StringMatching(`[a-z]{0,4}`).Draw(t, "line without an end"); last != "" {
			text = append(text, last...)
			want += "orders | " + last + "\n"
		}
		var got bytes.Buffer
		l := &lines{output: &output{to: &got}, source: "orders"}
		for len(text) > 0 {
			n := rapid.IntRange(1, len(text)).Draw(t, "chunk")
			if written, err := l.Write(text[:n]); written != n || err != nil {
				t.Fatalf("Write = %d, %v", written, err)
			}
			text = text[n:]
		}
		l.flush()
		if got.String() != want {
			t.Fatalf("%q, want %q", got.String(), want)
		}
	})
}

func TestLongLinesAreCut(t *testing.T) {
	var got bytes.Buffer
	l := &lines{output: &output{to: &got}, source: "orders"}
	for range 3 {
		must.Get(l.Write(bytes.Repeat([]byte("x"), maxLine/2)))(t)
	}
	if len(l.pending) > maxLine {
		t.Errorf("%d bytes are kept of a line that is cut after %d", len(l.pending), maxLine)
	}
	must.Get(l.Write([]byte("y\nshort\n")))(t)
	want := "orders | " + strings.Repeat("x", maxLine) + " … and 8193 more bytes\norders | short\n"
	if got.String() != want {
		t.Errorf("%d bytes ending in %q, want %d ending in %q",
			got.Len(), got.String()[got.Len()-50:], len(want), want[len(want)-50:])
	}
}
