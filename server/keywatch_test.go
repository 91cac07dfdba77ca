package server_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/consent/proof"
	"github.com/patchcord/patchcord/keys"
	"github.com/patchcord/patchcord/server"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// aKey is a store with one key, which may be revoked, and a ledger that takes every record.
type aKey struct {
	keys.Store
	mu sync.Mutex
	keys.Key
}

func (k *aKey) FindKeys(_ context.Context, hashes [][32]byte) (map[[32]byte]keys.Key, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return map[[32]byte]keys.Key{hashes[0]: k.Key}, nil
}

func (k *aKey) revoke() {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := time.Now()
	k.Revoked = &now
}

type anyAudit struct{ server.Audit }

func (anyAudit) RecordAccess(context.Context, consent.Access) error { return nil }

// liveLog has a call that is live under one id, and over under another.
type liveLog struct{ calllog.Store }

func (liveLog) Get(_ context.Context, id string) (calllog.Call, error) {
	c := calllog.Call{ID: id}
	if id == "over" {
		c.Outcome = calllog.OutcomeCallerHungUp
	}
	return c, nil
}

func (liveLog) Since(context.Context, string, int64) ([]calllog.Entry, int64, bool, error) {
	return nil, 1, false, nil
}

// longLedger writes a row a second, for an hour.
type longLedger struct{ server.Ledger }

func (longLedger) Export(ctx context.Context, w io.Writer, _ proof.ExportFilter) error {
	row := []byte(`{"row":"` + strings.Repeat("x", 64<<10) + "\"}\n")
	for range 3600 {
		if _, err := w.Write(row); err != nil {
			return err
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// longSound is a recording of five hours.
type longSound struct {
	server.Recordings
	path string
}

func (l longSound) Open(string) (*os.File, error) { return os.Open(l.path) }

// An answer that is under way ends within a few seconds of its key, whether that is revoked or
// has expired: the events of a call, an export, and a recording that is read slowly.
func TestALongAnswerEndsWithItsKey(t *testing.T) {
	t.Parallel()
	sound := filepath.Join(t.TempDir(), "long.wav")
	f, err := os.Create(sound)
	if err == nil {
		err = errors.Join(f.Truncate(500<<20), f.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/v1/calls/live/events", "/v1/consent/export", "/v1/calls/over/recording"} {
		for _, how := range []string{"revoked", "expired"} {
			t.Run(path+" "+how, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) { endsWithItsKey(t, path, how == "revoked", sound) })
			})
		}
	}
}

func endsWithItsKey(t *testing.T, path string, revoked bool, sound string) {
	t.Helper()
	const after = 9 * time.Second
	key := &aKey{Key: keys.Key{Name: "desk", Rights: keys.Rights, Expires: time.Now().Add(after)}}
	if revoked {
		key.Expires = time.Now().Add(time.Hour)
		time.AfterFunc(after, key.revoke)
	}
	pipe := twiliotest.NewPipe()
	s := server.New(server.Config{Keys: key, Audit: anyAudit{}, Calls: liveLog{}, Ledger: longLedger{}, Recordings: longSound{path: sound},
		Flush: func(context.Context) error { return nil }, Registry: prometheus.NewRegistry(), Logger: zerolog.Nop()})
	web := s.HTTP("")
	var serving sync.WaitGroup
	serving.Go(func() { _ = web.Serve(pipe) })
	defer serving.Wait()
	defer web.Close()

	began := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), 3*after)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", "http://bridge"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+keys.NewSecret())
	transport := &http.Transport{DialContext: pipe.DialContext}
	defer transport.CloseIdleConnections()
	res, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := readSlowly(res.Body)
	took := time.Since(began)
	if res.StatusCode != 200 || took < after || took > after+4*time.Second {
		t.Errorf("%d; it ended after %v, want soon after %v", res.StatusCode, took, after)
	}
	if events := strings.HasSuffix(path, "/events"); events != strings.Contains(got, "event: unauthorized\ndata: {") || events != (err == nil) {
		t.Errorf("the last of it is %q, %v", got, err)
	} else if !events && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a cut answer looks whole: %v", err)
	}
}

// readSlowly reads what comes, a piece each 5 ms, and returns the end of it.
func readSlowly(r io.Reader) (last string, err error) {
	b := make([]byte, 64<<10)
	for {
		n, err := r.Read(b)
		if n > 0 {
			last = string(b[max(0, n-300):n])
		}
		if err == io.EOF {
			return last, nil
		}
		if err != nil {
			return last, err
		}
		time.Sleep(5 * time.Millisecond)
	}
}
