// Package autotls keeps a TLS certificate for one host name: it asks an ACME server for
// one, proves the name on the very port that serves (TLS-ALPN-01), and renews it in good
// time. certmagic does the work; no other package knows it.
package autotls

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/caddyserver/certmagic"
	"github.com/rs/zerolog"
	"go.uber.org/zap"
)

// Config says for which name, and of whom.
type Config struct {
	Host      string         // the name in the certificate
	Dir       string         // where certificates and the account's key are kept, for their owner alone
	Port      int            // on which we listen; the ACME server connects to 443, so that leads here
	Directory string         // of the ACME server, an https URL
	Email     string         // whom the ACME server may write to; optional
	Roots     *x509.CertPool // that the ACME server itself is verified with. Defaults to the system's
	Log       zerolog.Logger // Defaults to none
}

// loadWait bounds how long a kept certificate waits for its OCSP answer, without which it is
// used too.
const loadWait = 5 * time.Second

// Certificates keeps the certificate. Its owner stops it.
type Certificates struct {
	cache  *certmagic.Cache
	config *certmagic.Config
	cancel context.CancelFunc
}

// Start loads the certificate that is kept. If there is none it begins to get one and returns:
// until then handshakes are refused. A failure is logged and tried again,
// with ever longer pauses.
func Start(c Config) (*Certificates, error) {
	if c.Host == "" || c.Dir == "" || c.Directory == "" || c.Port == 0 {
		return nil, errors.New("autotls: Config needs Host, Dir, Directory and Port")
	}
	a := &Certificates{}
	quiet := zap.NewNop() // events say what an operator needs
	a.cache = certmagic.NewCache(certmagic.CacheOptions{Logger: quiet,
		GetConfigForCert: func(certmagic.Certificate) (*certmagic.Config, error) { return a.config, nil }})
	a.config = certmagic.New(a.cache, certmagic.Config{Storage: &certmagic.FileStorage{Path: c.Dir}, Logger: quiet, OnEvent: c.event})
	a.config.Issuers = []certmagic.Issuer{certmagic.NewACMEIssuer(a.config, certmagic.ACMEIssuer{CA: c.Directory, Email: c.Email, Agreed: true,
		DisableHTTPChallenge: true, AltTLSALPNPort: c.Port, TrustedRoots: c.Roots, Logger: quiet})}
	var ctx context.Context
	ctx, a.cancel = context.WithCancel(context.Background())
	loading, cancel := context.WithTimeout(ctx, loadWait)
	defer cancel()
	if _, err := a.config.CacheManagedCertificate(loading, c.Host); err != nil && !errors.Is(err, fs.ErrNotExist) {
		a.Stop()
		return nil, fmt.Errorf("autotls: load the stored certificate: %w", err)
	}
	if err := a.config.ManageAsync(ctx, []string{c.Host}); err != nil {
		a.Stop()
		return nil, err
	}
	return a, nil
}

// event logs what became of a certificate.
func (c Config) event(_ context.Context, event string, data map[string]any) error {
	switch event {
	case "cert_obtained":
		c.Log.Info().Str("host", c.Host).Interface("renewal", data["renewal"]).Msg("TLS certificate obtained")
	case "cert_failed":
		err, _ := data["error"].(error)
		c.Log.Error().Str("host", c.Host).Err(err).Msg("TLS certificate not obtained; retrying")
	}
	return nil
}

// TLS is what a listener needs. It speaks HTTP/1.1 alone: a WebSocket begins with it.
func (a *Certificates) TLS() *tls.Config {
	t := a.config.TLSConfig()
	t.NextProtos = []string{"http/1.1", "acme-tls/1"}
	return t
}

// Stop ends the renewals. Connections go on.
func (a *Certificates) Stop() {
	a.cancel()
	a.cache.Stop()
}
