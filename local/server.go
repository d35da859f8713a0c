package local

import (
	"context"
	"errors"
	"log"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/port"
)

// Server is a stage that is being served.
type Server struct {
	config Config
	stage  *deployed.Stage
	parts  *parts
	// journal is what config.Output writes to.
	journal *journal

	*listening
}

// listening is what outlives the stage that is served: [Server.Replace] hands it on.
type listening struct {
	listeners listeners
	running   errgroup.Group
	servers   []*http.Server
	gates     map[string]*gate
}

// listeners are the open ports.
type listeners struct{ aws, api, login, inbox, providers, storefront net.Listener }

// Serve starts everything and returns when requests are answered. The error joins everything that is not understood of
// the stage.
func Serve(ctx context.Context, config Config) (*Server, error) {
	if err := port.Loopback(config.Address); err != nil {
		return nil, err
	}
	loaded, err := deployed.Load(config.Stage)
	if err != nil {
		return nil, err
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	output := &journal{to: config.Output, json: config.JSON}
	config.Output = output
	s := &Server{config: config, stage: loaded, parts: &parts{}, journal: output, listening: &listening{}}
	if err := s.listen(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.assemble(ctx, s.parts, nil); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.watch(s.parts)
	s.schedule(s.parts)
	s.gates = gates(s.handlers())
	s.serve(s.listeners.aws, s.gates["aws"])
	s.serve(s.listeners.api, s.gates["api"])
	s.serveTLS(s.listeners.login, s.gates["login"])
	s.serve(s.listeners.inbox, s.gates["inbox"])
	s.serve(s.listeners.providers, s.gates["idp"])
	if s.listeners.storefront != nil {
		s.serve(s.listeners.storefront, s.gates["shop"])
	}
	return s, nil
}

// handlers answer at the listeners, by the name that lines of the log have.
func (s *Server) handlers() map[string]http.Handler {
	handlers := map[string]http.Handler{
		"aws": s.config.Drill.AWS(s.stage, s.aws()), "api": s.config.Drill.API(s.stage, s.parts.api),
		"login": byItsOwnName(s.parts.login.Handler()),
		"inbox": byItsOwnName(s.parts.mailbox.Handler(s.shop())),
		"idp":   byItsOwnName(s.parts.providers.Handler()),
	}
	if s.listeners.storefront != nil {
		handlers["shop"] = byItsOwnName(s.storefront())
	}
	for name, handler := range handlers {
		handlers[name] = s.logged(name, handler)
	}
	return handlers
}

func (s *Server) listen() error {
	var errs [6]error
	s.listeners.aws, errs[0] = port.Listen(s.config.Address, s.config.Ports.AWS, port.Other("aws"))
	s.listeners.api, errs[1] = port.Listen(s.config.Address, s.config.Ports.API, port.Other("api"))
	s.listeners.login, errs[2] = port.Listen(s.config.Address, s.config.Ports.Login, port.Other("login"))
	s.listeners.inbox, errs[3] = port.Listen(s.config.Address, s.config.Ports.Inbox, port.Other("inbox"))
	s.listeners.providers, errs[5] = port.Listen(s.config.Address, s.config.Ports.Providers, port.Other("providers"))
	if s.config.Storefront != "" {
		s.listeners.storefront, errs[4] = s.listenAtWebOrigin()
	}
	return errors.Join(errs[:]...)
}

func (s *Server) serve(listener net.Listener, handler http.Handler) {
	server := s.server(handler)
	s.running.Go(func() error { return server.Serve(listener) })
}

func (s *Server) serveTLS(listener net.Listener, handler http.Handler) {
	server := s.server(handler)
	server.TLSConfig = s.parts.tls
	s.running.Go(func() error { return server.ServeTLS(listener, "", "") })
}

func (s *Server) server(handler http.Handler) *http.Server {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: time.Minute,
		ErrorLog: log.New(s.config.Output, "", 0),
	}
	// Browsers open connections in advance. Shutdown would wait for their first requests.
	var unasked sync.Map
	server.ConnState = func(connection net.Conn, state http.ConnState) {
		if unasked.Delete(connection); state == http.StateNew {
			unasked.Store(connection, nil)
		}
	}
	server.RegisterOnShutdown(func() {
		for connection := range unasked.Range {
			_ = connection.(net.Conn).Close() // it may have ended
		}
	})
	s.servers = append(s.servers, server)
	return server
}

// grace is how long answers that are under way may take when the server stops.
const grace = 2 * time.Second

// Close stops everything and waits for it. It may be called once.
func (s *Server) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	for _, server := range s.servers {
		if server.Shutdown(ctx) != nil {
			_ = server.Close() // the grace is over
		}
	}
	l := s.listeners
	for _, listener := range []net.Listener{l.aws, l.api, l.login, l.inbox, l.providers, l.storefront} {
		if listener != nil {
			_ = listener.Close() // closed already, unless the start failed
		}
	}
	s.parts.close()
	if err := s.running.Wait(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Broken is closed when the engine of the tables has ended, also by Close. What was stored is gone then, and every call
// that needs it fails: only another start helps.
func (s *Server) Broken() <-chan struct{} { return s.parts.tables.Ended() }

// ReplaceSigningKeys makes the user pool sign with new keys, and know the old ones no more.
func (s *Server) ReplaceSigningKeys() error { return s.parts.users.ReplaceKeys() }

// Stage is what is served.
func (s *Server) Stage() *deployed.Stage { return s.stage }

// Now is the time by the user pool's clock.
func (s *Server) Now() time.Time { return s.config.Now() }

// StageID is the construct id of what is served.
func (s *Server) StageID() string { return s.stage.ID }
