package realtime_test

import (
	"net"
	"testing"

	"github.com/patchcord/patchcord/internal/wire/wiretest"
	"github.com/patchcord/patchcord/realtime"
)

const (
	created = `{"type":"session.created","event_id":"event_1","session":{"id":"sess_1","model":"m",
		"expires_at":1795340000,"audio":{"input":{"format":{"type":"audio/pcm","rate":24000}},"output":{"format":{
		"type":"audio/pcm","rate":24000}}}}}`
	updated = `{"type":"session.updated","event_id":"event_2","session":{"id":"sess_1","audio":{"input":{"format":{
		"type":"audio/pcmu"}},"output":{"format":{"type":"audio/pcmu"}}}}}`
)

// peer plays a server by hand, see [wiretest.Peer].
func peer(t testing.TB, handle func(net.Conn)) *realtime.DialOptions {
	t.Helper()
	return &realtime.DialOptions{URL: wiretest.Peer(t, handle)}
}

// ready is a peer that opens a session before handle gets it.
func ready(t testing.TB, handle func(net.Conn)) *realtime.DialOptions {
	return peer(t, func(conn net.Conn) {
		wiretest.Put(t, conn, wiretest.Text(created), wiretest.Text(updated))
		handle(conn)
	})
}

// open dials a ready peer, and closes the session at the end of the test.
func open(t testing.TB, handle func(net.Conn)) *realtime.Session {
	t.Helper()
	s, err := realtime.Dial(t.Context(), ready(t, handle))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close(1000) })
	return s
}
