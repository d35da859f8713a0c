package main

import (
	"encoding/json"
	"os"
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
		w.handles(t, s.envelope())
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

// withholding is what comes in, and below it what is kept of it.
const withholding = `
	{"myErrorCode": "x"}
		{"myErrorCode":"WITHHELD"}
	{"errorCodeToken": "x"}
		{"errorCodeToken":"WITHHELD"}
	{"recoveryCode": "x"}
		{"recoveryCode":"WITHHELD"}
	{"password": "x"}
		{"password":"WITHHELD"}
	{"temporaryPassword": "x"}
		{"temporaryPassword":"WITHHELD"}
	{"d": {"client_secret": "x", "client_id": "y"}}
		{"d":{"client_id":"y","client_secret":"WITHHELD"}}
	{"environment": {"variables": {"A": "x"}}}
		{"environment":{"variables":{"A":"WITHHELD"}}}
	{"authParameters": ["x", {"a": "y"}]}
		{"authParameters":["WITHHELD",{"a":"WITHHELD"}]}
	{"confirmationCode": "1"}
		{"confirmationCode":"WITHHELD"}
	{"accessToken": "x"}
		{"accessToken":"WITHHELD"}
	{"session": "x"}
		{"session":"WITHHELD"}
	{"policy": "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.x"}
		{"policy":"WITHHELD"}
	{"secrets": {"eyJhbGciOiJSUzI1NiJ9.eyJzdWIi": 1}}
		{"secrets":{"WITHHELD":"WITHHELD"}}
	{"generateSecret": true, "refreshTokenValidity": 10}
		{"generateSecret":true,"refreshTokenValidity":10}
	{"metadataURL": "https://idp.example/metadata.xml"}
		{"metadataURL":"https://idp.example/metadata.xml"}
	{"confirmationCode": 1}
		{"confirmationCode":"WITHHELD"}
	{"proof_verifier": "x"}
		{"proof_verifier":"WITHHELD"}
	{"clientMetadata": {"a": "x"}}
		{"clientMetadata":{"a":"WITHHELD"}}
	{"credentials": {"a": "x"}}
		{"credentials":{"a":"WITHHELD"}}
	{"zipFile": "x"}
		{"zipFile":"WITHHELD"}
	{"challengeResponses": {"A": "x"}}
		{"challengeResponses":{"A":"WITHHELD"}}
	{"validationData": [{"name": "a", "value": "x"}]}
		{"validationData":[{"name":"WITHHELD","value":"WITHHELD"}]}
	{"a": [{"name": "password", "value": "x"}]}
		{"a":[{"name":"password","value":"WITHHELD"}]}
	{"a": {"Key": "apiKey", "Value": "x"}}
		{"a":{"Key":"apiKey","Value":"WITHHELD"}}
	{"tags": [{"key": "stage", "value": "Dev"}]}
		{"tags":[{"key":"stage","value":"Dev"}]}
	{"cookie": "x"}
		{"cookie":"WITHHELD"}
	{"signature": "x"}
		{"signature":"WITHHELD"}
	{"private_key": "x"}
		{"private_key":"WITHHELD"}
	{"variables": {"A": "x"}}
		{"variables":{"A":"WITHHELD"}}
	{"errorMessage": "User eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.x"}
		{"errorMessage":"WITHHELD"}
	{"a": "-----BEGIN PRIVATE KEY-----\\nx"}
		{"a":"WITHHELD"}
	{"a": "-----BEGIN CERTIFICATE-----\\nx"}
		{"a":"-----BEGIN CERTIFICATE-----\\nx"}
	{"a": "https://b.s3.amazonaws.com/o?X-Amz-Security-Token=x"}
		{"a":"WITHHELD"}
	{"a": "https://b.s3.amazonaws.com/o?A=1&X-Amz-Signature=x"}
		{"a":"WITHHELD"}
	{"temporaryPasswordValidityDays": 1}
		{"temporaryPasswordValidityDays":1}
	{"passwordPolicy": {"minimumLength": 8}}
		{"passwordPolicy":{"minimumLength":8}}
	{"providerDetails": {"private_key": "x"}}
		{"providerDetails":{"private_key":"WITHHELD"}}
	{"providerDetails": {"new": "x"}}
		{"providerDetails":{"new":"WITHHELD"}}
	{"providerDetails": {"secretish": "x"}}
		{"providerDetails":{"secretish":"WITHHELD"}}
	{"providerDetails": {"team_id": "b", "token_url": "c"}}
		{"providerDetails":{"team_id":"b","token_url":"c"}}
	{"errorCode": "x", "secretArn": ""}
		{"errorCode":"x","secretArn":""}
	{"size": 12345678901234567890}
		{"size":12345678901234567890}
	{"compromisedCredentialDetected": "true"}
		{"compromisedCredentialDetected":"true"}
`

func TestTextsAreWithheldByTheirNamesAndLooks(t *testing.T) {
	lines := strings.Split(strings.TrimSpace(withholding), "\n")
	for i := 0; i < len(lines); i += 2 {
		in, want := strings.TrimSpace(lines[i]), strings.TrimSpace(lines[i+1])
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

// TestTheEvidenceIsKept compares a whole object.
func TestTheEvidenceIsKept(t *testing.T) {
	w := newWorld(t)
	w.handles(t, sampleOf(t, "an agent begins to work").envelope())
	want, err := os.ReadFile("testdata/kept.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range w.objects {
		if len(w.objects) != 1 || got != string(want) {
			t.Errorf("%s is\n%s, want\n%s", name, got, want)
		}
	}
}

// TestSecretsAreWithheldInEveryField plants one in each field that is kept.
func TestSecretsAreWithheldInEveryField(t *testing.T) {
	s := sampleOf(t, "a change is refused")
	for _, field := range keptFields {
		switch field {
		case "eventID", "eventTime", "eventName", "eventSource", "awsRegion", "sourceIPAddress", "errorCode", "userIdentity":
			continue // read as texts, or the message names them
		}
		w := newWorld(t)
		secrets := map[string]any{"token": "SECRET", "x": "eyJhbGciOiJSUzI1NiJ9.SECRET"}
		w.handles(t, altered(t, s, []string{field}, secrets).envelope())
		for _, text := range w.objects {
			if strings.Contains(text, "SECRET") || !strings.Contains(text, `"`+field+`":{"token":"WITHHELD"`) {
				t.Errorf("%s: kept %s", field, text)
			}
		}
	}
}
