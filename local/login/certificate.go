package login

import (
	"crypto/tls"
	"time"

	"github.com/securecart/identity/local/certificate"
)

// Certificate makes a certificate for this machine's own names, at which browsers reach managed login.
func Certificate(now time.Time) (tls.Certificate, error) {
	return certificate.SelfSigned(now, "localhost", "127.0.0.1", "::1")
}
