package functions

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/securecart/identity/local/localtest/await"
	"github.com/securecart/identity/local/localtest/must"
)

// as makes the test binary be something else than the tests: a function, or a program that runs one.
const as = "SECURECART_TEST_AS"

func TestMain(m *testing.M) {
	switch os.Getenv(as) {
	case "":
		os.Exit(m.Run())
	case "function":
		lambda.Start(&fake{})
	case "function that exits at start":
		fmt.Println("cannot start: nothing is set")
		os.Exit(3)
	case "function that reports an error at start":
		post("init/error", `{"errorType":"Config.Invalid","errorMessage":"nothing is set"}`)
		os.Exit(1)
	case "function that never gets ready":
		time.Sleep(time.Hour)
	case "function that waits for a file":
		if _, err := os.Stat(os.Getenv("FILE")); err != nil {
			os.Exit(4)
		}
		lambda.Start(&fake{})
	case "function that hangs after its answer":
		response, err := http.Get(api() + "invocation/next")
		if err != nil {
			os.Exit(1)
		}
		post("invocation/"+response.Header.Get("Lambda-Runtime-Aws-Request-Id")+"/response", "1")
		time.Sleep(time.Hour)
	case "function whose response ends halfway":
		lambda.Start(func() (io.Reader, error) {
			return io.MultiReader(strings.NewReader("[1, 2,"), iotest.ErrReader(errors.New("the table is gone"))), nil
		})
	case "program that is killed":
		programThatIsKilled()
	}
}

func api() string { return "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/" }

func post(path, body string) {
	if _, err := http.Post(api()+path, "application/json", strings.NewReader(body)); err != nil {
		os.Exit(1)
	}
}

// fake is a function that does what its event says.
type fake struct{ calls int }

type order struct {
	Do string
	// N is how many bytes to answer with, or how many milliseconds to wait.
	N int
	// File is what to wait for.
	File string
}

// seen is what a function knows when it is called.
type seen struct {
	Calls, PID          int
	RequestID, ARN      string
	Trace               string
	Remaining           time.Duration
	Folder              string
	Environment         []string
	FunctionName, Group string
}

func (f *fake) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	f.calls++
	var o order
	if err := json.Unmarshal(event, &o); err != nil {
		return event, nil
	}
	switch o.Do {
	case "tell":
		return f.tell(ctx)
	case "wait":
		time.Sleep(time.Duration(o.N) * time.Millisecond)
		return f.tell(ctx)
	case "wait for a file":
		for _, err := os.Stat(o.File); err != nil; _, err = os.Stat(o.File) {
			time.Sleep(time.Millisecond)
		}
		return f.tell(ctx)
	case "print and hang":
		fmt.Println("working")
		time.Sleep(time.Hour)
	case "exit":
		os.Exit(7)
	case "panic":
		panic("out of mugs")
	case "report":
		return nil, errors.New("no such mug")
	case "garbage":
		return []byte("\x00{no json"), nil
	case "many bytes":
		return bytes.Repeat([]byte("x"), o.N), nil
	}
	return event, nil
}

func (f *fake) tell(ctx context.Context) ([]byte, error) {
	lc, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	folder, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	return json.Marshal(seen{
		Calls: f.calls, PID: os.Getpid(),
		RequestID: lc.AwsRequestID, ARN: lc.InvokedFunctionArn, Trace: os.Getenv("_X_AMZN_TRACE_ID"),
		Remaining: time.Until(deadline), Folder: folder, Environment: os.Environ(),
		FunctionName: lambdacontext.FunctionName, Group: lambdacontext.LogGroupName,
	})
}

// fakeProgram is the test binary as a function. It has time enough.
func fakeProgram(mode string) program {
	return program{
		Spec: Spec{
			LogicalID: "Fake", ARN: "arn:aws:lambda:eu-central-1:111122223333:function:Shop-Fake", Asset: os.TempDir(),
			Timeout: 20 * time.Second, MemoryMiB: 256, Environment: map[string]string{as: mode, "TABLE": "Orders"},
		},
		name: "fake", path: os.Args[0], region: "eu-central-1", function: "Shop-Fake",
	}
}

// running starts one function and closes it after the test.
func running(t testing.TB, p program, config Config) (*Function, *await.Output) {
	t.Helper()
	log := &await.Output{}
	config.Output = log
	set := must.Get(run(config, builder{output: &output{to: log}}, []program{p}))(t)
	t.Cleanup(set.Close)
	f, ok := set.Function(p.ARN)
	if !ok {
		t.Fatalf("%s is not there", p.ARN)
	}
	return f, log
}

func do(t testing.TB, f *Function, o order) ([]byte, error) {
	t.Helper()
	return f.Invoke(t.Context(), event(t, o))
}

func event(t testing.TB, o order) []byte {
	t.Helper()
	return must.Get(json.Marshal(o))(t)
}

func manyBytes(t testing.TB, n int) []byte { return event(t, order{Do: "many bytes", N: n}) }

func ask(t testing.TB, f *Function, o order) seen {
	t.Helper()
	text := must.Get(do(t, f, o))(t)
	var s seen
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatalf("the function answered %q: %v", text, err)
	}
	return s
}

// gone says whether a process has ended and was waited for.
func gone(pid int) bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }

func (f *Function) counts() (processes, waiting int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.processes), len(f.waiting)
}

// atWork counts the processes that have a call.
func (f *Function) atWork() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	count := 0
	for _, p := range f.processes {
		if p.state == working {
			count++
		}
	}
	return count
}
