package server

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

// Behind a proxy that is named the address is the last one that it wrote; anybody else may
// claim what they like.
func TestAddress(t *testing.T) {
	t.Parallel()
	c := Config{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}
	for _, test := range []struct {
		peer      string
		forwarded []string
		want      string
	}{
		{"192.0.2.1:5000", nil, "192.0.2.1"},
		{"192.0.2.1:5000", []string{"198.51.100.7"}, "192.0.2.1"},
		{"10.0.0.5:5000", []string{"198.51.100.7"}, "198.51.100.7"},
		{"10.0.0.5:5000", []string{"1.1.1.1, 198.51.100.7"}, "198.51.100.7"},
		{"10.0.0.5:5000", []string{"1.1.1.1", "2.2.2.2,198.51.100.7"}, "198.51.100.7"},
		{"[::ffff:10.0.0.5]:5000", []string{"2001:db8::1"}, "2001:db8::1"},
		{"10.0.0.5:5000", nil, "10.0.0.5"},
		{"10.0.0.5:5000", []string{"198.51.100.7, nonsense"}, "10.0.0.5"},
		{"[2001:db8::2]:5000", nil, "2001:db8::2"},
		{"pipe", nil, "invalid IP"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr, r.Header["X-Forwarded-For"] = test.peer, test.forwarded
		if got := c.address(r).String(); got != test.want {
			t.Errorf("%s %v: %s, want %s", test.peer, test.forwarded, got, test.want)
		}
	}
}
