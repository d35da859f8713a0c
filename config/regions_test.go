package config

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestTheRegionsAreThoseOfTheSDK compares with the endpoint data of the AWS SDK for Go, which go.mod keeps current. The
// SDK does not export it, so the test reads the file from Go's module cache.
func TestTheRegionsAreThoseOfTheSDK(t *testing.T) {
	// Go caches a test's result until a file that the test opens changes. Opening go.mod makes a new SDK version run it
	// again.
	if _, err := os.ReadFile("../go.mod"); err != nil {
		t.Fatal(err)
	}
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/aws/aws-sdk-go-v2").Output()
	if err != nil {
		t.Fatalf("find the SDK: %v", err)
	}
	data, err := os.ReadFile(
		filepath.Join(strings.TrimSpace(string(dir)), "internal/endpoints/awsrulesfn/partitions.json"),
	)
	if err != nil {
		t.Fatal(err)
	}
	var known struct {
		Partitions []struct {
			ID      string              `json:"id"`
			Regions map[string]struct{} `json:"regions"`
		} `json:"partitions"`
	}
	if err := json.Unmarshal(data, &known); err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, partition := range known.Partitions {
		for region := range partition.Regions {
			if partition.ID == "aws" && region != "aws-global" {
				want = append(want, region)
			}
		}
	}
	slices.Sort(want)
	if len(want) == 0 || !slices.Equal(regions, want) {
		t.Errorf("the SDK knows other Regions; update config/regions.go\n got: %v\nwant: %v", regions, want)
	}
}
