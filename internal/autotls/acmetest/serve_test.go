package acmetest_test

import (
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/patchcord/patchcord/bridge"
	"github.com/patchcord/patchcord/internal/autotls/acmetest"
)

// asService is set where the test's binary shall be the program.
const asService = "ACMETEST_SERVE"

func TestMain(m *testing.M) {
	if os.Getenv(asService) != "" {
		os.Exit(bridge.Main([]string{"serve"}))
	}
	os.Exit(m.Run())
}

const config = `sellers: {s: {legal_name: S LLC}}
agents: {a: {seller: s}}
numbers: {"+14155550100": a}
`

// With BRIDGE_TLS the service itself answers at an https PUBLIC_URL, with a certificate that
// it has obtained over ACME.
func TestServeWithACertificateOfItsOwn(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listen, port := l.Addr().String(), l.Addr().(*net.TCPAddr).Port
	l.Close()
	acme, dir := acmetest.New(t, port), t.TempDir()
	for name, content := range map[string][]byte{"bridge.yaml": []byte(config), "roots.pem": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: acme.Certificate.Raw})} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	public := fmt.Sprintf("https://localhost:%d", port)
	service := exec.CommandContext(t.Context(), os.Args[0])
	service.Dir, service.Stderr = dir, os.Stderr
	service.Env = []string{asService + "=1", "PATH=" + os.Getenv("PATH"), "PUBLIC_URL=" + public, "BRIDGE_LISTEN=" + listen, "BRIDGE_TLS=on", "BRIDGE_ACME_URL=" + acme.Directory,
		"BRIDGE_ACME_ROOTS=roots.pem", "BRIDGE_API_TOKEN=0123456789abcdef0123456789abcdef", "TWILIO_ACCOUNT_SID=AC00000000000000000000000000000001", "TWILIO_AUTH_TOKEN=secret",
		"HUME_API_KEY=key", "BRIDGE_LOG_LEVEL=error", "BRIDGE_DRAIN_DELAY=0s"}
	if err := service.Start(); err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: acme.Issued}}}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(time.Minute); ; <-tick.C {
		res, err := client.Get(public + "/healthz")
		if err == nil {
			res.Body.Close()
			if res.StatusCode != http.StatusOK {
				t.Errorf("it answers %d", res.StatusCode)
			}
			break
		}
		if time.Now().After(deadline) {
			t.Error(err)
			break
		}
	}
	if info, err := os.Stat(filepath.Join(dir, "data", "tls")); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the certificates' folder: %v, %v", info, err)
	}
	if err := service.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if err := service.Wait(); err != nil {
		t.Errorf("the service ended with %v", err)
	}
}
