// Package sources notices when Go files change.
package sources

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// Snapshot is what files look like, by path.
type Snapshot map[string]Version

// Version tells a file from what it was before.
type Version struct {
	// Modified is the time in nanoseconds, and Size is in bytes.
	Modified, Size int64
}

// Of returns the files below root that the paths name: those that are named themselves, and in folders every .go file
// that is no test. Paths that do not exist are left out. To read the times of a hundred files takes less than a
// millisecond.
func Of(root string, paths ...string) (Snapshot, error) {
	seen := Snapshot{}
	for _, path := range paths {
		named := filepath.Join(root, path)
		err := filepath.WalkDir(named, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && (path == named || isCode(path)) {
				err = seen.add(path, entry)
			}
			// Editors replace files: what is gone now comes back, or is a change.
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return seen, nil
}

func isCode(path string) bool {
	return strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go")
}

func (s Snapshot) add(path string, entry fs.DirEntry) error {
	info, err := entry.Info()
	if err == nil {
		s[path] = Version{info.ModTime().UnixNano(), info.Size()}
	}
	return err
}

// Changed returns the paths that are new, gone or others than before, sorted.
func (s Snapshot) Changed(before Snapshot) []string {
	var paths []string
	for path, version := range s {
		if before[path] != version {
			paths = append(paths, path)
		}
	}
	for path := range before {
		if _, there := s[path]; !there {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}
