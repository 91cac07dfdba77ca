package tools

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/rs/zerolog"
)

// served makes a handler a server that ends with the test, and all its requests with it.
func served(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s.URL
}

// usefulHTTP is the useful server behind a handler of the SDK.
func usefulHTTP() http.Handler {
	server := useful()
	return mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, nil)
}

func TestMCPOverHTTPSendsHeadersAndSaysGoodbye(t *testing.T) {
	useful := usefulHTTP()
	var mu sync.Mutex
	seen := map[string]int{}
	url := served(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		seen[r.Method]++
		mu.Unlock()
		if got := r.Header.Get("Authorization"); got != "Bearer "+secret {
			t.Errorf("%s with Authorization %q", r.Method, got)
		}
		useful.ServeHTTP(w, r)
	})
	r := joined(t, zerolog.Nop(), MCPConfig{Name: "useful", URL: url, Headers: map[string]string{"Authorization": "Bearer " + secret}})
	if answer := calls(t, r, "useful.key", ""); answer.Content != "CA1-call_1" {
		t.Errorf("answer is %+v", answer)
	}
	if answer := calls(t, r, "useful.grow", ""); !answer.OK {
		t.Errorf("answer is %+v", answer)
	}
	eventually(t, "the list is renewed", func() bool { _, ok := r.Lookup("useful.grown"); return ok })
	if err := r.Close(t.Context()); err != nil {
		t.Error(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if seen["POST"] < 4 || seen["GET"] != 1 || seen["DELETE"] != 1 {
		t.Errorf("requests are %v", seen)
	}
}

// The headers, and what callers said, stay with the host that the operator wrote.
func TestMCPRedirects(t *testing.T) {
	useful := usefulHTTP()
	var reached atomic.Int32
	other := served(t, func(w http.ResponseWriter, r *http.Request) { reached.Add(1) })
	for name, test := range map[string]struct {
		to string
		up bool
	}{"to another host": {other, false}, "within the host": {"/moved", true}} {
		t.Run(name, func(t *testing.T) {
			log := &journal{}
			mux := http.NewServeMux()
			mux.Handle("/moved", useful)
			mux.Handle("/", to(http.StatusTemporaryRedirect, test.to))
			r := joined(t, zerolog.New(log), MCPConfig{Name: "useful", URL: served(t, mux.ServeHTTP), Headers: map[string]string{"X-Api-Key": secret}})
			if answer := calls(t, r, "useful.key", ""); answer.OK != test.up {
				t.Errorf("answer is %+v", answer)
			}
			if !test.up {
				eventually(t, "the log tells why", func() bool { return strings.Contains(log.String(), "redirect refused: it leads to another host") })
			}
		})
	}
	if reached.Load() != 0 {
		t.Error("the other host was reached")
	}
}

// handshake answers what comes before a call by hand, in the old protocol, and reports whether there was something to answer.
func handshake(w http.ResponseWriter, r *http.Request, body []byte) bool {
	text := string(body)
	id := "1"
	if _, rest, ok := strings.Cut(text, `"id":`); ok {
		id, _, _ = strings.Cut(rest, ",")
	}
	w.Header().Set("Content-Type", "application/json")
	switch {
	case r.Method != http.MethodPost:
		w.WriteHeader(http.StatusMethodNotAllowed)
	case strings.Contains(text, `"server/discover"`):
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"what?"}}`, id)
	case strings.Contains(text, `"initialize"`):
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"x","version":"1"}}}`, id)
	case strings.Contains(text, `"tools/list"`):
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":%s}`, id, oneTool)
	case strings.Contains(text, `"ping"`):
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":{}}`, id)
	case strings.Contains(text, `"notifications/`):
		w.WriteHeader(http.StatusAccepted)
	default:
		return false
	}
	return true
}

