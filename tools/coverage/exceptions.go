package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// An exception allows tests to miss a number of statements of one function. Unlike line numbers, the count stays right
// when the file changes, and it still shows an added statement.
type exception struct {
	file, function string
	statements     int
}

func (e exception) String() string {
	return fmt.Sprintf("%s %s %d", e.file, e.function, e.statements)
}

// readExceptions reads a line for each function: file, function, number of statements, and the reason in words. Lines
// that begin with # are comments.
func readExceptions(text string) ([]exception, error) {
	var all []exception
	var errs []error
	known := map[string]bool{}
	for i, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		one, err := readException(line)
		if name := one.file + " " + one.function; err == nil && known[name] {
			err = errors.New(name + " is excepted twice")
		} else {
			known[name] = true
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("line %d: %w", i+1, err))
		}
		all = append(all, one)
	}
	return all, errors.Join(errs...)
}

func readException(line string) (exception, error) {
	words := strings.Fields(line)
	if len(words) < 3 {
		return exception{}, errors.New("want a file, a function, a number of statements and a reason")
	}
	count, err := strconv.Atoi(words[2])
	if err != nil || count < 1 {
		return exception{}, fmt.Errorf("%q is not a number of statements", words[2])
	}
	one := exception{file: words[0], function: words[1], statements: count}
	if len(words) == 3 {
		return exception{}, fmt.Errorf("%s has no reason", one)
	}
	return one, nil
}

// judge returns an error for each missed block that is not excepted, and for each exception that does not hold.
func judge(missed []gap, allowed []exception) error {
	found := map[exception]int{}
	for _, one := range missed {
		found[exception{file: one.file, function: one.function}] += one.statements
	}
	var errs []error
	for _, one := range allowed {
		function := exception{file: one.file, function: one.function}
		if found[function] == one.statements {
			delete(found, function)
			continue
		}
		errs = append(errs,
			fmt.Errorf("the exception %q does not hold: tests miss %d statements there", one, found[function]))
	}
	for _, one := range missed {
		if found[exception{file: one.file, function: one.function}] > 0 {
			errs = append(errs, fmt.Errorf("%s:%d: no test executes this block of %s, statements: %d",
				one.file, one.line, one.function, one.statements))
		}
	}
	return errors.Join(errs...)
}
