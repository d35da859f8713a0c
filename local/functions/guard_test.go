package functions

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/securecart/identity/local/localtest/await"
	"github.com/securecart/identity/local/localtest/must"
)

// programThatIsKilled runs a function that hangs in its handler and one that waits for an event, and says so.
func programThatIsKilled() {
	hanging, waiting := fakeProgram("function"), fakeProgram("function")
	waiting.ARN += "-Waiting"
	set, err := run(Config{Output: os.Stdout}, builder{output: &output{to: os.Stdout}}, []program{hanging, waiting})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	f, _ := set.Function(waiting.ARN)
	if _, err := f.Invoke(context.Background(), []byte(`{}`)); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	f, _ = set.Function(hanging.ARN)
	_, err = f.Invoke(context.Background(), []byte(`{"Do":"print and hang"}`))
	fmt.Println(err) // comes only if it is not killed
}

// TestNothingIsLeftWhenTheProgramIsKilled looks at a pipe that the killed program and all it has started, the guard as
// well, hold open: the pipe ends with the last of them.
func TestNothingIsLeftWhenTheProgramIsKilled(t *testing.T) {
	ours, theirs, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer ours.Close() //nolint:errcheck // only read
	program := exec.Command(os.Args[0])
	program.Env = append(os.Environ(), as+"=program that is killed")
	log := &await.Output{}
	program.Stdout, program.Stderr = log, log
	// It is inherited by what the program starts, since nobody closes it there.
	program.ExtraFiles = []*os.File{theirs}
	// The functions hold the program's output open, too.
	program.WaitDelay = time.Millisecond
	must.Do(t, program.Start())
	_ = theirs.Close()
	await.That(t, "the function works on its event", func() bool { return log.String() == "fake | working\n" })
	must.Do(t, ours.SetReadDeadline(time.Now().Add(50*time.Millisecond)))
	if _, err := ours.Read(make([]byte, 1)); !os.IsTimeout(err) {
		t.Fatalf("the pipe is not held open (%v), so this test proves nothing", err)
	}
	must.Do(t, program.Process.Kill())
	_ = program.Wait() // it was killed
	must.Do(t, ours.SetReadDeadline(time.Now().Add(10*time.Second)))
	if _, err := ours.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("10 s after the program was killed, a process that it started is still there: %v", err)
	}
}
