// Package loopback knows this machine by its address: what travels there is read by nobody.
package loopback

import "net/netip"

// Is tells whether a host, without a port, is this machine: "localhost", or an address such as
// 127.0.0.1 or ::1.
func Is(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
