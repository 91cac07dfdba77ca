package api_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
)

// asking is a client of a service of the test's own.
func asking(t *testing.T, answer http.HandlerFunc) *api.Client {
	t.Helper()
	s := httptest.NewServer(answer)
	t.Cleanup(func() {
		s.Close()
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	})
	return &api.Client{URL: s.URL + "/", Key: "secret"}
}

// What a request is on the wire.
func TestRequest(t *testing.T) {
	var got *http.Request
	var body string
	c := asking(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got, body = r, string(b)
		io.WriteString(w, `{}`)
	})
	c.Via = consent.ViaImport
	if _, err := c.PlaceCall(t.Context(), api.CallRequest{To: "+14155550142", Agent: "support"}, "once"); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"Authorization": "Bearer secret", "Patchcord-Via": "import", "Idempotency-Key": "once",
		"Content-Type": "application/json"}
	for name, v := range want {
		if got.Header.Get(name) != v {
			t.Errorf("%s is %q, want %q", name, got.Header.Get(name), v)
		}
	}
	if got.URL.Path != "/v1/calls" || body != `{"to":"+14155550142","agent":"support"}` {
		t.Errorf("%s %s", got.URL.Path, body)
	}
	at := time.Date(2026, 11, 22, 10, 0, 0, 0, time.FixedZone("", -8*3600))
	_, err := c.Audit(t.Context(), api.AuditFilter{Number: "+14155550142", Limit: 5, Since: at})
	if q := "limit=5&number=%2B14155550142&since=2026-11-22T18%3A00%3A00Z"; err != nil || got.URL.RawQuery != q {
		t.Errorf("the query is %s, %v, want %s", got.URL.RawQuery, err, q)
	}
	_, err = c.Calls(t.Context(), api.CallFilter{Live: new(false)})
	if err != nil || got.URL.RawQuery != "live=false" {
		t.Errorf("the query is %s, %v", got.URL.RawQuery, err)
	}
	_, err = c.Call(t.Context(), "a/../b?c")
	if err != nil || got.URL.EscapedPath() != "/v1/calls/a%2F..%2Fb%3Fc" || body != "" {
		t.Errorf("the path is %s, %v", got.URL.EscapedPath(), err)
	}
}

// What an answer that is no good comes to.
func TestProblems(t *testing.T) {
	for name, tt := range map[string]struct {
		status int
		body   string
		want   string
	}{
		"a document": {403, `{"title":"forbidden","status":1,"detail":"no"}`,
			"the service answered 403: forbidden: no"},
		"wrong fields": {400, `{"title":"bad request","errors":[{"field":"to","detail":"want a number"}]}`,
			"\n  to: want a number"},
		"none":       {502, `<html>`, "the service answered 502: "},
		"a redirect": {307, ``, "another address"},
		"not JSON":   {200, `<html>`, "ask the service: invalid character"},
		"cut":        {200, `{"id":`, "unexpected end"},
	} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			c := asking(t, func(w http.ResponseWriter, r *http.Request) {
				asked++
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(tt.status)
				io.WriteString(w, tt.body)
			})
			_, err := c.Call(t.Context(), "call_1")
			if err == nil || !strings.Contains(err.Error(), tt.want) || asked != 1 ||
				strings.Contains(err.Error(), "call_1") {
				t.Errorf("asked %d times, the error is %v, want %q", asked, err, tt.want)
			}
			var p *api.Problem
			if errors.As(err, &p) != (tt.status != 200) || p != nil && p.Status != tt.status {
				t.Errorf("the problem is %+v", p)
			}
		})
	}
}

// A refusal brings its decision.
func TestRefusal(t *testing.T) {
	c := asking(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, `{"title":"refused","decision":{"outcome":"deny","results":[]}}`)
	})
	var p *api.Problem
	_, err := c.PlaceCall(t.Context(), api.CallRequest{}, "")
	if !errors.As(err, &p) || p.Decision == nil || p.Decision.Outcome != consent.Deny {
		t.Errorf("the error is %v", err)
	}
}

// Nobody answers, or not in time. The error doesn't repeat whom it was about.
func TestUnreachable(t *testing.T) {
	c := asking(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	c.Timeout = 20 * time.Millisecond
	for _, url := range []string{c.URL, "http://127.0.0.1:1"} {
		c.URL = url
		var away *api.UnreachableError
		_, err := c.Consent(t.Context(), "+14155550142")
		if !errors.As(err, &away) || strings.Contains(err.Error(), "4155550142") ||
			!strings.Contains(err.Error(), "is it running?") {
			t.Errorf("%s: %v", url, err)
		}
		if url == "http://127.0.0.1:1" == errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// A stream goes on behind the last event that came, and ends with the call or the key.
func TestCallEvents(t *testing.T) {
	c := asking(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.Header.Get(api.LastEventHeader) {
		case "":
			io.WriteString(w, "id: 7\nevent: entry\ndata: {\"seq\":1,\"kind\":\"agent\"}\n\n")
		case "7":
			io.WriteString(w, "event: entry\ndata: {\"seq\":2,\"kind\":\"caller\"}\n\nevent: end\ndata: {}\n\n")
		default:
			io.WriteString(w, "event: unauthorized\ndata: {\"title\":\"unauthorized\",\"status\":401}\n\n")
		}
	})
	var seqs []int
	take := func(e calllog.Entry) { seqs = append(seqs, e.Seq) }
	last, err := c.CallEvents(t.Context(), "call_1", "", take)
	if last != "7" || err == nil || !strings.Contains(err.Error(), "broke off") {
		t.Errorf("the last is %q, %v", last, err)
	}
	last, err = c.CallEvents(t.Context(), "call_1", last, take)
	if last != "7" || err != nil || len(seqs) != 2 || seqs[1] != 2 {
		t.Errorf("the last is %q, %v, entries %v", last, err, seqs)
	}
	var p *api.Problem
	if _, err = c.CallEvents(t.Context(), "call_1", "8", take); !errors.As(err, &p) || p.Status != 401 {
		t.Errorf("of a key that has ended: %v", err)
	}
}

// Files are read as they come, and closed by whoever asked.
func TestFiles(t *testing.T) {
	c := asking(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(api.SealedHeader, "true")
		io.WriteString(w, "{}\n")
	})
	lines, sealed, err := c.Export(t.Context(), api.ExportFilter{Seller: "riverbend"})
	if err != nil || !sealed {
		t.Fatal(sealed, err)
	}
	b, err := io.ReadAll(lines)
	if err = errors.Join(err, lines.Close()); string(b) != "{}\n" || err != nil {
		t.Errorf("%q, %v", b, err)
	}
	wav, size, err := c.Recording(t.Context(), "call_1", 2)
	if err != nil || size != 3 || wav.Close() != nil {
		t.Errorf("%d bytes, %v", size, err)
	}
	if size, err := c.RecordingSize(t.Context(), "call_1"); size != 3 || err != nil {
		t.Errorf("%d bytes, %v", size, err)
	}
	if err := c.Ready(t.Context()); err != nil {
		t.Errorf("ready: %v", err)
	}
}
