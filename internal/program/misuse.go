package program

import (
	"fmt"
	"io"
)

// ConstructMisuse is deferred around a synth. It turns the panic of a construct, a text that names what is wrong and
// where, into an exit code. Where in this program the construct stands is of no use to whom it is for: a value is
// refused, or a function does not compile. Any other panic goes on.
func ConstructMisuse(code *int, stderr io.Writer) {
	switch problem := recover().(type) {
	case nil:
	case string:
		fmt.Fprintln(stderr, problem)
		*code = Failed
	default:
		panic(problem)
	}
}
