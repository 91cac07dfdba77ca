// Package postgres is the SQL behind the interfaces of the other packages.
//
// Open connects to a database. What DB does is in one file for each concern:
// calls.go is calllog.Store, tokens.go the one-time tokens of the media
// sockets, next.go the documents that calls follow after their streams,
// commands.go what operators ask of live calls, idempotency.go the answers to
// requests that may come again, instances.go who is alive and what became of the
// calls of those who are not. DB.Ledger (ledger.go and the files beside it) is
// consent.Ledger, reminders.go remind.Store and river's driver, rate.go the line in
// which calls are created. The schema is in package migrations; Migrate (migrate.go)
// brings a database to it and keeps two roles apart: one owns the tables, the other
// serves (roles.go, grants.go). Package pgserver below runs a server of our own.
//
// No error of this package repeats a password, a telephone number or speech.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
)

// OldestVersion is the first major version of Postgres that works: the oldest that the tests run on.
const OldestVersion = 15

const (
	maxConns       = 16 // of one bridge, unless the URL has pool_max_conns
	connectTimeout = 5 * time.Second
	statementCache = 32 // statements a connection remembers: more than we have; pgx's 512 cost 90 KiB each
)

// session bounds what a forgotten or stuck statement can hold up. It is sent
// as a statement, because poolers refuse it among the connection's parameters.
const session = `set statement_timeout = '30s'; set idle_in_transaction_session_timeout = '60s'`

// keepAlive finds out within about half a minute that the other machine is
// gone; a listener that only waits would not notice otherwise.
var keepAlive = net.KeepAliveConfig{Enable: true, Idle: 15 * time.Second, Interval: 5 * time.Second, Count: 3}

// DB is a pool of connections to one database. All of its methods are safe for
// use by several goroutines.
type DB struct{ pool *pgxpool.Pool }

var errBadURL = errors.New("invalid database URL: want postgres://user:password@host:5432/name")

// Open connects to the database at url (postgres://user:password@host/name, or
// libpq's key=value form). Postgres must be version 15 or later. The caller
// closes the DB.
func Open(ctx context.Context, url string) (*DB, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil { // its text may hold the password
		return nil, fmt.Errorf("postgres: %w", errBadURL)
	}
	if !strings.Contains(url, "pool_max_conns") {
		cfg.MaxConns = maxConns
	}
	if !strings.Contains(url, "statement_cache_capacity") {
		cfg.ConnConfig.StatementCacheCapacity = statementCache
	}
	cfg.ConnConfig.DescriptionCacheCapacity = min(cfg.ConnConfig.DescriptionCacheCapacity, statementCache)
	if cfg.ConnConfig.ConnectTimeout == 0 {
		cfg.ConnConfig.ConnectTimeout = connectTimeout
	}
	cfg.ConnConfig.DialFunc = (&net.Dialer{
		Timeout:         cfg.ConnConfig.ConnectTimeout,
		KeepAliveConfig: keepAlive,
	}).DialContext
	if cfg.ConnConfig.RuntimeParams["application_name"] == "" {
		cfg.ConnConfig.RuntimeParams["application_name"] = "patchcord"
	}
	cfg.ConnConfig.Tracer = textArgs{}
	cfg.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		if err := checkVersion(conn.PgConn().ParameterStatus("server_version")); err != nil {
			return err
		}
		storeJSON(conn)
		_, err := conn.Exec(ctx, session)
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("postgres: open: %w", err)
	}
	db := &DB{pool}
	if err := db.Ping(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return db, nil
}

// Close waits until running statements have ended, and closes all connections.
func (db *DB) Close() { db.pool.Close() }

// Ping tells whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	if err := db.pool.Ping(ctx); err != nil {
		return fmt.Errorf("postgres: connect: %w", err)
	}
	return nil
}

// SQL opens the database beside the pool and without its time limits. The caller
// closes it.
func (db *DB) SQL() *sql.DB { return stdlib.OpenDB(*db.pool.Config().ConnConfig) }

// checkVersion reads what a server says of itself at the handshake, such as
// "15.14 (Debian 15.14-0+deb12u1)" or "19beta1".
func checkVersion(version string) error {
	digits := version
	for i, r := range version {
		if r < '0' || r > '9' {
			digits = version[:i]
			break
		}
	}
	major, err := strconv.Atoi(digits)
	if err != nil {
		return fmt.Errorf("postgres: can't read the server's version (%q)", version)
	}
	if major < OldestVersion {
		return fmt.Errorf("postgres: the server is version %d; want version %d or later", major, OldestVersion)
	}
	return nil
}
