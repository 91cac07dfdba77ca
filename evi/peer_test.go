package evi_test

import (
	"net"
	"testing"

	"github.com/patchcord/patchcord/evi"
	"github.com/patchcord/patchcord/internal/wire/wiretest"
)

const metadata = `{"type":"chat_metadata","chat_id":"c-1","chat_group_id":"g-1","request_id":"r-1"}`

// peer plays a server by hand, see [wiretest.Peer].
func peer(t testing.TB, handle func(net.Conn)) *evi.DialOptions {
	t.Helper()
	return &evi.DialOptions{URL: wiretest.Peer(t, handle)}
}
