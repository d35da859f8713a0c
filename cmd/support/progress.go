package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// silence is how long a program may print nothing.
const silence = 2 * time.Second

// progress prints, at every tick, the current step. Faster work prints nothing.
type progress struct {
	out   io.Writer
	doing chan string
	over  chan struct{}
	ended sync.WaitGroup
	once  sync.Once
}

func startProgress(out io.Writer, ticks <-chan time.Time) *progress {
	p := &progress{out: out, doing: make(chan string), over: make(chan struct{})}
	p.ended.Go(func() {
		var now string
		for {
			select {
			case now = <-p.doing:
			case <-ticks:
				if now != "" {
					fmt.Fprintf(p.out, "%s …\n", now)
				}
			case <-p.over:
				return
			}
		}
	})
	return p
}

// report sets the current step.
func (p *progress) report(doing string) {
	select {
	case p.doing <- doing:
	case <-p.over:
	}
}

// pause prints nothing during a question.
func (p *progress) pause() { p.report("") }

// stop ends the progress, after a pending line.
func (p *progress) stop() {
	p.once.Do(func() { close(p.over) })
	p.ended.Wait()
}
