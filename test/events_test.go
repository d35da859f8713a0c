package test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/constructs/delivery"
	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/eventpattern"
)

// recordedEvent is an event of CloudTrail, and the rule that must let it through.
type recordedEvent struct {
	What, From, Rule, DetailType, Source string
	Detail                               map[string]any
}

// bus is where AWS puts the events of a stage's account, with the patterns of the stage's rules in their order.
type bus struct {
	*deployed.Stage
	patterns []eventpattern.Pattern
}

func busOf(t *testing.T, cfg config.Stage) bus {
	t.Helper()
	stage, _ := synthesized().Stage(cfg.ID())
	s, err := deployed.Load(stage)
	if err != nil {
		t.Fatal(err)
	}
	b := bus{Stage: s}
	for _, rule := range s.EventRules {
		pattern, err := eventpattern.Parse(rule.Pattern)
		if err != nil {
			t.Fatalf("%s: %v", rule.Name, err)
		}
		b.patterns = append(b.patterns, pattern)
	}
	return b
}

// recordedEvents are the events that the function is tested with, with the stage's own names in them.
func recordedEvents(t *testing.T, cfg config.Stage, s bus) []recordedEvent {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "lambda", "securityevents", "testdata", "events.json"))
	if err != nil {
		t.Fatal(err)
	}
	names := []string{
		"{stage}", s.ID, "{userPool}", s.UserPool.ID, "{identityPool}", s.IdentityPool.ID, "{api}", s.API.ID,
		"{bootstrap}", cfg.Delivery.Bootstrap(), "{delivery}", delivery.Name(cfg.Name),
		"{pipeline}", cfg.StartingRole(s.Account),
		"{deployRole}", cfg.ExecutionRole(s.Account),
	}
	for _, provider := range cfg.Providers {
		names = append(names, "{secret}", provider.SecretName)
		break
	}
	for arn := range s.Keys {
		names = append(names, "{key}", arn)
		break
	}
	for _, bucket := range s.Buckets {
		names = append(names, "{bucket}", bucket.Name)
		break
	}
	for name := range s.Parameters {
		names = append(names, "{parameter}", name)
	}
	var events []recordedEvent
	if err := json.Unmarshal([]byte(strings.NewReplacer(names...).Replace(string(text))), &events); err != nil {
		t.Fatal(err)
	}
	return events
}

// TestRecordedEventsReachTheRulesThatAreForThem matches recorded events with the patterns of the synthesized stages as
// EventBridge does. What is serious of them the function decides: lambda/securityevents.TestWhatIsSeriousIsToldOf.
func TestRecordedEventsReachTheRulesThatAreForThem(t *testing.T) {
	reached := map[string]int{}
	stages := 0
	for _, cfg := range config.Stages() {
		s := busOf(t, cfg)
		stages++
		for _, event := range recordedEvents(t, cfg, s) {
			if got := s.reaches(t, event, event.Source, s.Account); got != event.Rule {
				t.Errorf("%s: %s (%s) reaches %q, want %q", s.ID, event.What, event.From, got, event.Rule)
			}
			reached[event.Rule]++
			// Anybody who may put events on the bus, and another account that forwards its own, can make all but these.
			forged := s.reaches(t, event, "shop.orders", s.Account) + s.reaches(t, event, event.Source, "999999999999")
			if forged != "" {
				t.Errorf("%s: %s reaches %q with a source or account of others", s.ID, event.What, forged)
			}
		}
		for _, rule := range s.EventRules {
			if len(rule.Pattern) > 2048 {
				t.Errorf("%s has a pattern of %d characters; EventBridge takes 2,048", rule.Name, len(rule.Pattern))
			}
		}
	}
	// All rules, and what none is for.
	if len(reached) != 25 || stages < 3 {
		t.Errorf("%d rules were reached in %d stages: %v", len(reached), stages, reached)
	}
}

// forwarded is the pattern of docs/operations.md by which an account forwards events from us-east-1.
var forwarded = regexp.MustCompile(`(?s)--event-pattern '(.*?)'`)

// TestEventsOfOtherRegionsAreForwardedToTheRules: IAM's events are in us-east-1 only, and STS has an endpoint there.
func TestEventsOfOtherRegionsAreForwardedToTheRules(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "operations.md"))
	if err != nil {
		t.Fatal(err)
	}
	written := forwarded.FindSubmatch(text)
	if written == nil {
		t.Fatal("docs/operations.md has no pattern")
	}
	pattern, err := eventpattern.Parse(written[1])
	if err != nil {
		t.Fatal(err)
	}
	tried := map[string]int{}
	for _, cfg := range config.Stages() {
		s := busOf(t, cfg)
		for _, event := range recordedEvents(t, cfg, s) {
			if event.Rule != "Roles" && event.Rule != "Desk" && event.Rule != "Bootstrap" {
				continue
			}
			tried[event.Rule]++
			if matched, err := pattern.Matches(event.envelope(event.Source, s.Account)); err != nil || !matched {
				t.Errorf("%s: %s is not forwarded to rule %s (%v)", s.ID, event.What, event.Rule, err)
			}
		}
	}
	if len(tried) != 3 {
		t.Errorf("events of %v were tried", tried)
	}
}

// envelope is the event as a bus gets it from this source and account.
func (e recordedEvent) envelope(source, account string) map[string]any {
	return map[string]any{
		"version": "0", "detail-type": e.DetailType, "source": source, "account": account, "detail": e.Detail,
	}
}

// reaches are the rules that let an event through which came from this source and account.
func (b bus) reaches(t *testing.T, event recordedEvent, source, account string) string {
	t.Helper()
	envelope := event.envelope(source, account)
	readOnly, _ := event.Detail["readOnly"].(bool)
	var rules []string
	for i, rule := range b.EventRules {
		if readOnly && !rule.Reads {
			continue // EventBridge keeps these from most rules
		}
		matched, err := b.patterns[i].Matches(envelope)
		if err != nil {
			t.Fatalf("%s: %v", rule.Name, err)
		}
		if matched {
			_, name, _ := strings.Cut(rule.Name, "-SecurityEvents-")
			rules = append(rules, name)
		}
	}
	return strings.Join(rules, " ")
}
