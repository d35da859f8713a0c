// Package environment reads the variables that a function cannot run without.
package environment

import (
	"errors"
	"fmt"
	"os"
	"regexp"
)

var originPattern = regexp.MustCompile(`^https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$`)

// A Reader reads variables and collects what is wrong with them, so that one
// failed start names every mistake. The zero value is ready to use.
type Reader struct {
	problems []error
}

// Required returns the named variable, which must not be empty.
func (r *Reader) Required(name string) string {
	value := os.Getenv(name)
	if value == "" {
		r.Refuse(fmt.Errorf("%s must be set", name))
	}
	return value
}

// Origin returns the named variable, which must be exactly one web origin as a
// browser sends it: scheme and host in lower case, with neither path nor trailing
// slash. A browser compares it letter by letter, so any other form would lock the
// shop's own pages out, and "*" would let every page in.
func (r *Reader) Origin(name string) string {
	value := r.Required(name)
	if value != "" && !originPattern.MatchString(value) {
		r.Refuse(fmt.Errorf("%s must be one origin such as https://shop.example, got %q", name, value))
	}
	return value
}

// Refuse adds what a function finds wrong with a variable that it reads itself. If
// err is nil, that is nothing.
func (r *Reader) Refuse(err error) {
	r.problems = append(r.problems, err)
}

// Err returns everything that was wrong, or nil.
func (r *Reader) Err() error {
	return errors.Join(r.problems...)
}
