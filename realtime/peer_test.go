package realtime_test

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"testing"

	"github.com/patchcord/patchcord/realtime"
)

const (
	created = `{"type":"session.created","event_id":"event_1","session":{"id":"sess_1","model":"m",
		"expires_at":1795340000,"audio":{"input":{"format":{"type":"audio/pcm","rate":24000}},"output":{"format":{
		"type":"audio/pcm","rate":24000}}}}}`
	updated = `{"type":"session.updated","event_id":"event_2","session":{"id":"sess_1","audio":{"input":{"format":{
		"type":"audio/pcmu"}},"output":{"format":{"type":"audio/pcmu"}}}}}`
)

// Opcodes of RFC 6455, section 5.2.
const (
	opText   = 1
	opBinary = 2
	opClose  = 8
	opPing   = 9
	opPong   = 10
)

// frame is one whole WebSocket frame, as a server sends it.
func frame(opcode byte, payload []byte) []byte {
	return append(frameHeader(opcode, uint64(len(payload))), payload...)
}

func frameHeader(opcode byte, length uint64) []byte {
	b := []byte{0x80 | opcode}
	switch {
	case length < 126:
		return append(b, byte(length))
	case length < 1<<16:
		return binary.BigEndian.AppendUint16(append(b, 126), uint16(length))
	}
	return binary.BigEndian.AppendUint64(append(b, 127), length)
}

// peer plays a server that does things no library would do: it answers one handshake
// and gives the bare connection to handle.
func peer(t testing.TB, handle func(net.Conn)) *realtime.DialOptions {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		r, err := http.ReadRequest(bufio.NewReader(conn))
		if err != nil {
			t.Error(err)
			return
		}
		sum := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
		fmt.Fprintf(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
			base64.StdEncoding.EncodeToString(sum[:]))
		handle(conn)
	}()
	t.Cleanup(func() {
		l.Close()
		<-done
	})
	return &realtime.DialOptions{URL: "http://" + l.Addr().String()}
}

// ready is a peer that opens a session before handle gets it.
func ready(t testing.TB, handle func(net.Conn)) *realtime.DialOptions {
	return peer(t, func(conn net.Conn) {
		put(t, conn, text(created), text(updated))
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

// put sends frames.
func put(t testing.TB, conn net.Conn, frames ...[]byte) {
	for _, f := range frames {
		if _, err := conn.Write(f); err != nil {
			t.Error(err)
		}
	}
}

// text is a frame with a message.
func text(message string) []byte { return frame(opText, []byte(message)) }

// drain reads until the client has gone, or closes.
func drain(conn net.Conn) {
	buf := make([]byte, 4096)
	for {
		if n, err := conn.Read(buf); err != nil || n > 0 && buf[0] == 0x80|opClose {
			return
		}
	}
}
