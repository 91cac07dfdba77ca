package service

import (
	"crypto/tls"
	"fmt"
	"net"
	"net/url"
	"path/filepath"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/internal/autotls"
	"github.com/patchcord/patchcord/internal/config"
)

// overTLS lays TLS over the listener, where the bridge has its own certificate.
func (s *Service) overTLS(c *config.Config, log zerolog.Logger) error {
	if !c.OwnTLS() {
		return nil
	}
	roots, err := c.TLSRoots()
	if err != nil {
		return err
	}
	u, err := url.Parse(c.PublicURL)
	if err != nil {
		return err
	}
	port := s.Listener.Addr().(*net.TCPAddr).Port
	s.certificates, err = autotls.Start(autotls.Config{Host: u.Hostname(), Dir: filepath.Join(c.DataDir, "tls"), Port: port,
		Directory: c.ACMEURL, Email: c.ACMEEmail, Roots: roots, Log: log})
	if err != nil {
		return fmt.Errorf("BRIDGE_TLS: %w", err)
	}
	s.Listener = tls.NewListener(s.Listener, s.certificates.TLS())
	return nil
}
