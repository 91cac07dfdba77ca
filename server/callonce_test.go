package server_test

import (
	"encoding/binary"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/server"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// attempt is one of Twilio's at a webhook, at the instance with this address.
func (s *site) attempt(base, path string, form url.Values, token string) answer {
	s.Helper()
	r := s.request("POST", path, form.Encode())
	at, err := url.Parse(base + path)
	if err != nil {
		s.Fatal(err)
	}
	r.URL = at
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Twilio-Signature", twiliotest.Sign(authToken, public+path, form))
	if token != "" {
		r.Header.Set("I-Twilio-Idempotency-Token", token)
	}
	return s.do(r)
}

// hungUp tells whether an answer is <Hangup/> and nothing more.
func hungUp(t testing.TB, a answer) bool {
	t.Helper()
	all := verbs(t, a)
	return len(all) == 1 && all[0].Name == "Hangup"
}

// The same attempt gets the same answer, byte for byte: from the instance that gave it, from
// another, from one that was started since, and with the database away. Any other attempt
// at the call is hung up and starts nothing.
func TestOneCallOfASID(t *testing.T) {
	t.Parallel()
	s := open(t)
	first := s.attempt(s.web.URL, "/twilio/voice", incoming(), "token-1")
	if !strings.Contains(first.body, "<Stream") {
		t.Fatalf("got %s", first.body)
	}
	other := s.make()
	for name, at := range map[string]string{"the same instance": s.web.URL, "another": other.URL, "one started since": s.make().URL} {
		if got := s.attempt(at, "/twilio/voice", incoming(), "token-1"); got.body != first.body || got.status != first.status ||
			got.header.Get("Content-Type") != first.header.Get("Content-Type") {
			t.Errorf("%s: the same attempt gets %d %s", name, got.status, got.body)
		}
		for _, token := range []string{"", "token-2"} {
			if got := s.attempt(at, "/twilio/voice", incoming("CallStatus", "ringing"), token); !hungUp(t, got) {
				t.Errorf("%s: attempt %q gets %s", name, token, got.body)
			}
		}
	}
	s.db.Close()
	for name, at := range map[string]string{"the first": s.web.URL, "another that has given it": other.URL} {
		if got := s.attempt(at, "/twilio/voice", incoming(), "token-1"); name == "the first" && got.body != first.body {
			t.Errorf("%s, without a database: %s", name, got.body)
		}
		if got := s.attempt(at, "/twilio/voice", incoming(), "token-3"); !hungUp(t, got) {
			t.Errorf("%s, without a database: another attempt gets %s", name, got.body)
		}
	}
	if s.board.Live() != 1 {
		t.Errorf("%d calls, want one", s.board.Live())
	}
}

// A call is taken while the database is away, once by each instance that is asked.
func TestACallWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.db.Close()
	first := s.attempt(s.web.URL, "/twilio/voice", incoming(), "token-1")
	if !strings.Contains(first.body, "<Stream") {
		t.Fatalf("got %s", first.body)
	}
	if got := s.attempt(s.web.URL, "/twilio/voice", incoming(), "token-1"); got.body != first.body {
		t.Errorf("the same attempt gets %s", got.body)
	}
	if got := s.attempt(s.web.URL, "/twilio/voice", incoming(), "token-2"); !hungUp(t, got) {
		t.Errorf("another attempt gets %s", got.body)
	}
}

// An instance that was started again knows the calls of before while the database is away:
// they are hung up, and others are taken.
func TestARestartWithoutTheDatabase(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "calls.seen")
	begin := func() *server.SeenCalls {
		seen, err := server.OpenSeenCalls(path, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = seen.Close() })
		return seen
	}
	s := openWith(t, func(c *server.Config) { c.Seen = begin() })
	const answer, about = "<Response><Pause/></Response>", "/twilio/answer?call=call_1"
	s.desk.mu.Lock()
	s.desk.answers = carrier.Document{Text: answer}
	s.desk.mu.Unlock()
	if first := s.attempt(s.web.URL, about, incoming(), "token-1"); first.body != answer {
		t.Fatalf("got %s", first.body)
	}
	s.db.Close()
	s.config.Seen = begin()
	again := s.make()
	for _, token := range []string{"token-1", "token-2", ""} {
		if got := s.attempt(again.URL, about, incoming(), token); !hungUp(t, got) {
			t.Errorf("attempt %q gets %s", token, got.body)
		}
	}
	if got := s.attempt(again.URL, about, incoming("CallSid", "CA00000000000000000000000000000001"), "token-4"); got.body != answer {
		t.Errorf("another call gets %s", got.body)
	}
}

// What is kept of calls lasts a day, survives a file that was cut, and has a bound.
func TestSeenCalls(t *testing.T) {
	t.Parallel()
	path, now := filepath.Join(t.TempDir(), "calls.seen"), time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	seen, err := server.OpenSeenCalls(path, now)
	if err != nil {
		t.Fatal(err)
	}
	call := func(n int) (c [32]byte) {
		binary.BigEndian.PutUint64(c[:], uint64(n))
		return c
	}
	for n := range 100_100 { // the file is written anew on the way
		if err := seen.Add(call(n), now.Add(time.Duration(n)*time.Second/2)); err != nil {
			t.Fatal(err)
		}
	}
	holds := func(when string, first, last int) {
		t.Helper()
		if seen.Has(call(first-1)) || !seen.Has(call(first)) || !seen.Has(call(last)) {
			t.Errorf("%s: want calls %d to %d", when, first, last)
		}
	}
	holds("at its bound", 50_100, 100_099)
	b, err := os.ReadFile(path)
	if err != nil || len(b) > 100_000*40 {
		t.Fatalf("the file has %d bytes, %v", len(b), err)
	}
	if err := errors.Join(seen.Close(), os.WriteFile(path, b[:len(b)-7], 0o600)); err != nil {
		t.Fatal(err)
	}
	if seen, err = server.OpenSeenCalls(path, now.Add(100_099*time.Second/2)); err != nil {
		t.Fatal(err)
	}
	holds("cut in its last line", 50_099, 100_098)
	if err := seen.Close(); err != nil {
		t.Fatal(err)
	}
	if seen, err = server.OpenSeenCalls(path, now.Add(24*time.Hour+30_000*time.Second)); err != nil {
		t.Fatal(err)
	}
	defer seen.Close()
	holds("a day later", 60_002, 100_098)
}

