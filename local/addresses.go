package local

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/securecart/identity/local/functions"
)

func (s *Server) awsURL() string { return "http://" + s.listeners.aws.Addr().String() }
func (s *Server) apiURL() string {
	return "http://" + s.listeners.api.Addr().String() + "/" + s.stage.API.StageName + "/"
}
func (s *Server) loginURL() string { return "https://" + s.listeners.login.Addr().String() }

// providersURL names this machine otherwise than loginURL does: providers are another site than managed login.
func (s *Server) providersURL() string {
	address := s.listeners.providers.Addr().(*net.TCPAddr)
	if address.IP.String() != "127.0.0.1" {
		return "http://" + address.String()
	}
	return fmt.Sprintf("http://localhost:%d", address.Port)
}

// InboxURL is where the codes are that customers are sent.
func (s *Server) InboxURL() string { return "http://" + s.listeners.inbox.Addr().String() }

// Outputs are the stage's, with the addresses of this machine.
func (s *Server) Outputs() map[string]string {
	outputs, onAWS := maps.Clone(s.stage.Outputs), s.stage.Outputs["ManagedLoginUrl"]
	// Also what is below managed login, such as the redirect URL that is entered at providers.
	for name, value := range outputs {
		outputs[name] = strings.Replace(value, onAWS, s.loginURL(), 1)
	}
	outputs["ApiUrl"] = s.apiURL()
	return outputs
}

// WriteOutputs writes the outputs in the form of `cdk deploy --outputs-file`.
func (s *Server) WriteOutputs(file string) error {
	text, err := json.MarshalIndent(map[string]map[string]string{s.stage.ID: s.Outputs()}, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return fmt.Errorf("write the stage's outputs: %w", err)
	}
	if err := os.WriteFile(file, append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("write the stage's outputs: %w", err)
	}
	return nil
}

// Certificate is that of managed login, as PEM: clients other than browsers have to be told to trust it.
func (s *Server) Certificate() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.parts.tls.Certificates[0].Certificate[0]})
}

// Addresses say where what is served, for people.
func (s *Server) Addresses() [][2]string {
	addresses := [][2]string{
		{"API", s.apiURL()},
		{"managed login", s.loginURL() + "   (its certificate was made at start: your browser asks once)"},
		{"AWS services", s.awsURL()},
		{"inbox", s.InboxURL() + "   (codes by e-mail and SMS)"},
		{"providers", s.providersURL() + "   (the pages in place of Google and others)"},
	}
	if name := s.config.Debug.Name; name != "" {
		address := s.config.Debug.Address()
		attach := functions.Delve + " connect " + address
		addresses = append(addresses, [2]string{"debugger", address + "   (of lambda/" + name + ": " + attach + ")"})
	}
	if s.listeners.storefront != nil {
		addresses = append([][2]string{{"storefront", s.WebOrigin()}}, addresses...)
	}
	return addresses
}

// Values are what a front end needs, sorted by name.
func (s *Server) Values() [][2]string {
	outputs := s.Outputs()
	var values [][2]string
	for _, name := range slices.Sorted(maps.Keys(outputs)) {
		values = append(values, [2]string{name, outputs[name]})
	}
	return values
}
