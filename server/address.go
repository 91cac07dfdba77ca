package server

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// address is where a request comes from. Behind a proxy that the configuration names it is
// the last address of X-Forwarded-For, which the proxy itself has written; what stands
// before it anybody may claim.
func (c Config) address(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil { // of a connection without one, such as a test's pipe
		return netip.Addr{}
	}
	from := peer.Addr().Unmap()
	trusted := slices.ContainsFunc(c.Proxies, func(p netip.Prefix) bool { return p.Contains(from) })
	if values := r.Header.Values("X-Forwarded-For"); trusted && len(values) > 0 {
		list := strings.Split(values[len(values)-1], ",")
		if a, err := netip.ParseAddr(strings.TrimSpace(list[len(list)-1])); err == nil {
			return a.Unmap()
		}
	}
	return from
}
