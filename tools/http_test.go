package tools

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const orderSchema = `{"type":"object","properties":{"order_id":{"type":"string"}},"required":["order_id"]}`

// secret stands in headers, arguments, the URL and answers; no error text may repeat it.
const secret = "walnut-marmalade"

// back serves one handler and counts its requests.
func back(t testing.TB, handle http.HandlerFunc) (url string, count *atomic.Int32) {
	t.Helper()
	count = new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		count.Add(1)
		handle(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL, count
}

// callHTTP makes the tool and calls it with order_id A-17.
func callHTTP(t testing.TB, c HTTPConfig) Answer {
	t.Helper()
	tool, err := HTTP("order_status", c, Failure("Offer a callback."))
	if err != nil {
		t.Fatal(err)
	}
	return registry(t, Config{}, tool).Call(t.Context(), Call{
		ID: "call_1", Name: "order_status", Key: "CA1-call_1", Arguments: json.RawMessage(`{"order_id":"A-17"}`),
	})
}

// failed checks an error answer: what the log gets, and that neither text quotes the secret.
func failed(t testing.TB, a Answer, want string) {
	t.Helper()
	if a.OK || !strings.HasPrefix(a.Err, "tools: order_status: http: ") || !strings.Contains(a.Err, want) || a.Say != "Offer a callback." {
		t.Errorf("answer is %+v, want %q in the log", a, want)
	}
	if strings.Contains(a.Err+a.Say, secret) {
		t.Errorf("answer %+v quotes a secret", a)
	}
}

func TestHTTPSendsTheArguments(t *testing.T) {
	for _, method := range []string{"", "POST", "PUT", "PATCH", "DELETE"} {
		t.Run("method"+method, func(t *testing.T) {
			url, _ := back(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				fmt.Fprintf(w, "%s %s %s", r.Method, r.URL, body)
				for name, want := range map[string]string{
					"Content-Type": "application/json", "Authorization": "Bearer " + secret, "Idempotency-Key": "CA1-call_1",
					"User-Agent": "patchcord (+https://github.com/patchcord/patchcord)",
				} {
					if got := r.Header.Get(name); got != want {
						t.Errorf("%s is %q, want %q", name, got, want)
					}
				}
			})
			answer := callHTTP(t, HTTPConfig{
				Parameters: json.RawMessage(orderSchema), URL: url + "/orders?tenant=1", Method: method,
				Headers: map[string]string{"Authorization": "Bearer " + secret},
			})
			if method == "" {
				method = "POST"
			}
			if want := method + ` /orders?tenant=1 {"order_id":"A-17"}`; !answer.OK || answer.Content != want {
				t.Errorf("answer is %+v, want %q", answer, want)
			}
		})
	}
}

func TestHTTPGetSendsAQuery(t *testing.T) {
	url, count := back(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s|%s|%s", r.URL.Query().Encode(), body, r.Header.Get("Content-Type"))
	})
	tool, err := HTTP("search", HTTPConfig{URL: url + "/?tenant=1", Method: "GET"})
	if err != nil {
		t.Fatal(err)
	}
	r := registry(t, Config{}, tool)
	answer := r.Call(t.Context(), Call{Name: "search", Arguments: json.RawMessage(`{"q":"a \"b\" & c","n":2.50,"ok":true,"tags":["x"],"none":null}`)})
	if want := `n=2.50&none=null&ok=true&q=a+%22b%22+%26+c&tags=%5B%22x%22%5D&tenant=1||`; answer.Content != want {
		t.Errorf("the server saw %q (%+v), want %q", answer.Content, answer, want)
	}

	answer = r.Call(t.Context(), Call{Name: "search", Arguments: json.RawMessage(`{"tenant":"2"}`)})
	if answer.OK || answer.Err != `tools: search: http: arguments: "tenant" is set by the URL itself` || count.Load() != 1 {
		t.Errorf("an argument in place of the URL's own is answered %+v, after %d requests", answer, count.Load())
	}
}

func TestHTTPAnswers(t *testing.T) {
	long := strings.Repeat("x", 101)
	tests := map[string]struct {
		handle http.HandlerFunc
		want   string // of the error; empty for OK
	}{
		"empty":     {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, ""},
		"full":      {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, long[:100]) }, ""},
		"too-long":  {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, long) }, "the answer is longer than 100 bytes"},
		"bomb":      {bomb, "the answer is longer than 100 bytes"},
		"not-found": {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, secret, 404) }, "status 404 Not Found"},
		"broken":    {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, secret, 500) }, "status 500 Internal Server Error"},
		"odd":       {raw("HTTP/1.1 599 " + secret + "\r\nContent-Length: 0\r\n\r\n"), "status 599"},
		"cut-off":   {raw("HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n" + secret), "closed before the end"},
		"cut":       {raw(""), "closed before the end"},
		"not-http":  {raw(secret + "\r\n\r\n"), "no usable answer"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			url, count := back(t, test.handle)
			answer := callHTTP(t, HTTPConfig{URL: url + "/?key=" + secret, MaxResponse: 100, Headers: map[string]string{"X-Api-Key": secret}})
			if test.want == "" && !answer.OK {
				t.Errorf("answer is %+v", answer)
			}
			if test.want != "" {
				failed(t, answer, test.want)
			}
			if count.Load() != 1 {
				t.Errorf("%d requests for one call, want 1", count.Load())
			}
		})
	}
}

