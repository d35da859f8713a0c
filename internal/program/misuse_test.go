package program

import (
	"errors"
	"strings"
	"testing"
)

func TestMisuseOfAConstructIsToldWithoutATrace(t *testing.T) {
	fail := func(problem any) (code int, told string) {
		var said strings.Builder
		func() {
			defer ConstructMisuse(&code, &said)
			panic(problem)
		}()
		return code, said.String()
	}
	const misused = `Api/Orders: Name must be set, got ""`
	if code, told := fail(misused); code != 1 || told != misused+"\n" {
		t.Errorf("got %d, %q", code, told)
	}
	bug := errors.New("index out of range")
	defer func() {
		if recovered, _ := recover().(error); !errors.Is(recovered, bug) {
			t.Errorf("a bug is hidden: got %v", recovered)
		}
	}()
	fail(bug)
}
