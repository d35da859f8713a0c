package iam

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth is deeper than any policy: document, statements, statement, Condition, operator, list.
const maxDepth = 8

// decode reads one JSON value like json.Unmarshal, but refuses repeated keys, and text that is not UTF-8.
func decode(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	value, err := decodeValue(d, maxDepth)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is something behind the JSON value")
	}
	return value, nil
}

func decodeValue(d *json.Decoder, depth int) (any, error) {
	t, err := d.Token()
	if err != nil {
		return nil, noJSON(err)
	}
	if depth == 0 {
		return nil, errors.New("the JSON is nested deeper than a policy can be")
	}
	switch v := t.(type) {
	case json.Delim:
		if v == '{' {
			return decodeObject(d, depth)
		}
		return decodeList(d, depth)
	case string:
		// The decoder replaces invalid UTF-8 by this character.
		if strings.ContainsRune(v, utf8.RuneError) {
			return nil, fmt.Errorf("%q is not UTF-8", v)
		}
	}
	return t, nil
}

func decodeObject(d *json.Decoder, depth int) (any, error) {
	object := map[string]any{}
	for d.More() {
		name, err := decodeValue(d, depth)
		if err != nil {
			return nil, err
		}
		key, _ := name.(string) // the decoder has seen to it that it is one
		if _, twice := object[key]; twice {
			return nil, fmt.Errorf("the key %q is there twice in an object", key)
		}
		if object[key], err = decodeValue(d, depth-1); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return object, noJSON(err)
}

func decodeList(d *json.Decoder, depth int) (any, error) {
	list := []any{}
	for d.More() {
		value, err := decodeValue(d, depth-1)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	_, err := d.Token()
	return list, noJSON(err)
}

func noJSON(err error) error {
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return at("no JSON", err)
}

// at prefixes every problem joined in err with the place.
func at(place string, err error) error {
	if err == nil {
		return nil
	}
	var several interface{ Unwrap() []error }
	if !errors.As(err, &several) {
		return fmt.Errorf("%s: %w", place, err)
	}
	problems := several.Unwrap()
	placed := make([]error, len(problems))
	for i, problem := range problems {
		placed[i] = at(place, problem)
	}
	return errors.Join(placed...)
}

// texts reads a string or a list of strings.
func texts(value any) ([]string, error) {
	for _, v := range asList(value) {
		if !isText(v) {
			return nil, fmt.Errorf("want a string or a list of strings, got %s", describe(v))
		}
	}
	return scalars(value)
}

// scalars reads the values of a condition: "Quotation marks are optional for numeric and Boolean values".
func scalars(value any) ([]string, error) {
	list := asList(value)
	if len(list) == 0 {
		return nil, errors.New("the list is empty")
	}
	read := make([]string, len(list))
	for i, v := range list {
		text, err := scalar(v)
		if err != nil {
			return nil, err
		}
		read[i] = text
	}
	return read, nil
}

func scalar(value any) (string, error) {
	switch v := value.(type) {
	case string:
		return v, nil
	case bool:
		return strconv.FormatBool(v), nil
	case json.Number:
		f, err := v.Float64()
		if text, _ := scalar(f); err != nil || text != v.String() {
			return "", fmt.Errorf("write the number %s as a string, so that it is certain what text it is", v)
		}
		return v.String(), nil
	case float64:
		if math.Abs(v) > 1<<53 {
			return "", fmt.Errorf("write the number %v as a string: it is too large to be exact", v)
		}
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	}
	return "", fmt.Errorf("want a string, number, boolean or a list of them, got %s", describe(value))
}

func asList(value any) []any {
	if list, ok := value.([]any); ok {
		return list
	}
	return []any{value}
}

func isText(value any) bool { _, ok := value.(string); return ok }

// describe describes an unexpected value.
func describe(value any) string {
	switch v := value.(type) {
	case nil:
		return "nothing"
	case string:
		return strconv.Quote(v)
	case []any:
		return fmt.Sprintf("a list of %d", len(v))
	case map[string]any:
		if len(v) == 1 {
			for key := range v {
				return fmt.Sprintf("an object with the key %s (intrinsic functions must be resolved before)", key)
			}
		}
		return fmt.Sprintf("an object with %d keys", len(v))
	}
	return fmt.Sprint(value)
}
