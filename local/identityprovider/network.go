package identityprovider

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/securecart/identity/local/certificate"
)

// network connects the user pool to the providers: by TLS, with a certificate for their names that only the transport
// trusts. It reaches no other host.
type network struct {
	server    *http.Server
	transport *http.Transport
}

// listen serves hosts on a free port of loopback.
func listen(hosts []string, handler http.Handler, logger *slog.Logger) (*network, error) {
	own, err := certificate.SelfSigned(time.Now(), hosts...)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the user pool's requests to identity providers: %w", err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(own.Leaf)
	n := &network{
		server: &http.Server{
			Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute,
			TLSConfig: &tls.Config{Certificates: []tls.Certificate{own}, MinVersion: tls.VersionTLS12},
			ErrorLog:  log.New(io.Discard, "", 0), // the transport gets the same errors
		},
		transport: &http.Transport{
			TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
			DialContext: func(ctx context.Context, kind, address string) (net.Conn, error) {
				host, port, err := net.SplitHostPort(address)
				if err != nil || port != "443" || !slices.Contains(hosts, host) {
					return nil, fmt.Errorf("%s is no identity provider of the stage, and nothing else is reached from here", address)
				}
				return (&net.Dialer{}).DialContext(ctx, kind, listener.Addr().String())
			},
			MaxResponseHeaderBytes: 64 << 10,
		},
	}
	go func() {
		if err := n.server.ServeTLS(listener, "", ""); !errors.Is(err, http.ErrServerClosed) {
			logger.Error("the identity providers have stopped serving the user pool", "error", err)
		}
	}()
	return n, nil
}

func (n *network) close() error {
	n.transport.CloseIdleConnections()
	return n.server.Close()
}
