package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// silence is how long a program may say nothing.
const silence = 2 * time.Second

// progress says, at every tick, what is being done. Work that is quicker says nothing.
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

// report says what is being done from now on.
func (p *progress) report(doing string) {
	select {
	case p.doing <- doing:
	case <-p.over:
	}
}

// pause keeps silent while a person is asked.
func (p *progress) pause() { p.report("") }

// stop ends the progress, after what it is about to print.
func (p *progress) stop() {
	p.once.Do(func() { close(p.over) })
	p.ended.Wait()
}
