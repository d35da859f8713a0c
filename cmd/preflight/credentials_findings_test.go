package main

import (
	"strings"
	"testing"

	"github.com/securecart/identity/config"
)

func TestWithoutRightCredentialsNothingElseIsLookedAt(t *testing.T) {
	denied := func(code string) map[string][]answer {
		return map[string][]answer{"GetCallerIdentity": refusal("GetCallerIdentity", code, "why")}
	}
	for name, test := range map[string]struct {
		stage   func(*config.Stage)
		changes map[string][]answer
		want    string
		remedy  string
	}{
		"expired": {nil, denied("ExpiredToken"), "AWS refuses these credentials: ExpiredToken: why", "aws sso login"},
		"unknown": {
			nil,
			denied("InvalidClientTokenId"),
			"AWS does not know these credentials in eu-central-1",
			"manage-acct-regions",
		},
		"none": {
			nil,
			map[string][]answer{"GetCallerIdentity": {{status: 200, body: "<html>"}}},
			"there are no credentials on this machine, or AWS",
			"AWS_PROFILE",
		},
		"another's": {
			nil,
			map[string][]answer{"GetCallerIdentity": said(caller("999900001111", "arn:aws:iam::999900001111:user/jane"))},
			"the credentials are of account 999900001111, the config names 444455556666",
			"Account of Prod",
		},
		"a placeholder": {
			func(s *config.Stage) { s.Account = config.DocumentationAccount },
			nil,
			"the config still names 111122223333",
			"config/stages.go",
		},
	} {
		t.Run(name, func(t *testing.T) {
			stage := prod()
			if test.stage != nil {
				test.stage(&stage)
			}
			results, r := look(t, stage, test.changes, nil)
			if len(results) != 1 || results[0].Status != Failure || results[0].Check != "credentials" ||
				!strings.HasPrefix(results[0].Finding, test.want) || !strings.Contains(results[0].Remedy, test.remedy) {
				t.Errorf("got %v", results)
			}
			if len(r.asked) != 1 {
				t.Errorf("asked %v", r.asked)
			}
		})
	}
}
