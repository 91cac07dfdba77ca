package bridge

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"time"

	"github.com/patchcord/patchcord/keys"
)

// errNoKeys is a service that nobody could ask for anything, not even for a key.
var errNoKeys = errors.New("BRIDGE_API_TOKEN: it is required by serve while there are no API keys: openssl rand -hex 32 makes one")

// needKey wants a key with which somebody can ask the service: the bootstrap key, or a
// live one that the database keeps.
func needKey(ctx context.Context, bootstrap string, store keys.Store) error {
	if bootstrap != "" {
		return nil
	}
	list, err := store.ListKeys(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(list, func(k keys.Key) bool { return k.Live(time.Now()) }) {
		return &configError{[]error{errNoKeys}}
	}
	return nil
}

// proxies is the networks of BRIDGE_TRUST_PROXY.
func (c *config) proxies() (list []netip.Prefix, err error) {
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

// checkKeys tells whether anybody could ask the service.
func checkKeys(ctx context.Context, c *config, db *database) []finding {
	err := needKey(ctx, c.APIToken, db.Keys())
	var none *configError
	switch {
	case errors.As(err, &none):
		return []finding{{"BRIDGE_API_TOKEN", wrong, errNoKeys.Error()}}
	case err != nil: // the schema is not there yet
		return nil
	}
	return []finding{{"API keys", well, "the service can be asked"}}
}
