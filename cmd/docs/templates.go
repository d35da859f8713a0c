package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/test/access"
)

// goldenTemplates is the folder of the reviewed templates. A test of package test proves that the app synthesizes them.
const goldenTemplates = "test/testdata/golden"

// readTemplates reads the reviewed templates of a stage whose file names match.
func readTemplates(root string, cfg config.Stage, pattern string) (assembly.Synthesized, error) {
	from := assembly.Synthesized{ID: cfg.ID()}
	files, err := filepath.Glob(filepath.Join(root, goldenTemplates, pattern))
	if err != nil {
		return from, err
	}
	if len(files) == 0 {
		return from, fmt.Errorf("%s has no template of %s; run `make golden`", goldenTemplates, cfg.ID())
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return from, err
		}
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		stack := assembly.Stack{Name: name, Region: cfg.Region, Account: cfg.Account}
		stack.ID = strings.TrimPrefix(stack.Name, cfg.ID()+"-")
		if err := json.Unmarshal(data, &stack.Template); err != nil {
			return from, fmt.Errorf("%s: %w", file, err)
		}
		from.Stacks = append(from.Stacks, stack)
	}
	return from, nil
}

// readStage reads a stage from its reviewed templates.
func readStage(root string, cfg config.Stage) (*access.Subject, error) {
	from, err := readTemplates(root, cfg, cfg.ID()+"-*.json")
	if err != nil {
		return nil, err
	}
	loaded, err := deployed.Load(from)
	if err != nil {
		return nil, err
	}
	return access.Read(loaded)
}
