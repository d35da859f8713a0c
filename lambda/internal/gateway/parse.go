package gateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"unicode/utf8"
)

// maxDepth is how deeply objects and lists may be nested. No route needs more than three levels.
const maxDepth = 8

// plainName matches names that messages show unquoted, unless they are longer than maxPlain.
var plainName = regexp.MustCompile(`^[A-Za-z0-9_]+$`)

const maxPlain = 40

// parse returns the value of raw, objects as map[string]any, lists as []any and numbers as json.Number, or a 400
// Problem.
func parse(raw []byte) (any, error) {
	if len(raw) == 0 {
		return nil, BadRequest("body must not be empty")
	}
	if !utf8.Valid(raw) {
		return nil, BadRequest("body must be UTF-8")
	}
	// The whole syntax is checked first, up to the end of the text: walk relies on it.
	if err := json.Unmarshal(raw, new(json.RawMessage)); err != nil {
		return nil, malformed(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	root, err := walk(decoder, "", 0)
	if known := new(Problem); err != nil && !errors.As(err, &known) {
		return nil, malformed(err)
	}
	return root, err
}

// malformed reports where the syntax is wrong, but not how: the decoder's message quotes the body.
func malformed(err error) error {
	if syntax := new(json.SyntaxError); errors.As(err, &syntax) {
		return BadRequest(fmt.Sprintf("body must be one JSON value, it is none at byte %d", syntax.Offset))
	}
	return BadRequest("body must be one JSON value")
}

// walk reads the next value. It detects repeated names, of which encoding/json silently keeps the last.
func walk(decoder *json.Decoder, path string, depth int) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	opened, nested := token.(json.Delim)
	if !nested {
		return token, nil
	}
	if depth == maxDepth {
		return nil, BadRequest(fmt.Sprintf("%s is nested more than %d deep", named(path), maxDepth))
	}
	var value any
	if opened == '{' {
		value, err = walkObject(decoder, path, depth+1)
	} else {
		value, err = walkList(decoder, path, depth+1)
	}
	if err != nil {
		return nil, err
	}
	_, err = decoder.Token() // what closes it
	return value, err
}

func walkObject(decoder *json.Decoder, path string, depth int) (any, error) {
	fields := make(map[string]any)
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string) // the syntax allows nothing else
		inside := field(path, name)
		if _, found := fields[name]; found {
			return nil, BadRequest(inside + " is given more than once")
		}
		if fields[name], err = walk(decoder, inside, depth); err != nil {
			return nil, err
		}
	}
	return fields, nil
}

func walkList(decoder *json.Decoder, path string, depth int) (any, error) {
	entries := []any{}
	for decoder.More() {
		value, err := walk(decoder, element(path, len(entries)), depth)
		if err != nil {
			return nil, err
		}
		entries = append(entries, value)
	}
	return entries, nil
}

// field returns the path of a field, such as "items[3].sku".
func field(path, name string) string {
	name = told(name)
	if path == "" {
		return name
	}
	return path + "." + name
}

func element(path string, i int) string {
	return fmt.Sprintf("%s[%d]", path, i)
}

func named(path string) string {
	if path == "" {
		return "body"
	}
	return path
}

// told returns a name unquoted if it cannot falsify the message, otherwise quoted.
func told(name string) string {
	if len(name) <= maxPlain && plainName.MatchString(name) {
		return name
	}
	return Quoted(name)
}
