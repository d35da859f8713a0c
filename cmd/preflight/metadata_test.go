package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/securecart/identity/config"
)

func TestMetadataIsReplacedInTime(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "test", "testdata", "partner-metadata.xml"))
	if err != nil {
		t.Fatal(err)
	}
	stage := config.Stage{Providers: []config.Provider{
		{Kind: config.Google},
		{Kind: config.SAML, Name: "Partner", SAML: config.SAMLSettings{Metadata: string(text)}},
		{Kind: config.SAML, Name: "Elsewhere", SAML: config.SAMLSettings{MetadataURL: "https://idp.test"}},
	}}
	end, embedded := stage.Providers[1].SignsUntil()
	if !embedded || !hasMetadata(stage) || hasMetadata(config.Stage{Providers: stage.Providers[2:]}) {
		t.Fatalf("Partner signs until %v (embedded: %t)", end, embedded)
	}
	for name, test := range map[string]struct {
		now  time.Time
		want Status
	}{
		"long before":     {end.Add(-config.MetadataNotice), OK},
		"two months left": {end.Add(-config.MetadataNotice + time.Second), Warning},
		"the last second": {end.Add(-time.Second), Warning},
		"expired":         {end, Failure},
	} {
		got := metadata(stage, test.now)
		if len(got) != 1 || got[0].Status != test.want || (got[0].Remedy == "") != (test.want == OK) {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
