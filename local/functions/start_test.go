package functions

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/securecart/identity/local/localtest/await"
	"github.com/securecart/identity/local/localtest/must"
)

// TestStartRunsTheHandlerThatAnAssetWasBuiltFrom starts with what the template deploys, a program for another machine,
// and ends with an answer of lambda/catalog that has what a table said in it.
func TestStartRunsTheHandlerThatAnAssetWasBuiltFrom(t *testing.T) {
	t.Parallel()
	const catalog = "arn:aws:lambda:eu-central-1:111122223333:function:Shop-Catalog"
	// What is up to date there needs no linker the next time.
	asset := must.Get(filepath.Abs(filepath.Join("..", "..", ".build", "assets", "arm64")))(t)
	build := exec.CommandContext(t.Context(), "go", "build",
		"-tags=lambda.norpc", "-ldflags=-s -w", "-trimpath", "-buildvcs=false",
		"-o", filepath.Join(asset, "bootstrap"), "./lambda/catalog")
	build.Dir = filepath.Join("..", "..")
	build.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	table := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query, err := io.ReadAll(r.Body)
		target := r.Header.Get("X-Amz-Target")
		if err != nil || target != "DynamoDB_20120810.Query" || !strings.Contains(string(query), `"Shop-Products"`) {
			t.Errorf("the function sent %s %s, %v", target, query, err)
		}
		_, err = io.WriteString(w, `{"Count":1,"Items":[{"sku":{"S":"mug-1"},"name":{"S":"Mug"},"category":{"S":"mugs"},`+
			`"categorySku":{"S":"mugs#mug-1"},"priceMinor":{"N":"1499"},"currency":{"S":"EUR"}}]}`)
		if err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(table.Close)

	log := &await.Output{}
	set, err := Start(t.Context(), Config{Root: filepath.Join("..", ".."), Output: log}, []Spec{{
		LogicalID: "CatalogFunction", ARN: catalog, Asset: asset,
		Timeout: 20 * time.Second, MemoryMiB: 256, Environment: map[string]string{
			"WEB_ORIGIN": "https://shop.example", "PRODUCTS_TABLE": "Shop-Products", "AWS_ENDPOINT_URL_DYNAMODB": table.URL,
			"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret",
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(set.Close)
	event := must.Get(os.ReadFile(filepath.Join("..", "..", "lambda", "catalog", "testdata", "get-products.json")))(t)
	f, _ := set.Function(catalog)
	text, err := f.Invoke(t.Context(), event)
	if err != nil {
		t.Fatalf("%v; printed\n%s", err, log)
	}
	var response events.APIGatewayProxyResponse
	err = json.Unmarshal(text, &response)
	if err != nil || response.StatusCode != http.StatusOK || !strings.Contains(response.Body, `"sku":"mug-1"`) {
		t.Errorf("%v, %s; printed\n%s", err, text, log)
	}
	if _, ok := set.Function(catalog + "2"); ok {
		t.Error("there is a function that no spec names")
	}
}

func TestBuiltProgramsAreThoseOfTheHandlersInTheOrderOfTheNames(t *testing.T) {
	t.Parallel()
	names := []string{"tokens", "catalog"}
	programs := must.Get(Build(t.Context(), filepath.Join("..", ".."), names...))(t)
	for i, program := range programs {
		if got, err := packageOf(program); err != nil || got != names[i] || !filepath.IsAbs(program) {
			t.Errorf("program %d is %s, of %q, %v; want an absolute path to one of %s", i, program, got, err, names[i])
		}
	}
	if len(programs) != len(names) {
		t.Errorf("%d programs, want %d", len(programs), len(names))
	}
}

func TestBuildErrorHoldsTheWordsOfTheCompiler(t *testing.T) {
	t.Parallel()
	root := repository(t, "greeter")
	write(t, filepath.Join(root, "lambda", "greeter", "main.go"), "package main\n\nfunc main() { mistake() }\n")
	b := builder{root: root, output: &output{to: t.Output()}, slow: time.Minute}
	err := b.build(t.Context(), []string{"greeter", "missing"})
	if err == nil || !strings.HasPrefix(err.Error(), "build functions: exit status 1\n") ||
		!strings.Contains(err.Error(), "lambda/missing: directory not found") {
		t.Errorf("build = %v, want the compiler's words about the missing folder", err)
	}
	err = b.build(t.Context(), []string{"greeter"})
	if err == nil || !strings.Contains(err.Error(), "main.go:3:15: undefined: mistake") {
		t.Errorf("build = %v, want the compiler's words about the mistake", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err = b.build(ctx, []string{"greeter"}); err == nil || !strings.Contains(err.Error(), context.Canceled.Error()) {
		t.Errorf("build that is called off = %v", err)
	}
}

func TestOnlySlowBuildsSayWhatTheyDo(t *testing.T) {
	t.Parallel()
	for patience, want := range map[time.Duration]string{
		time.Nanosecond: "build | building the functions for this machine …\n",
		time.Minute:     "",
	} {
		log := &await.Output{}
		b := builder{root: repository(t), output: &output{to: log}, slow: patience}
		if err := b.build(t.Context(), []string{"missing"}); err == nil {
			t.Error("a function that is not there was built")
		}
		if log.String() != want {
			t.Errorf("after %s: %q, want %q", patience, log, want)
		}
	}
}

func TestOneBuildAtATime(t *testing.T) {
	file := filepath.Join(t.TempDir(), "lock")
	unlock := must.Get(lock(file))(t)
	second := make(chan error)
	go func() {
		unlock, err := lock(file)
		if err == nil {
			unlock()
		}
		second <- err
	}()
	select {
	case err := <-second:
		t.Fatalf("locked twice: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	unlock()
	if err := <-second; err != nil {
		t.Error(err)
	}
}
