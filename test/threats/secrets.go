package threats

import (
	"regexp"
	"slices"
	"strings"

	"github.com/securecart/identity/internal/assembly"
)

// eachText visits every text inside properties and outputs, with where it stands and, if that is a resource, with its
// type.
func (in *Inspection) eachText(visit func(where, typ, text string)) {
	in.asked[everyType] = true
	in.alone(func(stack *assembly.Stack, id string, r assembly.Resource) {
		where := stack.ID + "/" + id
		walk(r.Properties, func(text string) { visit(where, r.Type, text) })
	})
	if in.mutated {
		return
	}
	for _, stack := range in.Stacks {
		for name, output := range stack.Template.Outputs {
			where := stack.ID + "/output " + name
			walk(output.Value, func(text string) { visit(where, "", text) })
		}
	}
}

// isID reports whether a text is a logical id, which serves as name of a policy, too.
func (in *Inspection) isID(text string) bool {
	return slices.ContainsFunc(in.Stacks, func(s assembly.Stack) bool { return s.Template.Resources[text].Type != "" })
}

// walk visits every text inside a decoded JSON value. What references name is no text.
func walk(root any, visit func(string)) {
	switch v := root.(type) {
	case string:
		visit(v)
	case []any:
		for _, inner := range v {
			walk(inner, visit)
		}
	case map[string]any:
		for key, inner := range v {
			if key != "Ref" && key != "Fn::GetAtt" && key != "Fn::ImportValue" {
				walk(inner, visit)
			}
		}
	}
}

// apiVersion ends the names that CloudTrail gives to operations of Lambda, such as CreateEventSourceMapping20150331.
var apiVersion = regexp.MustCompile(`20[12][0-9]{5}(v[0-9])?$`)

// secretIn finds what looks like a secret: the beginning of a well-known kind, or 32 and more letters and digits in one
// piece.
func secretIn(text string) string {
	for _, kind := range []string{"GOCSPX-", "AKIA", "-----BEGIN"} {
		if i := strings.Index(text, kind); i >= 0 {
			return text[i:]
		}
	}
	if len(text) < 32 {
		return ""
	}
	for piece := range strings.FieldsFuncSeq(text, func(c rune) bool { return !isLetter(c) && !isDigit(c) }) {
		piece = apiVersion.ReplaceAllString(piece, "")
		if len(piece) >= 32 && strings.ContainsFunc(piece, isLetter) && strings.ContainsFunc(piece, isDigit) {
			return piece
		}
	}
	return ""
}

func isLetter(c rune) bool { return ('a' <= c && c <= 'z') || ('A' <= c && c <= 'Z') }
func isDigit(c rune) bool  { return '0' <= c && c <= '9' }
