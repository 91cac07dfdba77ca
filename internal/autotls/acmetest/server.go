// Package acmetest has an ACME server for tests: pebble, which Let's Encrypt tests its
// clients with.
package acmetest

import (
	"crypto/x509"
	"io"
	"log"
	"net/http/httptest"
	"testing"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
)

// Server is an ACME server that ends with its test.
type Server struct {
	Directory   string            // its URL
	Certificate *x509.Certificate // that it is verified with itself
	Issued      *x509.CertPool    // that verifies what it issues
	Close       func()            // ends it before its test does
}

// New starts a server that proves a name by a connection to this port, in place of 443. The
// test can't run beside others.
func New(t *testing.T, port int) *Server {
	t.Helper()
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	t.Setenv("PEBBLE_WFE_NONCEREJECT", "0")
	quiet, store := log.New(io.Discard, "", 0), db.NewMemoryStore()
	authority := ca.New(quiet, store, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {Description: "default"}})
	validation := va.New(quiet, 1, port, false, "", store)
	front := wfe.New(quiet, store, validation, authority, []string{"acme.example"}, false, false, 1, 1)
	server := httptest.NewTLSServer(front.Handler())
	t.Cleanup(server.Close)
	s := &Server{Directory: server.URL + wfe.DirectoryPath, Certificate: server.Certificate(), Issued: x509.NewCertPool(), Close: server.Close}
	s.Issued.AppendCertsFromPEM(authority.GetRootCert(0).PEM())
	return s
}
