package local

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/deployed"
)

// Kept is what outlived a synth.
type Kept struct {
	// Users and Tables are how many the stages before and after both have.
	Users, Tables int
	// Clients says whether the ids of the app clients are the same, or which are new or gone.
	Clients string
}

// Replace serves another synth of the stage, at the same addresses, with the users, sessions, keys, tables, objects and
// mails that there are. It returns the server that takes the place of this one, which must not be used or closed any
// more. The error says why the stage goes on being served as it was: it is not understood, or what is remembered does
// not fit to it. Calls that are under way are finished by the stage that they began with.
//
// Managed login forgets who is signed in there, and what API Gateway has counted and cached begins anew.
func (s *Server) Replace(ctx context.Context, stage assembly.Synthesized, assetsFrom string) (*Server, Kept, error) {
	loaded, err := deployed.Load(stage)
	if err != nil {
		return nil, Kept{}, err
	}
	config := s.config
	config.Stage, config.AssetsFrom = stage, assetsFrom
	next := &Server{config: config, stage: loaded, parts: &parts{}, journal: s.journal, listening: s.listening}
	if err := s.fits(next); err != nil {
		return nil, Kept{}, err
	}
	kept := Kept{Clients: clients(s.stage, next.stage)}
	err = next.assemble(ctx, next.parts, s.parts)
	if err == nil {
		kept.Users = next.parts.users.Users()
		kept.Tables, err = s.parts.tables.Follow(ctx, next.stage)
	}
	if err != nil {
		next.parts.closeOwn()
		return nil, Kept{}, err
	}
	s.parts.rest()
	done := s.swap(next.handlers())
	next.watch(next.parts)
	next.schedule(next.parts)
	done(grace)
	s.parts.closeOwn()
	return next, kept, nil
}

// fits reports what cannot change while the stage is served.
func (s *Server) fits(next *Server) error {
	var errs []error
	for _, value := range []struct{ what, was, is string }{
		{"the stage", s.stage.ID, next.stage.ID},
		{"the Region", s.stage.Region, next.stage.Region},
		{"the account", s.stage.Account, next.stage.Account},
		{"the web origin", s.shop(), next.shop()},
	} {
		if value.was != value.is {
			errs = append(errs, fmt.Errorf("%s is %s, and was %s", value.what, value.is, value.was))
		}
	}
	return errors.Join(errs...)
}

// clients compares the ids of the app clients.
func clients(from, to *deployed.Stage) string {
	var changes []string
	for id, client := range to.Clients {
		if _, there := from.Clients[id]; !there {
			changes = append(changes, "client "+client.ClientName+" is new")
		}
	}
	for id, client := range from.Clients {
		if _, there := to.Clients[id]; !there {
			changes = append(changes, "client "+client.ClientName+" is gone")
		}
	}
	if slices.Sort(changes); len(changes) > 0 {
		return strings.Join(changes, ", ")
	}
	return "client ids unchanged"
}

// gate passes requests on to what serves at the moment.
type gate struct {
	mutex   sync.Mutex
	handler http.Handler
	// active are the requests that the handler has not answered yet.
	active *sync.WaitGroup
}

func gates(handlers map[string]http.Handler) map[string]*gate {
	made := map[string]*gate{}
	for name, handler := range handlers {
		made[name] = &gate{handler: handler, active: &sync.WaitGroup{}}
	}
	return made
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mutex.Lock()
	handler, active := g.handler, g.active
	active.Add(1)
	g.mutex.Unlock()
	defer active.Done()
	handler.ServeHTTP(w, r)
}

// swap lets new requests through to other handlers. What it returns waits until the others are answered, but no longer
// than it is told: a web socket never ends by itself.
func (l *listening) swap(handlers map[string]http.Handler) (wait func(time.Duration)) {
	var before []*sync.WaitGroup
	for name, g := range l.gates {
		g.mutex.Lock()
		before = append(before, g.active)
		g.handler, g.active = handlers[name], &sync.WaitGroup{}
		g.mutex.Unlock()
	}
	return func(limit time.Duration) {
		answered := make(chan struct{})
		go func() {
			defer close(answered)
			for _, active := range before {
				active.Wait()
			}
		}()
		select {
		case <-answered:
		case <-time.After(limit):
		}
	}
}
