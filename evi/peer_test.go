package evi_test

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"testing"

	"github.com/patchcord/patchcord/evi"
)

const metadata = `{"type":"chat_metadata","chat_id":"c-1","chat_group_id":"g-1","request_id":"r-1"}`

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

// peer plays a server that does things no library would do: it answers one
// handshake and gives the bare connection to handle.
func peer(t testing.TB, handle func(net.Conn)) *evi.DialOptions {
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
	return &evi.DialOptions{URL: "http://" + l.Addr().String()}
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

// drain reads until the client has gone.
func drain(conn net.Conn) {
	buf := make([]byte, 4096)
	for {
		if _, err := conn.Read(buf); err != nil {
			return
		}
	}
}
