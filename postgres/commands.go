package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgxlisten"
)

// commandChannel carries ids of rows of call_commands.
const commandChannel = "patchcord_commands"

// SendCommand asks whichever bridge holds the call to do something (a verb and
// its text, in the words of their sender and handler). A command that nobody
// claims within 30 s is forgotten.
func (db *DB) SendCommand(ctx context.Context, callID, verb, text string) error {
	_, err := db.pool.Exec(ctx, `
		with swept as (delete from call_commands where created_at < now() - interval '30 seconds'),
		sent as (insert into call_commands (call_id, verb, text) values ($1, $2, $3) returning id)
		select pg_notify('`+commandChannel+`', id::text) from sent`, callID, verb, text)
	if err != nil {
		return fmt.Errorf("postgres: send a command: %w", err)
	}
	return nil
}

// ListenCommands gives commands to handle, one at a time, until ctx ends, and
// then returns why it ended. Handle returns true if the call is here, which
// claims the command; it should only pass the command on, since others wait
// for it. After a lost connection, unclaimed commands are read again.
func (db *DB) ListenCommands(ctx context.Context, handle func(callID, verb, text string) bool) error {
	listener := &pgxlisten.Listener{
		Connect: func(ctx context.Context) (*pgx.Conn, error) {
			return pgx.ConnectConfig(ctx, db.pool.Config().ConnConfig)
		},
		ReconnectDelay: time.Second,
	}
	listener.Handle(commandChannel, &commands{handle: handle, claimed: map[int64]bool{}})
	err := listener.Listen(ctx)
	return fmt.Errorf("postgres: listen for commands: %w", err)
}

type commands struct {
	handle  func(callID, verb, text string) bool
	claimed map[int64]bool // done, though the row may still be there
}

const (
	unclaimed  = ` and created_at >= now() - interval '30 seconds'`
	oneCommand = `select id, call_id, verb, text from call_commands where id = $1` + unclaimed
	allPending = `select id, call_id, verb, text from call_commands where true` + unclaimed + ` order by id`
)

// HandleNotification implements pgxlisten.Handler.
func (c *commands) HandleNotification(ctx context.Context, n *pgconn.Notification, conn *pgx.Conn) error {
	id, err := strconv.ParseInt(n.Payload, 10, 64)
	if err != nil {
		return errors.New("postgres: a notification does not carry the id of a command")
	}
	return c.read(ctx, conn, oneCommand, id)
}

// HandleBacklog implements pgxlisten.BacklogHandler.
func (c *commands) HandleBacklog(ctx context.Context, _ string, conn *pgx.Conn) error {
	return c.read(ctx, conn, allPending)
}

func (c *commands) read(ctx context.Context, conn *pgx.Conn, query string, args ...any) error {
	type command struct {
		ID                 int64
		CallID, Verb, Text string
	}
	rows, err := conn.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	pending, err := pgx.CollectRows(rows, pgx.RowToStructByPos[command])
	if err != nil {
		return err
	}
	for _, p := range pending {
		if !c.claimed[p.ID] && !c.handle(p.CallID, p.Verb, p.Text) {
			continue
		}
		c.claimed[p.ID] = true // should the connection break here, the row will be seen again
		if _, err := conn.Exec(ctx, `delete from call_commands where id = $1`, p.ID); err != nil {
			return err
		}
		delete(c.claimed, p.ID)
	}
	return nil
}
