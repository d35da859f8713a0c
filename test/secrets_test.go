package test

import (
	"regexp"
	"strings"
	"testing"
)

// secretLike is what secrets look like: the prefixes of well-known ones, or 32 and more mixed characters without a break.
var secretLike = regexp.MustCompile(`GOCSPX-|AKIA[0-9A-Z]{16}|-----BEGIN|\b[A-Za-z0-9+]{32,}\b`)

// longNames are names of AWS's that are as long as secrets.
var longNames = strings.NewReplacer("AWSManagedRules", "", "awscognitoidentityproviderservice", "", "getuserattributeverificationcode", "")

func TestNoTemplateHoldsASecret(t *testing.T) {
	eachStage(t, func(t *testing.T, s stageOf) {
		texts := 0
		for _, stack := range s.Stacks {
			check := func(where string, value any) {
				walk(value, func(inner any) {
					text, ok := inner.(string)
					if !ok {
						return
					}
					texts++
					// Hashes of assets, and names of exports and logical ids, are long and mixed and no secrets.
					known := strings.HasSuffix(text, ".zip") || strings.Contains(text, ":Exports") || stack.Template.Resources[text].Type != ""
					if secretLike.MatchString(longNames.Replace(text)) && !known {
						t.Errorf("%s: %s holds what looks like a secret: %.8s…", stack.Name, where, text)
					}
				})
			}
			for id, r := range stack.Template.Resources {
				check(id, r.Properties)
			}
			for name, output := range stack.Template.Outputs {
				check("output "+name, output.Value)
			}
		}
		if texts < 100 {
			t.Errorf("%s: looked at %d texts only", s.ID, texts)
		}
	})
}
