// Package dynamotest runs tests against a real DynamoDB engine, dynalite, whose
// tables have the keys and indexes that the app provisions.
package dynamotest

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/lambda/internal/awstest"
)

// startWithin is how long the engine may take to start, normally 0.3 s.
const startWithin = 30 * time.Second

// Endpoint returns the URL of the engine, which the first call in a process
// starts. It ends with the process.
func Endpoint(t testing.TB) string {
	t.Helper()
	url, err := start()
	if err != nil {
		t.Fatalf("start dynalite: %v", err)
	}
	return url
}

// Client returns a client of the engine.
func Client(t testing.TB) *dynamodb.Client {
	t.Helper()
	return dynamodb.NewFromConfig(awstest.Config(Endpoint(t)))
}

// engine is reachable as long as the process lives. Were it not, its input would
// be closed at some garbage collection and the engine would end between two tests.
var engine *exec.Cmd

var start = sync.OnceValues(func() (url string, err error) {
	root, err := moduleRoot()
	if err != nil {
		return "", err
	}
	node := filepath.Join(root, "node_modules", ".bin", "node")
	for _, tool := range []string{node, filepath.Join(root, "node_modules", "dynalite")} {
		if _, err := os.Stat(tool); err != nil {
			return "", fmt.Errorf("%w: run make tools", err)
		}
	}
	engine = exec.Command(node, filepath.Join(root, "lambda", "internal", "dynamotest", "serve.js"))
	engine.Stderr = os.Stderr
	// Held open, and never written to, until this process ends.
	if _, err := engine.StdinPipe(); err != nil {
		return "", err
	}
	output, err := engine.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := engine.Start(); err != nil {
		return "", err
	}
	// Kill makes the read below end, whose error is the one to report.
	tooLate := time.AfterFunc(startWithin, func() { _ = engine.Process.Kill() })
	defer tooLate.Stop()
	port, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("it ended, or took longer than %s, without naming its port: %w", startWithin, err)
	}
	return "http://127.0.0.1:" + strings.TrimSpace(port), nil
})

// moduleRoot returns the folder of go.mod: tests run in their package's folder.
func moduleRoot() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder, nil
		}
		if folder == filepath.Dir(folder) {
			return "", errors.New("no go.mod above the working directory")
		}
		folder = filepath.Dir(folder)
	}
}
