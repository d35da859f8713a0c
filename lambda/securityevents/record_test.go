package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestNothingSecretIsKept looks for the secrets of all events in what was kept, told and logged.
func TestNothingSecretIsKept(t *testing.T) {
	planted := 0
	for _, s := range samples(t) {
		if s.Rule == "" {
			continue
		}
		w := newWorld(t)
		if err := w.invoke(t, s.envelope()); err != nil {
			t.Fatal(err)
		}
		planted += strings.Count(string(s.Detail), "SECRET")
		all := w.log.String()
		for _, text := range w.objects {
			all += text
		}
		for _, message := range w.messages {
			all += message.Encode()
		}
		if at := strings.Index(all, "SECRET"); at >= 0 {
			t.Errorf("%s: %s", s.What, all[at:min(len(all), at+40)])
		}
	}
	if planted < 8 {
		t.Errorf("%d secrets were planted: this would prove little", planted)
	}
}

func TestTextsAreWithheldByTheNameOfTheirField(t *testing.T) {
	for in, want := range map[string]string{
		`{"password": "x"}`:                                    `{"password":"WITHHELD"}`,
		`{"temporaryPassword": "x"}`:                           `{"temporaryPassword":"WITHHELD"}`,
		`{"d": {"client_secret": "x", "client_id": "y"}}`:      `{"d":{"client_id":"y","client_secret":"WITHHELD"}}`,
		`{"environment": {"variables": {"A": "x"}}}`:           `{"environment":{"variables":{"A":"WITHHELD"}}}`,
		`{"authParameters": ["x", {"a": "y"}]}`:                `{"authParameters":["WITHHELD",{"a":"WITHHELD"}]}`,
		`{"confirmationCode": "1"}`:                            `{"confirmationCode":"WITHHELD"}`,
		`{"accessToken": "x"}`:                                 `{"accessToken":"WITHHELD"}`,
		`{"session": "x"}`:                                     `{"session":"WITHHELD"}`,
		`{"policy": "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.x"}`: `{"policy":"WITHHELD"}`,
		`{"secrets": {"eyJhbGciOiJSUzI1NiJ9.eyJzdWIi": 1}}`:    `{"secrets":{"WITHHELD":1}}`,
		`{"generateSecret": true, "refreshTokenValidity": 10}`: `{"generateSecret":true,"refreshTokenValidity":10}`,
		`{"metadataURL": "https://idp.example/metadata.xml"}`:  `{"metadataURL":"https://idp.example/metadata.xml"}`,
		`{"errorCode": "x", "secretArn": ""}`:                  `{"errorCode":"x","secretArn":""}`,
		`{"size": 12345678901234567890}`:                       `{"size":12345678901234567890}`,
		`{"compromisedCredentialDetected": "true"}`:            `{"compromisedCredentialDetected":"true"}`,
	} {
		all, err := decode([]byte(in))
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(withhold(all, ""))
		if err != nil || string(got) != want {
			t.Errorf("%s: got %s, %v; want %s", in, got, err, want)
		}
	}
}
