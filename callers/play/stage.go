package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

const (
	account  = "AC00000000000000000000000000000ca1"
	stopWait = 20 * time.Second
)

// stage is the bridge and the telephone.
type stage struct {
	bridge api.Client
	phone  *twiliotest.Phone
	twilio *httptest.Server
	scenes *scenes
	log    string // a file
	stop   context.CancelFunc
	ended  chan error // how the bridge ended, once
}

// openStage starts the bridge with a private Postgres, and returns when it takes calls.
func openStage(ctx context.Context, dir string, sc *scenes) (*stage, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0") // a free port, found by taking it for a moment
	if err != nil {
		return nil, err
	}
	listen := l.Addr().String()
	l.Close()
	url, token := "http://"+listen, strings.ToLower(rand.Text()+rand.Text())
	s := &stage{bridge: api.Client{URL: url, Key: token}, scenes: sc,
		log: filepath.Join(dir, "bridge.log"), ended: make(chan error, 1)}
	s.phone = &twiliotest.Phone{Bridge: url, AuthToken: strings.ToLower(rand.Text()), AccountSID: account}
	s.twilio = httptest.NewServer(twiliotest.NewAPI(s.phone))
	if err := os.WriteFile(filepath.Join(dir, "bridge.yaml"), []byte(sc.config()), 0o600); err != nil {
		return nil, err
	}
	log, err := os.Create(s.log)
	if err != nil {
		return nil, err
	}
	defer log.Close() // the child has its own
	running, stop := context.WithCancel(context.Background())
	s.stop = stop
	bridge := exec.CommandContext(running, filepath.Join(dir, "bridge"), "serve")
	bridge.Cancel = func() error { return bridge.Process.Signal(syscall.SIGTERM) }
	bridge.WaitDelay = stopWait
	bridge.Dir, bridge.Stdout, bridge.Stderr = dir, log, log
	bridge.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "TMPDIR=" + os.TempDir(),
		"BRIDGE_LISTEN=" + listen, "PUBLIC_URL=" + url, "BRIDGE_API_TOKEN=" + token, "BRIDGE_DRAIN_TIMEOUT=1s", "BRIDGE_DRAIN_DELAY=0s",
		"TWILIO_ACCOUNT_SID=" + account, "TWILIO_AUTH_TOKEN=" + s.phone.AuthToken, "TWILIO_API_URL=" + s.twilio.URL,
		"HUME_API_KEY=" + key, "HUME_API_URL=" + sc.evi.URL(), "OPENAI_API_KEY=" + key}
	if err := bridge.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(s.ended)
		s.ended <- bridge.Wait()
	}()
	if err := s.ready(ctx); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// ready waits until the bridge takes calls.
func (s *stage) ready(ctx context.Context) error {
	return until(ctx, "the bridge", func() (bool, error) {
		select {
		case err := <-s.ended:
			said, _ := os.ReadFile(s.log) // what went wrong is err
			return false, fmt.Errorf("the bridge has ended: %w\n%s", err, said)
		default:
		}
		return s.bridge.Ready(ctx) == nil, nil // or it doesn't listen yet
	})
}

// close ends the bridge and the telephone.
func (s *stage) close() error {
	s.stop()
	err := <-s.ended
	if errors.Is(err, context.Canceled) { // it ended as it was asked to
		err = nil
	}
	s.twilio.Close()
	return err
}

// until waits until something holds.
func until(ctx context.Context, what string, holds func() (bool, error)) error {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		if ok, err := holds(); ok || err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w", what, context.Cause(ctx))
		}
	}
}
