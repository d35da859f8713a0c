// Package module finds this module's own files, for tests, which Go runs in the folder of their package.
package module

import (
	"errors"
	"os"
	"path/filepath"
)

// Root is the folder of go.mod, the nearest at or above the working directory.
func Root() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder, nil
		}
		if folder == filepath.Dir(folder) {
			return "", errors.New("no go.mod at or above the working directory")
		}
		folder = filepath.Dir(folder)
	}
}
