package function

import (
	"errors"
	"fmt"
	"os"
	"regexp"
)

var originPattern = regexp.MustCompile(`^https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$`)

// An Environment reads a function's required variables and collects every mistake, so that one failed start reports all
// of them. The zero value is ready to use.
type Environment struct {
	problems []error
}

// Required returns the named variable, which must not be empty.
func (e *Environment) Required(name string) string {
	value := os.Getenv(name)
	if value == "" {
		e.Refuse(fmt.Errorf("%s must be set", name))
	}
	return value
}

// Origin returns the named variable, which must be exactly one web origin as a browser sends it: scheme and host in
// lower case, with neither path nor trailing slash. A browser compares it letter by letter, so any other form would
// exclude the shop's own pages, and "*" would allow every page.
func (e *Environment) Origin(name string) string {
	value := e.Required(name)
	if value != "" && !originPattern.MatchString(value) {
		e.Refuse(fmt.Errorf("%s must be one origin such as https://shop.example, got %q", name, value))
	}
	return value
}

// Refuse records err, for a variable that a function parses itself. A nil err is ignored.
func (e *Environment) Refuse(err error) {
	e.problems = append(e.problems, err)
}

// Err returns all mistakes, or nil.
func (e *Environment) Err() error {
	return errors.Join(e.problems...)
}
