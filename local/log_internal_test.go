package local

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestWhatFunctionsLogIsReadableOrJSON(t *testing.T) {
	synctest.Test(t, whatFunctionsLogIsReadableOrJSON)
}

func whatFunctionsLogIsReadableOrJSON(t *testing.T) {
	clock, now := time.Now().Format(time.TimeOnly), time.Now().Format(time.RFC3339)
	const printed = "build | building\n" +
		`orders | {"time":"x","level":"ERROR","msg":"put item","attempt":2}` + "\n" +
		`orders | {"level":"INFO","msg":"request","status":200}` + "\ne-mail to jane@shop.example: 123456\n"
	for form, want := range map[bool]string{
		false: "build | building\n" + clock + " orders | ERROR put item attempt=2\ne-mail to jane@shop.example: 123456\n",
		true: `{"message":"building","source":"build","time":"` + now + `"}` + "\n" +
			`{"attempt":2,"level":"ERROR","msg":"put item","source":"orders","time":"x"}` + "\n" +
			`{"level":"INFO","msg":"request","source":"orders","status":200}` + "\n" +
			`{"message":"e-mail to jane@shop.example: 123456","source":"","time":"` + now + `"}` + "\n",
	} {
		var got strings.Builder
		j := &journal{to: &got, json: form}
		if n, err := j.Write([]byte(printed)); n != len(printed) || err != nil {
			t.Errorf("Write = %d, %v", n, err)
		}
		if got.String() != want {
			t.Errorf("JSON %t: got\n%swant\n%s", form, got.String(), want)
		}
	}
}
