package main

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/securecart/identity/test/threats"
)

// sources finds the file of a proof in the repository.
type sources struct {
	root string
	// texts holds the Go files read so far, by folder.
	texts map[string][]source
}

type source struct{ file, text string }

// of names the proofs of a threat, with links. A proof that does not exist is an error.
func (s *sources) of(threat threats.Threat) (string, error) {
	if threat.Accepted() {
		return "–", nil
	}
	var parts []string
	var errs []error
	on := slices.DeleteFunc(slices.Clone(threat.Proofs), func(p threats.Proof) bool { return p == threats.Code })
	if len(on) > 0 {
		names := make([]string, len(on))
		for i := range on {
			names[i] = string(on[i])
		}
		link, err := s.link("check "+threat.ID, "test/threats", `ID:\s+"`+threat.ID+`"`)
		errs = append(errs, err)
		parts = append(parts, link+" on "+strings.Join(names, " and "))
	}
	for _, test := range threat.Tests {
		dot := strings.LastIndexByte(test, '.')
		link, err := s.link(test[dot+1:], test[:dot], `\nfunc `+test[dot+1:]+`\(`)
		errs = append(errs, err)
		parts = append(parts, link)
	}
	return strings.Join(parts, "; "), errors.Join(errs...)
}

// link returns a link to the only file in a folder that matches. A pattern that begins with letters is found fast.
func (s *sources) link(name, folder, pattern string) (string, error) {
	texts, err := s.read(folder)
	if err != nil {
		return "", err
	}
	wanted := regexp.MustCompile(pattern)
	i := slices.IndexFunc(texts, func(f source) bool { return wanted.MatchString(f.text) })
	if i < 0 {
		return "", fmt.Errorf("%s: nothing in folder %s matches %s, although package threats names it", name, folder, pattern)
	}
	return fmt.Sprintf("[%s](../%s)", name, path.Join(folder, texts[i].file)), nil
}

func (s *sources) read(folder string) ([]source, error) {
	if texts, ok := s.texts[folder]; ok {
		return texts, nil
	}
	files, err := filepath.Glob(filepath.Join(s.root, folder, "*.go"))
	if err != nil {
		return nil, err
	}
	var texts []source
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		texts = append(texts, source{filepath.Base(file), string(text)})
	}
	if s.texts == nil {
		s.texts = map[string][]source{}
	}
	s.texts[folder] = texts
	return texts, nil
}
