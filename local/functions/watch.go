package functions

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// look is how often Watch looks for changes. To read the times of a hundred files takes less than a millisecond.
const look = 500 * time.Millisecond

// Watch builds the functions anew whenever a .go file below lambda/, go.mod or go.sum changes, until ctx ends.
// Functions whose program changed get new processes; a call that is worked on is finished by the old one. If the build
// fails, Output gets the compiler's words and the old programs go on serving. It may be called once.
func (s *Set) Watch(ctx context.Context) {
	ticker := time.NewTicker(s.config.look)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now, err := sources(s.builder.root)
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
	changed, err := s.builder.build(ctx, names(programs))
	if err != nil {
		if ctx.Err() == nil {
			s.say("%v\nwhat was built before goes on serving", err)
		}
		return
	}
	for _, name := range changed {
		for _, f := range s.functions {
			if f.program.name == name {
				f.replace()
			}
		}
		s.say("%s is new", name)
	}
}

func (s *Set) say(format string, args ...any) {
	for line := range strings.Lines(fmt.Sprintf(format, args...)) {
		s.output.line("build", []byte(strings.TrimSuffix(line, "\n")))
	}
}

// snapshot is what the sources look like, by path.
type snapshot map[string]version

type version struct {
	modified, size int64
}

// sources returns the files that the functions are built from.
func sources(root string) (snapshot, error) {
	seen := snapshot{}
	add := func(path string, info fs.FileInfo) { seen[path] = version{info.ModTime().UnixNano(), info.Size()} }
	for _, name := range []string{"go.mod", "go.sum"} {
		path := filepath.Join(root, name)
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		add(path, info)
	}
	err := filepath.WalkDir(filepath.Join(root, "lambda"), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			var info fs.FileInfo
			if info, err = entry.Info(); err == nil {
				add(path, info)
			}
		}
		// Editors replace files: what is gone now comes back, or is a change.
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
	return seen, err
}