// bomb answers with little that unpacks to much.
func bomb(w http.ResponseWriter, _ *http.Request) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write(make([]byte, 1<<20))
	z.Close()
	w.Header().Set("Content-Encoding", "gzip")
	w.Write(packed.Bytes())
}

// raw answers with these bytes and hangs up.
func raw(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		defer conn.Close()
		io.WriteString(conn, answer)
	}
}

func TestHTTPDeadline(t *testing.T) {
	cancelled := make(chan struct{})
	url, _ := back(t, func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done() // the tool hangs up at its deadline
		close(cancelled)
	})
	answer := callHTTP(t, HTTPConfig{URL: url, Timeout: 50 * time.Millisecond})
	if answer.OK || answer.Err != "tools: order_status: no answer within 50ms" {
		t.Errorf("answer is %+v", answer)
	}
	<-cancelled
}

func TestHTTPNobodyThere(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	failed(t, callHTTP(t, HTTPConfig{URL: server.URL + "/" + secret, Idempotent: true}), "connection refused")
}

func TestHTTPRetriesOnlyWhatIsMarked(t *testing.T) {
	tests := map[string]struct {
		handle     http.HandlerFunc
		idempotent bool
		requests   int32
	}{
		"500-marked":   {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, true, 2},
		"500-unmarked": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) }, false, 1},
		"400-marked":   {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) }, true, 1},
		"cut-marked":   {raw(""), true, 2},
		"cut-unmarked": {raw(""), false, 1},
		"too-long":     {func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "123456") }, true, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			url, count := back(t, test.handle)
			if answer := callHTTP(t, HTTPConfig{URL: url, Idempotent: test.idempotent, MaxResponse: 5}); answer.OK {
				t.Errorf("answer is %+v", answer)
			}
			if count.Load() != test.requests {
				t.Errorf("%d requests, want %d", count.Load(), test.requests)
			}
		})
	}
}

func TestHTTPRetryHelps(t *testing.T) {
	var keys []string
	url, count := back(t, func(w http.ResponseWriter, r *http.Request) {
		keys = append(keys, r.Header.Get("Idempotency-Key"))
		if len(keys) == 1 {
			w.WriteHeader(502)
			return
		}
		io.Copy(w, r.Body)
	})
	answer := callHTTP(t, HTTPConfig{URL: url, Idempotent: true})
	if !answer.OK || answer.Content != `{"order_id":"A-17"}` || count.Load() != 2 || keys[0] != keys[1] {
		t.Errorf("answer is %+v after %d requests with the keys %q", answer, count.Load(), keys)
	}
}

// A kept connection that breaks after the request is when net/http would send a POST with an idempotency key again by itself.
func TestHTTPIsNotRepeatedBehindOurBack(t *testing.T) {
	var bodies atomic.Int32
	url, _ := back(t, func(w http.ResponseWriter, r *http.Request) {
		if bodies.Add(1) == 1 {
			io.Copy(w, r.Body)
			return
		}
		raw("")(w, r)
	})
	tool, err := HTTP("refund", HTTPConfig{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	r := registry(t, Config{}, tool)
	if answer := r.Call(t.Context(), Call{Name: "refund"}); !answer.OK {
		t.Fatalf("answer is %+v", answer)
	}
	if answer := r.Call(t.Context(), Call{Name: "refund"}); answer.OK {
		t.Errorf("answer is %+v", answer)
	}
	if bodies.Load() != 2 {
		t.Errorf("the refund was sent %d times in two calls", bodies.Load())
	}
}

func TestCloseClosesKeptConnections(t *testing.T) {
	closed := make(chan struct{}, 1)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			closed <- struct{}{}
		}
	}
	server.Start()
	defer server.Close()

	tool, err := HTTP("order_status", HTTPConfig{URL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	r := registry(t, Config{}, tool)
	if answer := r.Call(t.Context(), Call{Name: "order_status"}); !answer.OK {
		t.Fatalf("answer is %+v", answer)
	}
	select {
	case <-closed:
		t.Error("the connection was not kept")
	default:
	}
	if err := r.Close(t.Context()); err != nil {
		t.Error(err)
	}
	<-closed
}
