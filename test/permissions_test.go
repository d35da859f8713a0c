package test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/test/threats"
)

// TestRolesAreGrantedTheSameInEveryStage: package access lists exactly the permissions of each role of a committed
// stage. Here every stage and variant is compared with the first that has the role, so that no unlisted permission
// depends on the configuration.
func TestRolesAreGrantedTheSameInEveryStage(t *testing.T) {
	type granted struct {
		in    string
		lines []string
	}
	first := map[string]granted{}
	eachStage(t, func(in *threats.Inspection) {
		anyStage := strings.NewReplacer(
			":"+in.Config.Region+":"+in.Account()+":", ":here:",
			"."+in.Config.Region+".amazonaws.com", ".here.amazonaws.com",
			"/securecart/"+strings.ToLower(in.Config.Name)+"/", "/securecart/<stage>/")
		for name, lines := range in.Grants() {
			for i, line := range lines {
				lines[i] = anyStage.Replace(line)
			}
			slices.Sort(lines)
			if first[name].lines == nil {
				first[name] = granted{in.Config.Name, lines}
			}
			if diff := cmp.Diff(first[name].lines, lines); diff != "" {
				in.Fail(name, "may do something else than in %s (-%[1]s +here)\n%s", first[name].in, diff)
			}
		}
	})
	for name, role := range first {
		if !slices.ContainsFunc(config.Stages(), func(s config.Stage) bool { return s.Name == role.in }) {
			t.Errorf("%s is a role of the variant %s only: package access lists nothing of it", name, role.in)
		}
	}
}
