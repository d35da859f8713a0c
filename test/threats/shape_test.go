package threats

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOnlyWhatAShapeListsIsNoFinding(t *testing.T) {
	const unlisted = " is set, which "
	for _, c := range []struct {
		name, shape, properties string
		want                    []string // without the way out
	}{
		{"a value", "A", `{"A": "text"}`, nil},
		{"a number and a flag", "A B", `{"A": 1, "B": true}`, nil},
		{"nothing", "A B(C) D[] E{}", `{}`, nil},
		{"no value", "A", `{"A": {"B": 1}}`, []string{`A is {"B":1}, which `}},
		{"a list for a value", "A", `{"A": ["text"]}`, []string{`A is ["text"], which `}},
		{"an object", "A(B C)", `{"A": {"B": 1}}`, nil},
		{"an object with one property too many", "A(B)", `{"A": {"B": 1, "X": 2}}`, []string{"A.X" + unlisted}},
		{"several too many", "A", `{"Z": 1, "A": 1, "Y": 2, "X": 2}`, []string{"X" + unlisted, "Y" + unlisted, "Z" + unlisted}},
		{"the same name elsewhere", "A(B) B", `{"A": {"A": 1}}`, []string{"A.A" + unlisted}},
		{"an object that must be empty", "A()", `{"A": {}}`, nil},
		{"an object that is not empty", "A()", `{"A": {"X": 1}}`, []string{"A.X" + unlisted}},
		{"no object", "A(B)", `{"A": "text"}`, []string{`A is "text", which `}},
		{"a list of values", "A[]", `{"A": ["text", {"Ref": "Other"}]}`, nil},
		{"no list", "A[]", `{"A": "text"}`, []string{`A is "text", which `}},
		{"a list of something else", "A[]", `{"A": [{"X": 1}, ["text"]]}`, []string{`A[0] is {"X":1}, which `, `A[1] is ["text"], which `}},
		{"a list of objects", "A[](B)", `{"A": [{"B": 1}, {}]}`, nil},
		{"a list of objects of which one has too much", "A[](B)", `{"A": [{"B": 1}, {"B": 1, "X": 2}]}`, []string{"A[1].X" + unlisted}},
		{"deep down", "A(B[](C(D[])))", `{"A": {"B": [{"C": {"D": [1], "X": 2}}]}}`, []string{"A.B[0].C.X" + unlisted}},
		{"whatever keys", "A{}", `{"A": {"X": 1, "Y": "text"}}`, nil},
		{"whatever keys of no values", "A{}", `{"A": {"X": {"Y": 1}}}`, []string{`A.X is {"Y":1}, which `}},
		{"a list for whatever keys", "A{}", `{"A": ["text"]}`, []string{`A is ["text"], which `}},
		{"whatever", "A*", `{"A": {"X": [{"Y": 1}]}}`, nil},
		{"references", "A B C", `{"A": {"Fn::GetAtt": ["Other", "Arn"]}, "B": {"Fn::Join": ["", ["a", {"Ref": "Other"}]]}, "C": {"Fn::ImportValue": "x"}}`, nil},
		{"a choice", "A", `{"A": {"Fn::If": ["Wanted", "a", "b"]}}`, []string{`A is {"Fn::If":["Wanted","a","b"]}, which `}},
		{"a choice inside of a reference", "A", `{"A": {"Fn::Join": ["", [{"Fn::If": ["Wanted", "a", "b"]}]]}}`,
			[]string{`A is {"Fn::Join":["",[{"Fn::If":["Wanted","a","b"]}]]}, which `}},
		{"a choice for an object", "A(B)", `{"A": {"Fn::If": ["Wanted", {}, {}]}}`, []string{"A.Fn::If" + unlisted}},
		{"a reference with something beside it", "A", `{"A": {"Ref": "Other", "X": 1}}`, []string{`A is {"Ref":"Other","X":1}, which `}},
		{"a reference for an object", "A(B) C{} D[]", `{"A": {"Ref": "Other"}, "C": {"Ref": "Other"}, "D": {"Ref": "Other"}}`,
			[]string{`A is {"Ref":"Other"}, which `, `C is {"Ref":"Other"}, which `, `D is {"Ref":"Other"}, which `}},
		{"a macro among whatever keys", "A{}", `{"A": {"Fn::Transform": {"Name": "theirs"}}}`, []string{`A.Fn::Transform is {"Name":"theirs"}, which `}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := inspecting(small(t, `{"Pool01234567": {"Type": "AWS::Cognito::UserPool", "Properties": `+c.properties+`}}`))
			in.Only(userPool).judged(shaped(c.shape))
			want := []string{}
			for _, text := range c.want {
				want = append(want, "T UserPool/Pool01234567: "+text+wayOut)
			}
			if diff := cmp.Diff(want, in.found()); diff != "" {
				t.Errorf("findings (-want +got)\n%s", diff)
			}
		})
	}
}

// TestAShapeThatCannotBeReadStopsThePackage: what it was meant to list would be listed nowhere, or anything be.
func TestAShapeThatCannotBeReadStopsThePackage(t *testing.T) {
	for text, want := range map[string]string{
		"B A":     "A stands behind B",
		"A A":     "A stands behind A",
		"A(C B)":  "B stands behind C",
		"A(B":     "not closed",
		"A[](B":   "not closed",
		"A)":      ") stands where a name is expected",
		"A[":      "[ stands where a name is expected",
		"A{}(B)":  "( stands where a name is expected",
		"A.B":     ". stands where a name is expected",
		"[]":      "[ stands where a name is expected",
		"A* (B)":  "( stands where a name is expected",
		"A(B[]C)": "",
	} {
		t.Run(text, func(t *testing.T) {
			defer func() {
				if got := fmt.Sprint(recover()); want != "" && !strings.Contains(got, want) {
					t.Errorf("panics with %q, want %q in it", got, want)
				}
			}()
			shaped(text)
		})
	}
}
