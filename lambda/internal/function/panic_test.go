package function_test

import (
	"errors"
	"regexp"
	"testing"

	"github.com/securecart/identity/lambda/internal/function"
)

func describe(panics func()) (text string) {
	defer func() { text = function.DescribePanic(recover()) }()
	panics()
	return ""
}

func TestDescriptionSaysWhatAndWhereButNoValue(t *testing.T) {
	var nothing map[string]string
	for want, panics := range map[string]func(){
		`^assignment to entry in nil map at panic_test\.go:\d+$`: func() { nothing["alice"] = "secret" },
		`^string at panic_test\.go:\d+$`:                         func() { panic("secret") },
		`^\*errors\.errorString at panic_test\.go:\d+$`:          func() { panic(errors.New("secret")) },
	} {
		if got := describe(panics); !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("described as %q, want %s", got, want)
		}
	}
}
