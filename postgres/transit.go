package postgres

import (
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/patchcord/patchcord/internal/loopback"
)

// CheckTransit tells whether everything between us and the database at url is kept from
// those on the way: each of its hosts is a Unix socket or on loopback, or is spoken to
// over TLS that proves who it is. PGHOST, PGSSLMODE and their kin count as they do for
// Open. Its error names the host and never the password.
func CheckTransit(url string) error {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil { // its text may hold the password
		return errBadURL
	}
	c := cfg.ConnConfig
	hosts := []*pgconn.FallbackConfig{{Host: c.Host, TLSConfig: c.TLSConfig}}
	for _, h := range append(hosts, c.Fallbacks...) {
		if local(h.Host) {
			continue
		}
		if h.TLSConfig == nil {
			return fmt.Errorf("the connection to %s may be unencrypted: %w", h.Host, errWantTLS)
		}
		// sslmode=require takes any certificate. verify-ca takes one for any host, which says
		// something only where the authority is our own.
		if t := h.TLSConfig; t.InsecureSkipVerify && (t.VerifyPeerCertificate == nil || t.RootCAs == nil) {
			return fmt.Errorf("the connection to %s accepts any certificate: %w", h.Host, errWantTLS)
		}
	}
	return nil
}

var errWantTLS = errors.New("want sslmode=verify-full, or verify-ca with sslrootcert")

// local tells whether a host is this machine: a folder with a Unix socket, or loopback.
func local(host string) bool {
	return strings.HasPrefix(host, "/") || strings.HasPrefix(host, "@") || loopback.Is(host)
}
