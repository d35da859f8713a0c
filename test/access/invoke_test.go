package access

import (
	"maps"
	"slices"
	"testing"
)

func TestEveryFunctionIsInvokedForExactlyWhatIsListed(t *testing.T) {
	eachStageIsAsListed(t, "what functions are invoked for", func(t *testing.T, s *Subject) (listed, got byName) {
		events := map[string][]string{}
		for arn := range s.Functions {
			name := s.FunctionName(arn)
			events[name] = nil
			for _, event := range s.Events() {
				verdict, err := s.Invoke(arn, event)
				if err != nil {
					t.Errorf("%s: %v", event.What, err)
				}
				if verdict.Allowed {
					events[name] = append(events[name], event.What)
				}
			}
			slices.Sort(events[name])
		}
		return lists(invokedIn(s)), lists(events)
	})
}

// invokedIn lists what may invoke which function of the stage. Production logs what users do.
func invokedIn(s *Subject) map[string][]string {
	expected := maps.Clone(invokes)
	if s.ID == "SecureCart-Prod" {
		const keeper = "lambda/securityevents"
		expected[keeper] = append([]string{userActivity}, expected[keeper]...)
	}
	return expected
}
