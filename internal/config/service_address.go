package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
)

// ServiceAddress is where a command finds the service: at --url, or where its own settings
// say that it listens. The token goes there, so it has to be reached over TLS or on this
// machine, and a .env that merely lies in the current folder can't send a token elsewhere.
func (c *Config) ServiceAddress(given string) (string, error) {
	if given != "" {
		u, err := url.Parse(given)
		switch {
		case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
			return "", errors.New("--url: want an absolute URL, such as https://voice.example.com")
		case u.User != nil:
			return "", errors.New("--url: want a URL without a password")
		}
		if err := c.InTheClear(given); err != nil {
			return "", fmt.Errorf("--url: %w", err)
		}
		return given, nil
	}
	named := "BRIDGE_LISTEN"
	if c.OwnTLS() { // the certificate is for that name
		named = "PUBLIC_URL"
	}
	if c.weak[named] && !c.weak["BRIDGE_API_TOKEN"] {
		return "", fmt.Errorf("%s comes from this folder's .env and BRIDGE_API_TOKEN from elsewhere, so the token could be sent to an address "+
			"that is not its service's; use --url, or set %s in the environment", named, named)
	}
	if c.OwnTLS() {
		return strings.TrimRight(c.PublicURL, "/"), c.InTheClear(c.PublicURL)
	}
	host, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return "", errors.New("BRIDGE_LISTEN: want host:port or :port")
	}
	if host == "" || net.ParseIP(host).IsUnspecified() {
		host = "127.0.0.1"
	}
	base := "http://" + net.JoinHostPort(host, port)
	if err := c.InTheClear(base); err != nil && !ownAddress(host) {
		return "", fmt.Errorf("BRIDGE_LISTEN: %w", err)
	}
	return base, nil
}

// ownAddress tells whether this machine has the address, so that what is sent there stays in it.
func ownAddress(host string) bool {
	addresses, err := net.InterfaceAddrs()
	return err == nil && slices.ContainsFunc(addresses, func(a net.Addr) bool {
		n, ok := a.(*net.IPNet)
		return ok && n.IP.Equal(net.ParseIP(host))
	})
}
