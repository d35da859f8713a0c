package local

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/crewjam/saml"

	"github.com/securecart/identity/local/apigateway"
	"github.com/securecart/identity/local/credentials"
	"github.com/securecart/identity/local/federation"
	"github.com/securecart/identity/local/functions"
	"github.com/securecart/identity/local/identitypool"
	"github.com/securecart/identity/local/identityprovider"
	"github.com/securecart/identity/local/login"
	"github.com/securecart/identity/local/mailbox"
	"github.com/securecart/identity/local/services"
	"github.com/securecart/identity/local/userpool"
)

// parts are what a stage consists of while it is served.
type parts struct {
	store      *credentials.Store
	operator   credentials.Session
	mailbox    *mailbox.Box
	users      *userpool.Pool
	identities *identitypool.Pool
	providers  *identityprovider.Peers
	login      *login.Login
	tls        *tls.Config
	tables     *services.Tables
	dynamodb   http.Handler
	kms, ssm   http.Handler
	material   services.Material
	sts        http.Handler
	s3         *services.S3
	functions  *functions.Set
	api        http.Handler
	// vite is nil unless the storefront is watched.
	vite *vite
	// watching ends with unwatch.
	watching chan struct{}
	unwatch  context.CancelFunc
	// schedules end with unschedule.
	schedules  schedules
	scheduled  sync.WaitGroup
	unschedule context.CancelFunc
}

// assemble makes the parts. Those that take their time are made at once: the user pool's keys, the engine of the
// tables, and the functions, which may have to be compiled. What was made before an error is there to be closed. The
// parts go on with what the parts before remember, if there are any.
func (s *Server) assemble(ctx context.Context, p, before *parts) error {
	if err := s.begin(p, before); err != nil {
		return err
	}
	var slow sync.WaitGroup
	var errs [4]error // whatever is missing is told at once
	slow.Go(func() {
		options := userpool.Options{
			Stage: s.stage, Trigger: s.invoke, Mailbox: p.mailbox, Now: s.config.Now, Keys: s.config.Keys,
			Authorize: p.administer, Endpoint: s.awsURL(), LoginURL: s.loginURL(),
		}
		if before != nil {
			options.Continue = before.users
		}
		p.users, errs[0] = userpool.New(options)
	})
	if before == nil {
		slow.Go(func() { p.tables, errs[1] = services.StartTables(ctx, s.stage, s.config.Root, s.config.Output) })
	}
	slow.Go(func() { p.functions, errs[2] = s.startFunctions(ctx, p.store) })
	if s.config.Watch && s.config.Storefront != "" && before == nil {
		slow.Go(func() { p.vite, errs[3] = startVite(ctx, s.config.Root, s.config.Address, s.config.Output) })
	}
	slow.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		return err
	}
	return s.connect(p, before)
}

// begin makes the parts that others need, or takes them over.
func (s *Server) begin(p, before *parts) (err error) {
	if p.store, p.operator, err = s.permissions(before); err != nil {
		return err
	}
	if before != nil {
		p.mailbox, p.tls, p.material = before.mailbox, before.tls, before.material
		p.tables, p.vite = before.tables, before.vite
		return nil
	}
	p.mailbox, p.material = mailbox.New(time.Now), services.Material{}
	p.mailbox.Print = s.config.Output
	certificate, err := login.Certificate(time.Now())
	if err != nil {
		return err
	}
	p.tls = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	return nil
}

// connect makes the parts that need others.
func (s *Server) connect(p, before *parts) error {
	var errs [6]error
	errs[0] = s.connectLogin(p)
	p.identities, errs[1] = identitypool.New(s.stage, p.store, p.users)
	p.dynamodb, errs[2] = services.NewDynamoDB(s.stage, p.store, p.tables.URL())
	p.s3, errs[3] = services.NewS3(s.stage, p.store)
	switch {
	case errs[3] != nil:
	case before != nil:
		p.s3.Continue(before.s3)
	default:
		errs[5] = p.s3.PutPictures(s.stage.Outputs["MediaBucket"])
	}
	p.api, errs[4] = apigateway.New(apigateway.Options{
		Stage: s.stage, Keys: p.users.KeySet, Issuer: p.users.Issuer(), Invoke: s.invoke, Credentials: p.store,
		Log: io.Discard, // the server writes a line for each request, whichever service it is for
	})
	p.kms, p.ssm = services.NewKMS(s.stage, p.store, p.material), services.NewSSM(s.stage, p.store)
	p.sts = services.NewSTS(s.stage, p.store)
	return errors.Join(errs[:]...)
}

// connectLogin makes managed login, and the identity providers of which it is a client.
func (s *Server) connectLogin(p *parts) error {
	logger, secrets := slog.New(slog.NewTextHandler(s.config.Output, nil)), &identityprovider.Secrets{}
	var client *federation.Client
	var err error
	p.providers, err = identityprovider.New(identityprovider.Options{
		Stage: s.stage, Pages: s.providersURL(), Login: s.loginURL(), Secrets: secrets, Logger: logger,
		ServiceProvider: func(name string) (*saml.EntityDescriptor, error) { return client.ServiceProvider(name) },
	})
	if err != nil {
		return err
	}
	client, err = federation.New(federation.Options{
		Stage: s.stage, Login: s.loginURL(), Transport: p.providers.Transport(), Page: p.providers.Page, Secrets: secrets,
	})
	if err != nil {
		return err
	}
	p.login, err = login.New(login.Options{Pool: p.users, Stage: s.stage, Federation: client, Logger: logger})
	return err
}

// watch starts to look for changed handlers, if that is wanted.
func (s *Server) watch(p *parts) {
	if !s.config.Watch {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.unwatch, p.watching = cancel, make(chan struct{})
	go func() {
		defer close(p.watching)
		p.functions.Watch(ctx)
	}()
}

// rest ends what the parts do by themselves.
func (p *parts) rest() {
	if p.unschedule != nil {
		p.unschedule()
		p.scheduled.Wait()
	}
	if p.unwatch != nil {
		p.unwatch()
		<-p.watching
	}
}

func (p *parts) close() {
	p.rest()
	if p.vite != nil {
		p.vite.close()
	}
	p.closeOwn()
	if p.tables != nil {
		p.tables.Close()
	}
}

// closeOwn ends what is not handed on to the next synth.
func (p *parts) closeOwn() {
	if p.providers != nil {
		_ = p.providers.Close() // nobody asks them any more
	}
	if p.functions != nil {
		p.functions.Close()
	}
}
