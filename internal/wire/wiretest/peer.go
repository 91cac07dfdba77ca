package wiretest

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"testing"

	"github.com/gorilla/websocket"
)

// Frame is one whole frame, as a server sends it. The opcodes of RFC 6455, section 5.2, are the
// message types of package websocket.
func Frame(opcode byte, payload []byte) []byte {
	return append(FrameHeader(opcode, uint64(len(payload))), payload...)
}

// FrameHeader is what comes before so many bytes.
func FrameHeader(opcode byte, length uint64) []byte {
	b := []byte{0x80 | opcode}
	switch {
	case length < 126:
		return append(b, byte(length))
	case length < 1<<16:
		return binary.BigEndian.AppendUint16(append(b, 126), uint16(length))
	}
	return binary.BigEndian.AppendUint64(append(b, 127), length)
}

// Text is a frame with a message.
func Text(message string) []byte { return Frame(websocket.TextMessage, []byte(message)) }

// Put sends frames.
func Put(t testing.TB, conn net.Conn, frames ...[]byte) {
	for _, f := range frames {
		if _, err := conn.Write(f); err != nil {
			t.Error(err)
		}
	}
}

// Peer plays a server that does things no library would do: it answers one handshake and gives
// the bare connection to handle. It returns its address, "http://" and a host.
func Peer(t testing.TB, handle func(net.Conn)) string {
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
		fmt.Fprintf(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
			"Sec-WebSocket-Accept: %s\r\n\r\n", base64.StdEncoding.EncodeToString(sum[:]))
		handle(conn)
	}()
	t.Cleanup(func() {
		l.Close()
		<-done
	})
	return "http://" + l.Addr().String()
}

// Drain reads until the client closes or has gone. It allocates nothing for a frame.
func Drain(conn net.Conn) {
	r := bufio.NewReader(conn)
	for {
		head, err := r.Peek(2)
		if err != nil || head[0] == 0x80|websocket.CloseMessage {
			return
		}
		size, length := 2, int(head[1]&^0x80)
		switch length {
		case 126:
			size = 4
		case 127:
			size = 10
		}
		if head, err = r.Peek(size); err != nil {
			return
		}
		switch size {
		case 4:
			length = int(binary.BigEndian.Uint16(head[2:]))
		case 10:
			length = int(binary.BigEndian.Uint64(head[2:]))
		}
		const mask = 4
		if _, err := r.Discard(size + mask + length); err != nil {
			return
		}
	}
}
