package config

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
)

// OwnTLS tells whether BRIDGE_LISTEN itself serves TLS.
func (c *Config) OwnTLS() bool { return c.TLS == "on" }

// checkTLS finds what a certificate could not be obtained with.
func (c *Config) checkTLS() (problems []error) {
	if !c.OwnTLS() {
		return nil
	}
	if u, err := url.Parse(c.PublicURL); err != nil || u.Scheme != "https" || net.ParseIP(u.Hostname()) != nil {
		problems = append(problems, errors.New("BRIDGE_TLS: requires a PUBLIC_URL of the form https://NAME"))
	}
	if u, err := url.Parse(c.ACMEURL); err != nil || u.Scheme != "https" || u.Host == "" {
		problems = append(problems, errors.New("BRIDGE_ACME_URL: want an https URL"))
	}
	if _, err := c.TLSRoots(); err != nil {
		problems = append(problems, err)
	}
	return problems
}

// TLSRoots are those of BRIDGE_ACME_ROOTS, nil for the system's.
func (c *Config) TLSRoots() (*x509.CertPool, error) {
	if c.ACMERoots == "" {
		return nil, nil
	}
	b, err := os.ReadFile(c.ACMERoots)
	if err != nil {
		return nil, fmt.Errorf("BRIDGE_ACME_ROOTS: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(b) {
		return nil, fmt.Errorf("BRIDGE_ACME_ROOTS: %s contains no PEM certificate", c.ACMERoots)
	}
	return roots, nil
}
