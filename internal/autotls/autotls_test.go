package autotls

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/internal/autotls/acmetest"
)

// told gets the first line that is logged of a certificate.
type told chan string

func (c told) Write(b []byte) (int, error) {
	if strings.Contains(string(b), "TLS certificate obtained") {
		c <- string(b)
	}
	return len(b), nil
}

// A certificate is obtained on the port that serves, over the true protocol, and is kept:
// the next start needs no ACME server.
func TestACertificateIsObtainedAndKept(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	acme, roots := acmetest.New(t, port), x509.NewCertPool()
	roots.AddCert(acme.Certificate)
	dir := filepath.Join(t.TempDir(), "tls")
	obtained := make(told, 1)
	certificates, err := Start(Config{Host: "localhost", Dir: dir, Port: port, Directory: acme.Directory, Roots: roots, Log: zerolog.New(obtained)})
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.Proto) }), ErrorLog: log.New(io.Discard, "", 0)}
	go server.Serve(tls.NewListener(l, certificates.TLS()))
	defer server.Close()

	client := &http.Client{Transport: &http.Transport{ForceAttemptHTTP2: true, DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: acme.Issued, ServerName: "localhost"}}}
	get := func() (string, error) {
		res, err := client.Get("https://" + l.Addr().String())
		if err != nil {
			return "", err
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		return string(b), err
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(30 * time.Second); ; <-tick.C {
		proto, err := get()
		if err == nil {
			if proto != "HTTP/1.1" {
				t.Errorf("it speaks %s, over which no WebSocket begins", proto)
			}
			break
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
	<-obtained // it may be used a moment before all of it is kept
	certificates.Stop()

	err = filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	acme.Close()
	again, err := Start(Config{Host: "localhost", Dir: dir, Port: port, Directory: acme.Directory, Roots: roots})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Stop()
	theirs, ours := net.Pipe()
	defer theirs.Close()
	go tls.Server(ours, again.TLS()).Handshake()
	if err := tls.Client(theirs, &tls.Config{RootCAs: acme.Issued, ServerName: "localhost"}).HandshakeContext(t.Context()); err != nil {
		t.Errorf("the kept certificate is not used: %v", err)
	}
}
