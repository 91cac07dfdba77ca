package tools

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

const (
	maxRedirects    = 5
	connectTimeout  = 5 * time.Second // of the name, the connection, and TLS each
	idleTimeout     = 90 * time.Second
	maxHeaderBytes  = 64 << 10 // of an answer
	idleConnections = 8
)

// errRedirect is a redirect that is not followed; another try would end the same way.
var errRedirect = errors.New("redirect refused")

// newClient makes the client of one tool. The configured address may be anywhere: the operator wrote it. Where an answer
// sends us is the answer's choice, so requests after a redirect go through a transport of their own, which connects to
// public addresses only. The check sits in the dialer, after the name has been resolved, so no name can hide an
// address; and the two transports share no connections.
func newClient(allowPrivateRedirects bool) *http.Client {
	first := newTransport(nil)
	first.Proxy = http.ProxyFromEnvironment
	rest := first
	if !allowPrivateRedirects {
		rest = newTransport(publicOnly) // without a proxy, whose address would be checked in place of the target's
	}
	return &http.Client{Transport: hops{first, rest}, CheckRedirect: checkRedirect}
}

func newTransport(control func(network, address string, c syscall.RawConn) error) *http.Transport {
	dialer := net.Dialer{Timeout: connectTimeout, Control: control}
	return &http.Transport{
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    connectTimeout,
		IdleConnTimeout:        idleTimeout,
		MaxIdleConns:           idleConnections,
		MaxIdleConnsPerHost:    idleConnections,
		MaxResponseHeaderBytes: maxHeaderBytes,
	}
}

// hops sends a request on by whether a redirect caused it.
type hops struct{ first, rest *http.Transport }

// RoundTrip implements http.RoundTripper.
func (h hops) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Response != nil { // the redirect; net/http sets it on no other request
		return h.rest.RoundTrip(r)
	}
	return h.first.RoundTrip(r)
}

// CloseIdleConnections is found by http.Client under this name.
func (h hops) CloseIdleConnections() {
	h.first.CloseIdleConnections()
	h.rest.CloseIdleConnections()
}

// checkRedirect runs before each redirect is followed. net/http drops Authorization and Cookie for another host, but not
// an X-Api-Key, and it adds the last URL as Referer, query and all. Here all that is ours stays with the configured host.
func checkRedirect(r *http.Request, via []*http.Request) error {
	origin := via[0].URL
	if len(via) > maxRedirects {
		return fmt.Errorf("%w: more than %d in a row", errRedirect, maxRedirects)
	}
	if origin.Scheme == "https" && r.URL.Scheme != "https" {
		return fmt.Errorf("%w: from https to another scheme", errRedirect)
	}
	r.Header.Del("Referer")
	if r.URL.Scheme != origin.Scheme || r.URL.Host != origin.Host {
		kept := http.Header{}
		for _, name := range []string{"User-Agent", "Content-Type"} {
			if value := r.Header.Get(name); value != "" {
				kept.Set(name, value)
			}
		}
		r.Header = kept
	}
	return nil
}

// publicOnly is called by a dialer with the address it is about to connect to.
func publicOnly(_, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil || !public(target.Addr()) {
		return fmt.Errorf("%w: it leads to a private address", errRedirect)
	}
	return nil
}

// special are the blocks that netip counts as global but that lead inside: shared and benchmark networks, reserved
// ones, and IPv6 that carries an IPv4 address (IANA IPv4 and IPv6 Special-Purpose Address Registries; RFC 2765 for the
// translated addresses, RFC 3879 for those of a site, which old networks still have).
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("2001::/32"),
	netip.MustParsePrefix("2002::/16"),
	netip.MustParsePrefix("::/96"),
	netip.MustParsePrefix("::ffff:0:0:0/96"),
	netip.MustParsePrefix("fec0::/10"),
}

// public reports whether an address is one of the open internet.
func public(address netip.Addr) bool {
	address = address.Unmap().WithZone("")
	if !address.IsGlobalUnicast() || address.IsPrivate() {
		return false
	}
	for _, block := range special {
		if block.Contains(address) {
			return false
		}
	}
	return true
}