// An answered call of ours is asked about once, too. Of an attempt that got no answer the
// next one does.
func TestOneAnswerOfASID(t *testing.T) {
	t.Parallel()
	s := open(t)
	const path = "/twilio/answer?call=call_1"
	if got := s.attempt(s.web.URL, path, incoming(), "token-1"); got.status != 500 {
		t.Fatalf("got %d, want 500: the desk has nothing to say", got.status)
	}
	s.desk.mu.Lock()
	s.desk.answers = carrier.Document{Text: "<Response><Pause/></Response>"}
	s.desk.mu.Unlock()
	other := s.make()
	for _, at := range []string{s.web.URL, s.web.URL, other.URL} {
		if got := s.attempt(at, path, incoming(), "token-1"); got.body != "<Response><Pause/></Response>" {
			t.Errorf("got %d %s", got.status, got.body)
		}
	}
	for _, at := range []string{s.web.URL, other.URL} {
		if got := s.attempt(at, path, incoming(), ""); !hungUp(t, got) {
			t.Errorf("another attempt gets %s", got.body)
		}
		if got := s.attempt(at, "/twilio/answer?call=call_2", incoming(), "token-1"); !hungUp(t, got) {
			t.Errorf("the same attempt at another call of ours gets %s", got.body)
		}
	}
	s.desk.mu.Lock()
	defer s.desk.mu.Unlock()
	if len(s.desk.heard) != 2 {
		t.Errorf("the desk heard %v, want the attempt without an answer and one more", s.desk.heard)
	}
}

// Attempts that come at once, at two instances, are one call with one answer.
func TestAttemptsAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	other := s.make()
	var mu sync.Mutex
	got := map[string]int{}
	var asked sync.WaitGroup
	for i := range 12 {
		asked.Go(func() {
			a := s.attempt([]string{s.web.URL, other.URL}[i%2], "/twilio/voice", incoming(), "token-1")
			mu.Lock()
			defer mu.Unlock()
			got[a.body]++
		})
	}
	asked.Wait()
	if len(got) != 1 || s.board.Live() != 1 {
		t.Errorf("%d answers, %d calls: %v", len(got), s.board.Live(), got)
	}
}

// A call that the log knows is over for good: what was answered is kept for a day, the
// signature of its webhook for ever.
func TestACallOfYesterday(t *testing.T) {
	t.Parallel()
	s := open(t)
	first := s.attempt(s.web.URL, "/twilio/voice", incoming(), "token-1")
	s.hook("/twilio/status", incoming("CallStatus", "completed"))
	if err := s.config.Flush(s.ctx); err != nil {
		t.Fatal(err)
	}
	s.exec(`update idempotency_keys set created_at = now() - interval '25 hours'`)
	later := s.make()
	if got := s.attempt(later.URL, "/twilio/voice", incoming(), "token-1"); got.body == first.body || !hungUp(t, got) {
		t.Errorf("the attempt of yesterday gets %s", got.body)
	}
	if s.board.Live() != 0 {
		t.Errorf("%d calls, want none", s.board.Live())
	}
}

// What Twilio tells of a call after its outcome, late or again and in any order, is taken and
// changes nothing: not the log, not the ledger, not who is live.
func TestLateCallbacks(t *testing.T) {
	t.Parallel()
	s := open(t)
	verbs(t, s.hook("/twilio/voice", incoming()))
	s.hook("/twilio/status", incoming("CallStatus", "busy", "SequenceNumber", "2"))
	look := func() string {
		if err := s.config.Flush(s.ctx); err != nil {
			t.Fatal(err)
		}
		ids, _ := s.list("")
		return s.order("GET", "/v1/calls/"+strings.Join(ids, ","), "").body
	}
	before, rows := look(), s.rows()
	if !strings.Contains(before, `"outcome":"busy"`) {
		t.Fatalf("the call is %s", before)
	}
	for range 2 {
		for _, form := range []url.Values{
			incoming("CallStatus", "in-progress", "SequenceNumber", "1"), incoming("CallStatus", "completed", "CallDuration", "60"),
			incoming("CallStatus", "failed", "ErrorCode", "31920"), incoming("StreamEvent", "stream-stopped"), incoming("AnsweredBy", "machine_start"),
			incoming("RecordingStatus", "completed"),
		} {
			for _, path := range []string{"/twilio/status", "/twilio/stream", "/twilio/amd?call=x", "/twilio/recording", "/twilio/status?call=x"} {
				if got := s.hook(path, form); got.status != 204 {
					t.Errorf("%s %v: %d", path, form, got.status)
				}
			}
		}
	}
	if after := look(); after != before || s.rows() != rows || s.board.Live() != 0 {
		t.Errorf("the call is now %s, %d rows (before %d), %d live", after, s.rows(), rows, s.board.Live())
	}
}
