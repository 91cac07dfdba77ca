package config

import (
	"errors"
	"net/netip"
)

// Proxies is the networks of BRIDGE_TRUST_PROXY.
func (c *Config) Proxies() (list []netip.Prefix, err error) {
	for _, text := range commaList(c.TrustProxy) {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			var a netip.Addr
			if a, err = netip.ParseAddr(text); err == nil {
				p = netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen())
			}
		}
		if err != nil {
			return nil, errors.New("want addresses or networks such as 10.0.0.5 or 10.0.0.0/8, comma-separated")
		}
		list = append(list, p.Masked())
	}
	return list, nil
}
