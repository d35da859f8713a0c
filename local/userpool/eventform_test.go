package userpool

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The registration is tested against events in its own folder. Ours have the same form.
func TestEventsHaveTheFormThatTheRegistrationIsTestedWith(t *testing.T) {
	r := newRig(t)
	r.onRegister(nil)
	metadata := map[string]string{"note-of-alice": "x", "proof_challenge": "y"}
	_, err := r.SignUp(t.Context(), SignUpRequest{
		ClientID: webID, Username: jane, Password: password, Attributes: map[string]string{"email": jane},
		ValidationData: map[string]string{"note-of-alice": "x"}, ClientMetadata: map[string]string{"note-of-alice": "x"},
	})
	if err != nil {
		t.Fatal(err)
	}
	given := Confirmation{ClientID: webID, Username: jane, Code: r.code(jane), ClientMetadata: metadata}
	if err := r.ConfirmSignUp(t.Context(), given); err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"signup", "confirmed"} {
		text, err := os.ReadFile("../../lambda/registration/testdata/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var tested map[string]any
		if err := json.Unmarshal(text, &tested); err != nil {
			t.Fatal(err)
		}
		// AWS documents no alias among the attributes.
		want := form(tested, "addedOneDay", "alsoAddedOneDay", "cognito:email_alias")
		if diff := cmp.Diff(want, form(r.registered[i])); diff != "" {
			t.Errorf("%s: keys and types (-tested +sent):\n%s", name, diff)
		}
	}
}
