package userpool

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// conform refuses a request with missing or malformed members. It names all of them at once, in Cognito's words:
// https://github.com/amazon-archives/amazon-cognito-identity-js/issues/388.
func conform(body []byte, required []string) error {
	var given map[string]json.RawMessage
	if err := json.Unmarshal(body, &given); err != nil {
		return errUnreadable
	}
	var found []string
	for _, name := range required {
		if value := string(given[name]); value == "" || value == "null" {
			found = append(found, members[name].missing(lowered(name)))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		// The operation itself finds members of the wrong type.
		var value any
		if json.Unmarshal(given[name], &value) == nil && value != nil {
			found = append(found, members[name].violations(lowered(name), value)...)
		}
	}
	switch len(found) {
	case 0:
		return nil
	case 1:
		return invalidParameter("1 validation error detected: %s", found[0])
	}
	return invalidParameter("%d validation errors detected: %s", len(found), strings.Join(found, "; "))
}

// missing returns the violation of an absent member.
func (m member) missing(path string) string {
	value := "null"
	if m.secret {
		value = ""
	}
	return violation(value, path, "Member must not be null")
}

// lowered returns a member's name as messages have it.
func lowered(name string) string { return strings.ToLower(name[:1]) + name[1:] }

// violation words an unmet demand on a value, which may be empty, at a path.
func violation(value, path, demand string) string {
	if value != "" {
		value += " "
	}
	return fmt.Sprintf("Value %sat '%s' failed to satisfy constraint: %s", value, path, demand)
}

// violations returns the violations of a value and of its parts. Entries of lists count from one:
// 'userAttributes.1.member.name'. A map, or a list of texts, has one violation with all demands, met or not.
func (m member) violations(path string, value any) []string {
	switch v := value.(type) {
	case map[string]any:
		return m.ofObject(path, v)
	case []any:
		return m.ofList(path, v)
	}
	var found []string
	for _, demand := range m.demands(value) {
		if !demand.met {
			found = append(found, violation(m.quoted(value), path, demand.text))
		}
	}
	return found
}

// quoted returns a value as messages repeat it.
func (m member) quoted(value any) string {
	if m.secret {
		return ""
	}
	switch v := value.(type) {
	case string:
		return "'" + v + "'"
	case float64:
		return "'" + strconv.Itoa(int(v)) + "'"
	case []any:
		var entries []string
		for _, entry := range v {
			entries = append(entries, fmt.Sprint(entry))
		}
		return "'[" + strings.Join(entries, ", ") + "]'"
	case map[string]any:
		var entries []string
		for _, key := range slices.Sorted(maps.Keys(v)) {
			entries = append(entries, fmt.Sprintf("%s=%v", key, v[key]))
		}
		return "'{" + strings.Join(entries, ", ") + "}'"
	}
	return ""
}

func (m member) ofObject(path string, object map[string]any) []string {
	var found []string
	for _, name := range slices.Sorted(maps.Keys(m.fields)) {
		field := m.fields[name]
		field.secret = field.secret || m.secret
		at := path + "." + lowered(name)
		switch value := object[name]; {
		case value != nil:
			found = append(found, field.violations(at, value)...)
		case field.required:
			found = append(found, field.missing(at))
		}
	}
	if m.texts == nil {
		return found
	}
	var keys []any
	for key := range object {
		keys = append(keys, key)
	}
	if demands, met := m.texts.all(keys); !met {
		found = append(found, violation(m.quoted(object), path, "Map keys must satisfy constraint: "+demands))
	}
	if demands, met := m.texts.all(slices.Collect(maps.Values(object))); !met {
		found = append(found, violation(m.quoted(object), path, "Map value must satisfy constraint: "+demands))
	}
	return found
}

func (m member) ofList(path string, list []any) []string {
	if m.items == nil {
		return nil
	}
	if m.items.fields == nil {
		if demands, met := m.items.all(list); !met {
			return []string{violation(m.quoted(list), path, "Member must satisfy constraint: "+demands)}
		}
		return nil
	}
	var found []string
	for i, entry := range list {
		found = append(found, m.items.violations(fmt.Sprintf("%s.%d.member", path, i+1), entry)...)
	}
	return found
}

// all returns the demands on each of the values, and whether every value meets them.
func (m member) all(values []any) (demands string, met bool) {
	var texts []string
	for _, demand := range m.demands("") {
		texts = append(texts, demand.text)
	}
	unmet := func(d demand) bool { return !d.met }
	for _, value := range values {
		if slices.ContainsFunc(m.demands(value), unmet) {
			return "[" + strings.Join(texts, ", ") + "]", false
		}
	}
	return "", true
}

// demand is a rule for a text or number, and whether a value meets it.
type demand struct {
	text string
	met  bool
}

func (m member) demands(value any) []demand {
	var all []demand
	of := func(met bool, format string, arguments ...any) {
		all = append(all, demand{"Member must " + fmt.Sprintf(format, arguments...), met})
	}
	kind, size := "length", 0
	switch v := value.(type) {
	case string:
		size = utf8.RuneCountInString(v)
	case float64:
		kind, size = "value", int(v)
	default:
		return nil
	}
	if m.longest > 0 {
		of(size <= m.longest, "have %s less than or equal to %d", kind, m.longest)
	}
	if m.longest > 0 || m.shortest > 0 {
		of(size >= m.shortest, "have %s greater than or equal to %d", kind, m.shortest)
	}
	if text, ok := value.(string); ok && m.pattern != nil {
		of(m.pattern.MatchString(text), "satisfy regular expression pattern: %s", inner(m.pattern))
	} else if ok && m.oneOf != nil {
		of(slices.Contains(m.oneOf, text), "satisfy enum value set: [%s]", strings.Join(m.oneOf, ", "))
	}
	return all
}

const prefix, suffix = `^(?:`, `)$`

// whole matches texts that fit the pattern from beginning to end.
func whole(pattern string) *regexp.Regexp { return regexp.MustCompile(prefix + pattern + suffix) }

// inner returns the pattern that whole was made of.
func inner(whole *regexp.Regexp) string {
	return strings.TrimSuffix(strings.TrimPrefix(whole.String(), prefix), suffix)
}