// What a server answers to a call that it should not.
func TestMCPOverHTTPBadAnswers(t *testing.T) {
	endless := func(w http.ResponseWriter, text string) {
		for piece := strings.Repeat(text, 64<<10/len(text)); ; {
			if _, err := io.WriteString(w, piece); err != nil {
				return
			}
		}
	}
	for name, test := range map[string]struct {
		answer func(w http.ResponseWriter)
		err    string
		say    string
	}{
		"HTML": {func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, "<h1>Dana's order</h1>")
		}, "mid-call", defaultFailure},
		"no JSON": {func(w http.ResponseWriter) { io.WriteString(w, "Dana's order") }, "mid-call", defaultFailure},
		"500":     {func(w http.ResponseWriter) { w.WriteHeader(500) }, "it returned status 500 Internal Server Error", defaultFailure},
		"403":     {func(w http.ResponseWriter) { http.Error(w, "Dana may not", http.StatusForbidden) }, "it returned status 403 Forbidden", defaultFailure},
		"an error": {func(w http.ResponseWriter) {
			io.WriteString(w, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32000,"message":"Dana's order is lost"}}`)
		}, "mcp: bad returned error -32000", defaultFailure},
		"wrong parameters": {func(w http.ResponseWriter) {
			io.WriteString(w, `{"jsonrpc":"2.0","id":ID,"error":{"code":-32602,"message":"Dana is no date"}}`)
		}, "mcp: bad returned error -32602", "Dana is no date"},
		"never":           {func(http.ResponseWriter) { time.Sleep(7 * time.Second) }, "no answer within 5s", defaultFailure},
		"endless JSON":    {func(w http.ResponseWriter) { endless(w, "[") }, "mid-call", defaultFailure},
		"endless failure": {func(w http.ResponseWriter) { w.WriteHeader(400); endless(w, "x") }, "mid-call", defaultFailure},
		"endless event": {func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/event-stream")
			endless(w, "data: xxxxxxxx")
		}, "mid-call", defaultFailure},
		"endless events": {func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/event-stream")
			endless(w, "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{}}\n\n")
		}, "it exceeds its limit: 1 MiB or 500 lines a second, 8 MiB or 2000 lines at once", defaultFailure},
		"half a stream": {func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/event-stream")
			io.WriteString(w, ": nothing\n\n")
		}, "mid-call", defaultFailure},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := &journal{}
			url := served(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				if !handshake(w, r, body) {
					_, rest, _ := strings.Cut(string(body), `"id":`)
					id, _, _ := strings.Cut(rest, ",")
					test.answer(&withID{w, id})
				}
			})
			r := joined(t, zerolog.New(log), MCPConfig{Name: "bad", URL: url, Timeout: 5 * time.Second})
			answer := calls(t, r, "bad.look", "")
			if answer.OK || answer.Took > 5500*time.Millisecond || !strings.Contains(answer.Err, test.err) || answer.Say != test.say {
				t.Errorf("answer is %+v", answer)
			}
			if strings.Contains(answer.Err+log.String(), "Dana") {
				t.Errorf("the log quotes the server: %s, %s", answer.Err, log)
			}
			eventually(t, "the server is up", func() bool { _, up := isUp(r, "bad"); return up })
		})
	}
}

// withID writes the request's id where an answer has ID.
type withID struct {
	http.ResponseWriter
	id string
}

func (w *withID) Write(b []byte) (int, error) {
	return w.ResponseWriter.Write([]byte(strings.Replace(string(b), `"id":ID`, `"id":`+w.id, 1)))
}

// A stream of notifications that does not begin is done without.
func TestMCPOverHTTPWithoutNotifications(t *testing.T) {
	t.Parallel()
	url := served(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			<-r.Context().Done()
			return
		}
		body, _ := io.ReadAll(r.Body)
		if !handshake(w, r, body) {
			_, rest, _ := strings.Cut(string(body), `"id":`)
			id, _, _ := strings.Cut(rest, ",")
			fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":{"content":[{"type":"image","data":"","mimeType":"image/png"}]}}`, id)
		}
	})
	r := joined(t, zerolog.Nop(), MCPConfig{Name: "plain", URL: url})
	if answer := calls(t, r, "plain.look", ""); answer.Content != "[image]" {
		t.Errorf("answer is %+v", answer)
	}
}

// Nobody waits for a server that takes connections and says nothing, least of all Close.
func TestMCPOverHTTPThatNeverAnswers(t *testing.T) {
	release := make(chan struct{})
	url := served(t, func(_ http.ResponseWriter, r *http.Request) { <-release })
	t.Cleanup(func() { close(release) })
	m, err := NewMCP(MCPConfig{Name: "never", URL: url})
	if err != nil {
		t.Fatal(err)
	}
	r := registry(t, Config{})
	if err := r.Join(m); err != nil {
		t.Fatal(err)
	}
	r.Start(zerolog.Nop())
	if answer := calls(t, r, "never.look", ""); answer.OK || answer.Took > 100*time.Millisecond || !strings.Contains(answer.Err, "not connected yet") {
		t.Errorf("answer is %+v", answer)
	}
	began := time.Now()
	if err := r.Close(t.Context()); err != nil || time.Since(began) > time.Second {
		t.Errorf("closed after %v: %v", time.Since(began), err)
	}
}
