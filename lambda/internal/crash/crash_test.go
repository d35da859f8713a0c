package crash_test

import (
	"errors"
	"regexp"
	"testing"

	"github.com/securecart/identity/lambda/internal/crash"
)

func describe(panics func()) (text string) {
	defer func() { text = crash.Describe(recover()) }()
	panics()
	return ""
}

func TestDescriptionSaysWhatAndWhereButNoValue(t *testing.T) {
	var nothing map[string]string
	for want, panics := range map[string]func(){
		`^assignment to entry in nil map at crash_test\.go:\d+$`: func() { nothing["alice"] = "secret" },
		`^string at crash_test\.go:\d+$`:                         func() { panic("secret") },
		`^\*errors\.errorString at crash_test\.go:\d+$`:          func() { panic(errors.New("secret")) },
	} {
		if got := describe(panics); !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("described as %q, want %s", got, want)
		}
	}
}
