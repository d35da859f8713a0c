package identityprovider

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"slices"
	"time"
)

// network is how the user pool reaches the providers: by TLS, with a certificate for their names that only the
// transport trusts. It leads nowhere else.
type network struct {
	server    *http.Server
	transport *http.Transport
}

// listen serves hosts on a free port of loopback.
func listen(hosts []string, handler http.Handler, logger *slog.Logger) (*network, error) {
	certificate, err := certify(hosts)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen for the user pool's requests to identity providers: %w", err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(certificate.Leaf)
	n := &network{
		server: &http.Server{
			Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute,
			TLSConfig: &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12},
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
			logger.Error("identity providers answer the user pool no more", "error", err)
		}
	}()
	return n, nil
}

func (n *network) close() error {
	n.transport.CloseIdleConnections()
	return n.server.Close()
}

// certify makes a certificate for the hosts. It signs nothing but itself, and nobody but the transport trusts it.
func certify(hosts []string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("key of the identity providers' certificate: %w", err)
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{Organization: []string{"SecureCart local run"}},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(30 * 24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, DNSNames: hosts,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate of the identity providers: %w", err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("certificate of the identity providers: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, nil
}
