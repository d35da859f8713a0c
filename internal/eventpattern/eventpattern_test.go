package eventpattern_test

import (
	"encoding/json"
	"testing"

	"github.com/securecart/identity/internal/eventpattern"
)

const event = `{"detail": {"name": "UpdateRole", "read": false, "who": {"arn": "arn:aws:iam::1:user/jane"},
	"resources": [{"ARN": "key/1"}, {"ARN": "key/2"}], "names": ["a", "b"]}}`

// match parses a pattern and matches the event with it.
func match(t *testing.T, pattern string) (bool, error) {
	t.Helper()
	var decoded map[string]any
	if err := json.Unmarshal([]byte(event), &decoded); err != nil {
		t.Fatal(err)
	}
	parsed, err := eventpattern.Parse([]byte(pattern))
	if err != nil {
		return false, err
	}
	return parsed.Matches(decoded)
}

func TestPatternsMatchAsEventBridgeSays(t *testing.T) {
	for pattern, want := range map[string]bool{
		`{}`:                                   true,
		`{"detail": {"name": ["UpdateRole"]}}`: true,
		`{"detail": {"name": ["DeleteRole", "UpdateRole"]}}`:                         true,
		`{"detail": {"name": ["DeleteRole"]}}`:                                       false,
		`{"detail": {"read": [false]}}`:                                              true,
		`{"detail": {"read": [true]}}`:                                               false,
		`{"detail": {"read": ["false"]}}`:                                            false,
		`{"detail": {"missing": ["UpdateRole"]}}`:                                    false,
		`{"detail": {"missing": {"name": ["UpdateRole"]}}}`:                          false,
		`{"detail": {"missing": [{"anything-but": {"prefix": "x"}}]}}`:               false,
		`{"detail": {"name": ["UpdateRole"], "read": [true]}}`:                       false,
		`{"detail": {"name": [{"prefix": "Update"}]}}`:                               true,
		`{"detail": {"name": [{"prefix": "Role"}]}}`:                                 false,
		`{"detail": {"read": [{"prefix": "f"}]}}`:                                    false,
		`{"detail": {"names": ["b"]}}`:                                               true,
		`{"detail": {"resources": {"ARN": ["key/2"]}}}`:                              true,
		`{"detail": {"resources": {"ARN": ["key/3"]}}}`:                              false,
		`{"detail": {"who": {"arn": [{"wildcard": "*:user/*"}]}}}`:                   true,
		`{"detail": {"who": {"arn": [{"wildcard": "arn:*:user/j*e"}]}}}`:             true,
		`{"detail": {"who": {"arn": [{"wildcard": "*:user/"}]}}}`:                    false,
		`{"detail": {"who": {"arn": [{"wildcard": "user/*"}]}}}`:                     false,
		`{"detail": {"who": {"arn": [{"wildcard": "*x*"}]}}}`:                        false,
		`{"detail": {"who": {"arn": [{"wildcard": "arn:aws:iam::1:user"}]}}}`:        false,
		`{"detail": {"who": {"arn": [{"anything-but": {"wildcard": "*:role/*"}}]}}}`: true,
		`{"detail": {"who": {"arn": [{"anything-but": {"wildcard": "*:user/*"}}]}}}`: false,
		`{"detail": {"name": [{"anything-but": "UpdateRole"}]}}`:                     false,
		`{"detail": {"name": [{"anything-but": "DeleteRole"}]}}`:                     true,
		`{"detail": {"missing": [{"anything-but": "DeleteRole"}]}}`:                  false,
		`{"detail": {"missing": [{"exists": false}]}}`:                               true,
		`{"detail": {"missing": {"name": [{"exists": false}]}}}`:                     true,
		`{"detail": {"name": [{"exists": false}]}}`:                                  false,
		`{"detail": {"name": {"x": [{"exists": false}]}}}`:                           true,
		`{"detail": {"$or": [{"name": ["x"]}, {"read": [false]}]}}`:                  true,
		`{"detail": {"$or": [{"name": ["x"]}, {"read": [true]}]}}`:                   false,
		`{"detail": {"name": ["x"], "$or": [{"read": [false]}]}}`:                    false,
	} {
		if got, err := match(t, pattern); got != want || err != nil {
			t.Errorf("%s: %t, %v; want %t", pattern, got, err, want)
		}
	}
}

func TestPatternsThatAreNotKnownAreErrors(t *testing.T) {
	for _, pattern := range []string{
		`[]`, `{"detail": {"name": "UpdateRole"}}`, `{"detail": {"name": [{"suffix": "Role"}]}}`,
		`{"detail": {"name": [{"prefix": "a", "wildcard": "b"}]}}`, `{"detail": {"name": [{"prefix": 1}]}}`,
		`{"detail": {"name": [{"anything-but": ["x"]}]}}`, `{"detail": {"$or": ["x"]}}`,
		`{"detail": {"name": [{"exists": true}]}}`,
	} {
		if got, err := match(t, pattern); err == nil {
			t.Errorf("%s: %t, want an error", pattern, got)
		}
	}
}
