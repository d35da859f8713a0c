package userpool

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/local/localtest/must"
)

// The registration is tested against events in its own folder. Ours have the same form.
func TestEventsHaveTheFormThatTheRegistrationIsTestedWith(t *testing.T) {
	r := newRig(t)
	r.onRegister(nil)
	metadata := map[string]string{"note-of-alice": "x", "proof_challenge": "y"}
	must.Get(r.SignUp(t.Context(), SignUpRequest{
		ClientID: webID, Username: jane, Password: password, Attributes: map[string]string{"email": jane},
		ValidationData: map[string]string{"note-of-alice": "x"}, ClientMetadata: map[string]string{"note-of-alice": "x"},
	}))(t)
	given := Confirmation{ClientID: webID, Username: jane, Code: r.code(jane), ClientMetadata: metadata}
	must.Do(t, r.ConfirmSignUp(t.Context(), given))
	for i, name := range []string{"signup", "confirmed"} {
		text := must.Get(os.ReadFile("../../lambda/registration/testdata/" + name + ".json"))(t)
		var tested map[string]any
		must.Do(t, json.Unmarshal(text, &tested))
		// AWS documents no alias among the attributes.
		want := form(tested, "addedOneDay", "alsoAddedOneDay", "cognito:email_alias")
		if diff := cmp.Diff(want, form(r.registered[i])); diff != "" {
			t.Errorf("%s: keys and types (-tested +sent):\n%s", name, diff)
		}
	}
}
