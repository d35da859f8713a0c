package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/services/awsjson"
)

// schedules calls functions as the stage's scheduled rules say.
type schedules struct {
	stage  *deployed.Stage
	invoke func(ctx context.Context, arn string, event []byte) ([]byte, error)
	// failed is told what went wrong with a call that nobody waits for.
	failed func(error)
}

// start calls every schedule's functions until ctx ends, which running waits for: the first time when its interval is
// over, as EventBridge does. A call that takes longer than the interval delays the next one.
func (s schedules) start(ctx context.Context, running *sync.WaitGroup) {
	for _, schedule := range s.stage.Schedules {
		ticks := time.NewTicker(schedule.Every)
		running.Go(func() {
			defer ticks.Stop()
			for {
				select {
				case <-ctx.Done():
					return
				case <-ticks.C:
					if err := s.run(ctx, schedule); err != nil && ctx.Err() == nil {
						s.failed(err)
					}
				}
			}
		})
	}
}

// runAll calls every schedule's functions once, and joins what went wrong.
func (s schedules) runAll(ctx context.Context) error {
	var errs []error
	for _, schedule := range s.stage.Schedules {
		errs = append(errs, s.run(ctx, schedule))
	}
	return errors.Join(errs...)
}

// run calls the functions of one schedule that let it.
func (s schedules) run(ctx context.Context, schedule deployed.Schedule) error {
	event, err := json.Marshal(scheduledEvent(s.stage, schedule))
	if err != nil {
		return err
	}
	var errs []error
	for _, function := range schedule.Functions {
		if !s.stage.MayInvoke(deployed.EventBridge, function, schedule.ARN) {
			errs = append(errs, fmt.Errorf("rule %s may not call %s: no AWS::Lambda::Permission lets it",
				schedule.Name, function))
			continue
		}
		if _, err := s.invoke(ctx, function, event); err != nil {
			errs = append(errs, fmt.Errorf("rule %s: %w", schedule.Name, err))
		}
	}
	return errors.Join(errs...)
}

// scheduledEvent is what a function gets:
// https://docs.aws.amazon.com/lambda/latest/dg/with-eventbridge-scheduler.html and
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
func scheduledEvent(s *deployed.Stage, schedule deployed.Schedule) map[string]any {
	return map[string]any{
		"version": "0", "id": awsjson.RequestID(), "detail-type": "Scheduled Event", "source": "aws.events",
		"account": s.Account, "region": s.Region, "time": time.Now().UTC().Format(time.RFC3339),
		"resources": []string{schedule.ARN}, "detail": map[string]any{},
	}
}

// schedule starts what the stage calls on schedule.
func (s *Server) schedule(p *parts) {
	failed := func(err error) { fmt.Fprintln(s.config.Output, err) }
	p.schedules = schedules{stage: s.stage, invoke: s.invoke, failed: failed}
	ctx, cancel := context.WithCancel(context.Background())
	p.unschedule = cancel
	p.schedules.start(ctx, &p.scheduled)
}

// RunSchedules calls at once what the stage calls on schedule, every rule's functions once, and waits for the answers.
// The error joins what went wrong.
func (s *Server) RunSchedules(ctx context.Context) error { return s.parts.schedules.runAll(ctx) }
