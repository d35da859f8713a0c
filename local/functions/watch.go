package functions

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/securecart/identity/internal/sources"
)

// look is how often Watch looks for changes.
const look = 500 * time.Millisecond

// Watch builds the functions again whenever a .go file below lambda/, go.mod or go.sum changes, until ctx ends.
// Functions whose program changed get new processes; the old process finishes a running call. If the build fails,
// Output receives the compiler's output and the old programs continue. It may be called once.
func (s *Set) Watch(ctx context.Context) {
	ticker := time.NewTicker(s.config.look)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now, err := files(s.builder.root)
		if err != nil {
			s.say("cannot look for changes: %v", err)
			continue
		}
		if maps.Equal(now, s.seen) {
			continue
		}
		s.seen = now
		s.rebuild(ctx)
	}
}

func (s *Set) rebuild(ctx context.Context) {
	var programs []program
	for _, f := range s.functions {
		programs = append(programs, f.program)
	}
	if err := s.builder.build(ctx, names(programs)); err != nil {
		if ctx.Err() == nil {
			s.say("%v\nwhat was built before goes on serving", err)
		}
		return
	}
	fresh := map[string]bool{}
	for _, f := range s.functions {
		// Not what this build changed: the stage that is replaced, or another make local of the clone, may have built it.
		if file := f.program.file(); file != nil && !os.SameFile(file, f.built) {
			f.built = file
			f.replace()
			fresh[f.program.name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(fresh)) {
		s.say("%s is new", name)
	}
}

func (s *Set) say(format string, args ...any) {
	for line := range strings.Lines(fmt.Sprintf(format, args...)) {
		s.output.line("build", []byte(strings.TrimSuffix(line, "\n")))
	}
}

// files returns the functions' sources.
func files(root string) (sources.Snapshot, error) {
	return sources.Of(root, "go.mod", "go.sum", "lambda")
}
