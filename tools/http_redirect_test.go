package tools

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

// to redirects with a status.
func to(status int, target string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, target, status) }
}

func TestRedirectToAPrivateAddress(t *testing.T) {
	inside, reached := back(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, secret) })
	outside, _ := back(t, to(302, inside))
	failed(t, callHTTP(t, HTTPConfig{URL: outside, Idempotent: true}), "redirect refused: it leads to a private address")
	if reached.Load() != 0 {
		t.Error("the private address was reached")
	}
}

// A name proves nothing: what counts is the address that it resolves to when it is dialled.
func TestRedirectToAPrivateName(t *testing.T) {
	inside, reached := back(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, secret) })
	address, err := url.Parse(inside)
	if err != nil {
		t.Fatal(err)
	}
	outside, _ := back(t, to(302, "http://localhost:"+address.Port()))
	failed(t, callHTTP(t, HTTPConfig{URL: outside}), "redirect refused")
	if reached.Load() != 0 {
		t.Error("the private address was reached")
	}
}

// The connection that the first request left open must not serve a redirect back to the same host.
func TestRedirectIsNotSentOverAKeptConnection(t *testing.T) {
	mux := http.NewServeMux()
	mux.Handle("/first", to(302, "/second"))
	mux.HandleFunc("/second", func(http.ResponseWriter, *http.Request) { t.Error("the private address was reached") })
	home, _ := back(t, mux.ServeHTTP)
	failed(t, callHTTP(t, HTTPConfig{URL: home + "/first"}), "redirect refused")
}

func TestRedirectAllowed(t *testing.T) {
	for status, want := range map[int]string{302: "GET ", 307: `POST {"order_id":"A-17"}`} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			inside, _ := back(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				fmt.Fprintf(w, "%s %s", r.Method, body)
				for name := range r.Header {
					switch name {
					case "User-Agent", "Content-Type", "Content-Length", "Accept-Encoding":
					default:
						t.Errorf("another host is sent %s: %q", name, r.Header[name])
					}
				}
			})
			outside, _ := back(t, to(status, inside))
			answer := callHTTP(t, HTTPConfig{
				URL: outside + "/?key=" + secret, AllowPrivateRedirects: true, SigningKey: make([]byte, 32),
				Headers: map[string]string{"X-Api-Key": secret, "Authorization": "Bearer " + secret},
			})
			if !answer.OK || answer.Content != want {
				t.Errorf("answer is %+v, want %q", answer, want)
			}
		})
	}
}

func TestRedirectWithinTheHostKeepsHeaders(t *testing.T) {
	mux := http.NewServeMux()
	mux.Handle("/first", to(308, "/second"))
	mux.HandleFunc("/second", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Header.Get("X-Api-Key"), " ", r.Header.Get("Idempotency-Key"), r.Header.Get("Referer"))
	})
	home, _ := back(t, mux.ServeHTTP)
	answer := callHTTP(t, HTTPConfig{URL: home + "/first", AllowPrivateRedirects: true, Headers: map[string]string{"X-Api-Key": "k"}})
	if answer.Content != "k CA1-call_1" {
		t.Errorf("answer is %+v", answer)
	}
}

func TestRedirectsInARow(t *testing.T) {
	home, count := back(t, to(302, "/"))
	failed(t, callHTTP(t, HTTPConfig{URL: home, AllowPrivateRedirects: true, Idempotent: true}), "more than 5 in a row")
	if count.Load() != maxRedirects+1 {
		t.Errorf("%d requests, want %d", count.Load(), maxRedirects+1)
	}
}

func TestRedirectOutOfTLS(t *testing.T) {
	inside, reached := back(t, func(http.ResponseWriter, *http.Request) {})
	outside := httptest.NewUnstartedServer(to(302, inside))
	outside.Config.ErrorLog = log.New(io.Discard, "", 0) // it would report the handshake that is meant to end
	outside.StartTLS()
	defer outside.Close()
	tool, err := HTTP("order_status", HTTPConfig{URL: outside.URL, AllowPrivateRedirects: true}, Failure("Offer a callback."))
	if err != nil {
		t.Fatal(err)
	}
	r := registry(t, Config{}, tool)

	// Its certificate is nobody's, so this is also what the log gets of a certificate that does not verify.
	failed(t, r.Call(t.Context(), Call{Name: "order_status"}), "certificate")

	request := httptest.NewRequest("GET", inside, nil)
	via := []*http.Request{httptest.NewRequest("GET", outside.URL, nil)}
	if err := checkRedirect(request, via); err == nil || !strings.Contains(err.Error(), "from https to another scheme") {
		t.Errorf("error is %v", err)
	}
	if reached.Load() != 0 {
		t.Error("the redirect was followed")
	}
}

func TestPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"93.184.216.34": true, "2606:2800:220:1::1": true, "::ffff:93.184.216.34": true, "172.32.0.1": true,
		"127.0.0.1": false, "::1": false, "::ffff:127.0.0.1": false, "0.0.0.0": false, "0.1.2.3": false, "::": false,
		"10.1.2.3": false, "172.16.0.1": false, "172.31.255.255": false, "192.168.1.1": false, "fd00::1": false,
		"169.254.169.254": false, "fe80::1": false, "fe80::1%eth0": false, "100.64.0.1": false, "100.127.255.255": false,
		"192.0.0.8": false, "198.18.0.1": false, "224.0.0.1": false, "ff02::1": false, "255.255.255.255": false, "240.0.0.1": false,
		"64:ff9b::7f00:1": false, "2002:7f00:1::1": false, "2001::1": false, "::127.0.0.1": false, "64:ff9b::7f00:1%eth0": false,
		"fec0::1": false, "feff::1": false, "::ffff:0:7f00:1": false,
	} {
		if got := public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s is public: %v, want %v", address, got, want)
		}
	}
	if publicOnly("tcp4", "93.184.216.34:443", nil) != nil || publicOnly("unix", "/run/x", nil) == nil {
		t.Error("publicOnly lets the wrong one through")
	}
}
