package local

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/localtest/must"
)

const (
	cleaner = "arn:aws:lambda:eu-central-1:111122223333:function:Cleaner"
	hourly  = "arn:aws:events:eu-central-1:111122223333:rule/Hourly"
)

// cleaned is a stage with one rule, which its function lets call, and the times of those calls.
func cleaned(every time.Duration) *deployed.Stage {
	return &deployed.Stage{
		Region: "eu-central-1", Account: "111122223333",
		Functions: map[string]deployed.Function{cleaner: {Name: "Cleaner", ARN: cleaner}},
		Schedules: []deployed.Schedule{{Name: "Hourly", ARN: hourly, Every: every, Functions: []string{cleaner}}},
		Permissions: []deployed.Permission{{
			Action: "lambda:InvokeFunction", FunctionName: cleaner, Principal: deployed.EventBridge, SourceArn: hourly,
		}},
	}
}

func TestSchedulesCallOnTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		var called []time.Duration
		var failures []error
		var mutex sync.Mutex // synctest orders calls after checks, which the race detector does not see
		seen := func() ([]time.Duration, []error) {
			synctest.Wait()
			mutex.Lock()
			defer mutex.Unlock()
			return slices.Clone(called), slices.Clone(failures)
		}
		s := schedules{
			stage: cleaned(time.Hour),
			invoke: func(context.Context, string, []byte) ([]byte, error) {
				mutex.Lock()
				defer mutex.Unlock()
				called = append(called, time.Since(begun))
				if len(called) == 2 {
					return nil, errors.New("the table is gone")
				}
				return nil, nil
			},
			failed: func(err error) {
				mutex.Lock()
				defer mutex.Unlock()
				failures = append(failures, err)
			},
		}
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		s.start(ctx, &running)
		time.Sleep(time.Hour - time.Second)
		if called, _ := seen(); len(called) != 0 {
			t.Errorf("called after %v, want not before an hour", called)
		}
		time.Sleep(2*time.Hour + 2*time.Second)
		calls, told := seen()
		if len(calls) != 3 || calls[0] != time.Hour || calls[2] != 3*time.Hour {
			t.Errorf("called after %v, want every hour, also after a failure", calls)
		}
		if len(told) != 1 || !strings.Contains(told[0].Error(), "rule Hourly: the table is gone") {
			t.Errorf("told of %v, want of the one failure", told)
		}
		cancel()
		running.Wait()
		time.Sleep(2 * time.Hour)
		if called, _ := seen(); len(called) != 3 {
			t.Error("called after the end")
		}
	})
}

func TestARuleThatIsNotLetCallsNothing(t *testing.T) {
	for name, change := range map[string]func(*deployed.Permission){
		"another service": func(p *deployed.Permission) { p.Principal = deployed.APIGateway },
		"another rule":    func(p *deployed.Permission) { p.SourceArn = hourly + "2" },
		"another account": func(p *deployed.Permission) { p.SourceAccount = "444455556666" },
	} {
		of := cleaned(time.Hour)
		change(&of.Permissions[0])
		s := schedules{stage: of, invoke: func(context.Context, string, []byte) ([]byte, error) {
			t.Errorf("%s: called", name)
			return nil, nil
		}}
		if err := s.runAll(t.Context()); err == nil || !strings.Contains(err.Error(), "rule Hourly may not call "+cleaner) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestFunctionsLearnWhichRuleCalledThem(t *testing.T) {
	var event map[string]any
	s := schedules{stage: cleaned(time.Hour), invoke: func(_ context.Context, arn string, text []byte) ([]byte, error) {
		if arn != cleaner {
			t.Errorf("called %s", arn)
		}
		return nil, json.Unmarshal(text, &event)
	}}
	must.Do(t, s.runAll(t.Context()))
	resources, _ := event["resources"].([]any)
	if event["source"] != "aws.events" || event["detail-type"] != "Scheduled Event" ||
		len(resources) != 1 || resources[0] != hourly {
		t.Errorf("the function got %v", event)
	}
	if _, err := time.Parse(time.RFC3339, event["time"].(string)); err != nil {
		t.Error(err)
	}
}
