package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// recorded is the output of CDK CLI 2.1148.1 for a stack in which a bucket would be deleted and four tables be left
// behind, replaced, added and changed.
const recorded = `Stack SecureCart-Prod/Data (SecureCart-Prod-Data)
Resources
[-] AWS::S3::Bucket OldBucket destroy
[-] AWS::DynamoDB::Table OldTable orphan
[+] AWS::DynamoDB::Table Data/Links Links5AE26E87
[~] AWS::DynamoDB::Table Data/Orders OrdersA9B65338 replace
 └─ [-] TableName (requires replacement)
     └─ old
[~] AWS::DynamoDB::Table Data/Customers Customers6955EA0A
 └─ [~] OnDemandThroughput
     └─ [+] Added: .MaxWriteRequestUnits

✨  Number of stacks with differences: 1
`

// cdk writes a program that prints text and exits with code.
func cdk(t *testing.T, text string, code string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "cdk")
	script := "#!/bin/sh\necho \"$@\" >" + file + ".arguments\ncat <<'END'\n" + text + "\nEND\nexit " + code + "\n"
	if err := os.WriteFile(file, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestWhatCannotBeTakenBackComesFirst(t *testing.T) {
	program := cdk(t, recorded, "0")
	var stdout, stderr bytes.Buffer
	if code := run([]string{"-stage", "Prod", "-cdk", program}, &stdout, &stderr); code != 0 {
		t.Fatalf("exit status %d: %s", code, stderr.String())
	}
	const want = "### Prod\n\n5 resources change. **3 cannot be taken back:**\n\n" +
		"- **deleted** `AWS::S3::Bucket` OldBucket (SecureCart-Prod/Data)\n" +
		"- **leaves its stack and stays in the account** `AWS::DynamoDB::Table` OldTable (SecureCart-Prod/Data)\n" +
		"- **replaced** `AWS::DynamoDB::Table` Data/Orders OrdersA9B65338 (SecureCart-Prod/Data)\n\n" +
		"<details><summary>cdk diff</summary>\n\n```text\nStack SecureCart-Prod/Data"
	if !strings.HasPrefix(stdout.String(), want) {
		t.Errorf("got\n%s\nwant it to begin\n%s", stdout.String(), want)
	}
	arguments, err := os.ReadFile(program + ".arguments")
	const asked = "diff --app cdk.out --no-notices --no-color --method=template SecureCart-Prod/*\n"
	if err != nil || string(arguments) != asked {
		t.Errorf("ran cdk %q (%v), want %q", arguments, err, asked)
	}
}

func TestAPageSaysIfNothingIsLost(t *testing.T) {
	for text, want := range map[string]string{
		"Stack A (A)\nThere were no differences\n":               "No resource changes.",
		"[~] AWS::Lambda::Function Api/Orders Orders0A0A0A0A\n":  "1 resources change. None is deleted or replaced.",
		"[~] AWS::KMS::Key Data/Key Key0A0A0A0A may be replaced": "- **may be replaced** `AWS::KMS::Key`",
		"[-] AWS::KMS::Key Key0A0A0A0A":                          "- **deleted** `AWS::KMS::Key`",
		"[~] AWS::KMS::Key A B\n```\n</details>":                 "````text\n[~]",
	} {
		if got := page("Prod", text); !strings.Contains(got, want) {
			t.Errorf("%q: got %q, want it to contain %q", text, got, want)
		}
	}
}

func TestADifferenceThatCannotBeReadIsAnError(t *testing.T) {
	var stdout, stderr bytes.Buffer
	code := run([]string{"-stage", "Prod", "-cdk", cdk(t, "ExpiredToken", "1")}, &stdout, &stderr)
	if code != 1 || stdout.Len() > 0 || !strings.Contains(stderr.String(), "ExpiredToken") {
		t.Errorf("exit status %d, said %q and %q; want 1 and the cause", code, stdout.String(), stderr.String())
	}
	if code := run(nil, &stdout, &stderr); code != 2 || !strings.Contains(stderr.String(), "which stage?") {
		t.Errorf("without a stage: exit status %d, %q", code, stderr.String())
	}
}
