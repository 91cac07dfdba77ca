package cli

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/patchcord/patchcord/internal/config/configtest"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// An idle bridge that is told to stop says that it is not ready, and answers until a balancer has
// had the time to notice.
func TestAnIdleBridgeLingers(t *testing.T) {
	const delay = time.Second
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().String()
	l.Close()
	url := postgrestest.URL(t)
	configtest.In(t, map[string]string{"bridge.yaml": benchYAML, "policy.yaml": openHours, ".env": fmt.Sprintf("PUBLIC_URL=http://%s\nBRIDGE_LISTEN=%s\n"+
		"BRIDGE_API_TOKEN=0123456789abcdef0123456789abcdef\nTWILIO_ACCOUNT_SID=AC00000000000000000000000000000001\nTWILIO_AUTH_TOKEN=0123456789abcdef0123456789abcdef\n"+
		"HUME_API_KEY=key\nDATABASE_URL=%s\nBRIDGE_MIGRATE_URL=%s\nBRIDGE_LOG_LEVEL=error\nBRIDGE_DRAIN_DELAY=%v\n", at, at, url, postgrestest.OwnerURL(t, url), delay)})
	ended := make(chan error, 1)
	go func() { ended <- (&serveCmd{}).Run(nil) }()
	status := func(path string) int {
		r, err := http.Get("http://" + at + path)
		if err != nil {
			return 0
		}
		r.Body.Close()
		return r.StatusCode
	}
	until := func(path string, want int) {
		t.Helper()
		for end := time.Now().Add(30 * time.Second); status(path) != want; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s did not come to %d", path, want)
			}
		}
	}
	until("/readyz", http.StatusOK)
	told := time.Now()
	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	until("/readyz", http.StatusServiceUnavailable)
	if got := status("/healthz"); got != http.StatusOK {
		t.Errorf("/healthz answers %d", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if took := time.Since(told); took < delay {
		t.Errorf("it was gone after %v, want %v", took, delay)
	}
}

// Each start says what weakens the setup, and what is left of the examples, though it fails then.
func TestServeSaysWhatWeakensIt(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	env := configtest.EnoughEnv + "BRIDGE_INSECURE=on\nBRIDGE_MAX_CALL=7\nBRIDGE_LISTEN=" + taken.Addr().String() + "\n" +
		"TWILIO_API_URL=http://127.0.0.1:1\nHUME_API_URL=http://127.0.0.1:1\n"
	configtest.In(t, map[string]string{".env": env, "bridge.yaml": configtest.EnoughYAML})
	if err := os.Chmod(".env", 0o644); err != nil {
		t.Fatal(err)
	}
	want := []string{"on: calls, keys and people's data may be sent unencrypted", "its mode is 0644", "still has a placeholder from the examples",
		"BRIDGE_MAX_CALL: unknown setting", "BRIDGE_LISTEN: "}
	if os.Geteuid() == 0 {
		want = append(want, "the service runs as root, which it never needs: give it its own user (systemd: User=, or the container image")
	}
	exits(t, exitFailed, []string{"serve"}, want...)
	exits(t, exitFailed, []string{"doctor"}, "warning  BRIDGE_INSECURE", "chmod 0640 .env")
}
