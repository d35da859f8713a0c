package main

import (
	"strings"
	"testing"

	"github.com/securecart/identity/config"
)

func TestAWrongNameIsRefusedWithTheRightOnes(t *testing.T) {
	var names []string
	for _, stage := range config.Stages() {
		names = append(names, stage.Name)
	}
	choices := "; choose one of " + strings.Join(names, ", ")
	for _, c := range []struct {
		args      []string
		code      int
		out, errs string
	}{
		{nil, 0, strings.Join(names, "\n") + "\n", ""},
		{[]string{"Staging"}, 0, "", ""},
		{[]string{"Nope"}, 1, "", `stage "Nope" does not exist` + choices},
		{[]string{"dev"}, 1, "", `stage "dev" does not exist` + choices},
		{[]string{""}, 2, "", "Usage:"},
		{[]string{"Dev", "Prod"}, 2, "", "Usage:"},
		{[]string{"", "Delivery"}, 2, "", "Usage:"},
		{[]string{"Dev", "Delivery"}, 0, "", ""},
		{[]string{"Dev", "Replica"}, 1, "", "Dev has no replica: enter Replica in config/stages.go"},
		{[]string{"Dev", "Delivery", "Replica"}, 2, "", "Usage:"},
		{[]string{"--help"}, 0, "", "Usage:"},
	} {
		var out, errs strings.Builder
		code := run(c.args, &out, &errs)
		if code != c.code || out.String() != c.out || !strings.HasPrefix(errs.String(), c.errs) {
			t.Errorf("%q: got %d, %q, %q; want %d, %q, %q", c.args, code, out.String(), errs.String(), c.code, c.out, c.errs)
		}
	}
}
