package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/local/localtest"
	"github.com/securecart/identity/local/localtest/must"
)

// block is an indented or fenced list of commands in Markdown that begins with the environment of the stage.
var block = regexp.MustCompile("(?s)```sh\nsource .build/local/env.sh\n(.*?)```")

// together runs the commands of the AWS CLI 1 that it reads, with a NUL after each word and an empty word after each
// command, in one Python: a Python for each takes three times as long.
const together = `
import sys
from awscli.clidriver import create_clidriver
command = []
for word in sys.stdin.read().split("\0")[:-1]:
    command.append(word)
    if word == "":
        print("aws", *command, flush=True)
        if create_clidriver().main(command[:-1]) != 0:
            sys.exit("it failed")
        command = []
`

func TestMain(m *testing.M) { os.Exit(localtest.Run(m)) }

// served is the stage, with its files in a new folder, over one that everybody may read.
func served(t *testing.T) files {
	t.Helper()
	folder := t.TempDir()
	must.Do(t, os.WriteFile(filepath.Join(folder, "env.sh"), nil, 0o644))
	return must.Get(write(localtest.Reviewed(t), folder))(t)
}

// inEnvironment runs a command as a developer would who has sourced the script, in a shell that leads elsewhere.
func inEnvironment(t *testing.T, f files, command string) string {
	t.Helper()
	shell := exec.CommandContext(t.Context(), "bash", "-euc", ". '"+f.environment+"'\n"+command)
	shell.Dir = stagetest.Root(t)
	shell.Env = append(os.Environ(), "AWS_PROFILE=elsewhere", "AWS_REGION=us-east-1", "AWS_USE_FIPS_ENDPOINT=true",
		"AWS_ENDPOINT_URL=http://192.0.2.1", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true", "AWS_EC2_METADATA_DISABLED=true")
	out, err := shell.CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", command, err, out)
	}
	return string(out)
}

func TestTheAWSCLIAndBoto3UseTheStageAsDocumented(t *testing.T) {
	f := served(t)
	info, err := os.Stat(f.environment)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%s: %v, %v; want nobody else to read credentials", f.environment, info.Mode(), err)
	}
	out := inEnvironment(t, f, `echo "$SECURECART_PASSWORD_LENGTH $AWS_DEFAULT_REGION ${AWS_PROFILE-none}"`)
	if out != "12 eu-central-1 none\n" {
		t.Errorf("got %q", out)
	}
	modules, _ := exec.Command("python3", "-c", `
import importlib.util
print(*[name for name in ["awscli", "boto3"] if importlib.util.find_spec(name)])`).Output() // none without Python
	t.Run("AWS CLI", func(t *testing.T) {
		if _, err := exec.LookPath("aws"); err != nil {
			t.Skip("the AWS CLI is not installed")
		}
		document := must.Get(os.ReadFile(filepath.Join(stagetest.Root(t), "docs", "local.md")))(t)
		found := block.FindStringSubmatch(string(document))
		if found == nil || strings.Count(found[1], "\n") < 10 {
			t.Fatalf("docs/local.md lists %q, want ten commands", found)
		}
		commands := found[1]
		if strings.Contains(string(modules), "awscli") { // the AWS CLI 2 brings a Python of its own
			commands = "set -o pipefail\naws() { printf '%s\\0' \"$@\" ''; }\n" +
				"{ " + commands + "} | python3 -c '" + together + "'"
		}
		inEnvironment(t, f, commands)
	})
	t.Run("boto3", func(t *testing.T) {
		if !strings.Contains(string(modules), "boto3") {
			t.Skip("boto3 is not installed")
		}
		out := inEnvironment(t, f, `python3 -c '
import boto3, os
bucket = os.environ["SECURECART_MEDIA_BUCKET"]
boto3.client("s3").put_object(Bucket=bucket, Key="products/pen.txt", Body=b"a pen")
print(boto3.client("s3").get_object(Bucket=bucket, Key="products/pen.txt")["Body"].read().decode())
print(len(boto3.client("cognito-idp").list_users(UserPoolId=os.environ["SECURECART_USER_POOL_ID"])["Users"]))
print(boto3.resource("dynamodb").Table(os.environ["SECURECART_PRODUCTS_TABLE"]).scan()["Count"] > 0)
'`)
		if out != "a pen\n0\nTrue\n" {
			t.Errorf("boto3 got %q", out)
		}
	})
}
