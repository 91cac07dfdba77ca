package twilio

import (
	"bufio"
	"encoding/binary"
	"net"
	"net/http"
)

// frames is a stream's connection, on which the WebSocket library reads no further than to the
// end of a frame. So between two messages it holds nothing of the next, which is taken past it
// if it is a text in one short frame, as all sound of Twilio's is. Whatever else comes is
// the library's: other frames, pings, and what is no frame at all.
type frames struct {
	net.Conn
	in   []byte // what has come and was not taken
	room []byte // what in lies in

	head []byte // of the frame that the library reads, until its length is known
	left uint64 // bytes of that frame, from then on
}

// shortFrame bounds what is taken past the library, in bytes, and is the size of the buffer for
// it. A message of 20 ms has 400 to 450 bytes. It also holds the longest header.
const shortFrame = 1 << 10

// text waits for the next frame, and returns what is in it if it is a short text, good until
// the next call. It returns nil if what comes is for the library: another frame, or an error.
func (f *frames) text() []byte {
	for f.left == 0 && len(f.head) == 0 {
		if len(f.in) > 0 && f.in[0] != finalText || len(f.in) > 1 && f.in[1]&masked == 0 {
			return nil
		}
		if header, length, more := measure(f.in); more == 0 {
			body := header + 4 // behind the mask
			if length > uint64(shortFrame-body) {
				return nil
			}
			if end := body + int(length); end <= len(f.in) {
				text := f.in[body:end]
				unmask(text, f.in[header:body])
				f.in = f.in[end:]
				return text
			}
		}
		if f.fill() != nil {
			return nil
		}
	}
	return nil
}

const (
	finalText = 0x81 // the first byte of a text in a single frame (RFC 6455, section 5.2)
	masked    = 0x80 // in the second, as in every frame from Twilio
)

// measure returns the size of the header, without a mask, of the frame that begins with b, and the
// length of its body, both in bytes. It may need some more bytes to know.
func measure(b []byte) (header int, length uint64, more int) {
	if len(b) < 2 {
		return 0, 0, 2 - len(b)
	}
	length = uint64(b[1] &^ masked)
	switch length {
	case 126:
		header = 4
	case 127:
		header = 10
	default:
		return 2, length, 0
	}
	switch more = max(0, header-len(b)); {
	case more > 0:
	case header == 4:
		length = uint64(binary.BigEndian.Uint16(b[2:]))
	default:
		length = min(binary.BigEndian.Uint64(b[2:]), 1<<62) // so that a sum doesn't overflow
	}
	return header, length, more
}

func unmask(b, key []byte) {
	four := uint64(binary.LittleEndian.Uint32(key))
	twice := four<<32 | four
	for ; len(b) >= 8; b = b[8:] {
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)^twice)
	}
	for i := range b {
		b[i] ^= byte(twice >> (8 * i))
	}
}

// fill reads more, behind what is there.
func (f *frames) fill() error {
	if f.room == nil {
		f.room = make([]byte, shortFrame)
	}
	f.in = f.room[:copy(f.room, f.in)]
	n, err := f.Conn.Read(f.room[len(f.in):])
	f.in = f.room[:len(f.in)+n]
	if n > 0 {
		return nil
	}
	return err
}

// Read is for the library.
func (f *frames) Read(b []byte) (n int, err error) {
	most := f.left
	if most == 0 {
		_, _, more := measure(f.head)
		most = uint64(more)
	}
	b = b[:min(uint64(len(b)), most)]
	if len(f.in) > 0 {
		n = copy(b, f.in)
		f.in = f.in[n:]
	} else {
		n, err = f.Conn.Read(b)
	}
	if f.left > 0 {
		f.left -= uint64(n)
		return n, err
	}
	f.head = append(f.head, b[:n]...)
	if _, length, more := measure(f.head); more == 0 {
		if f.left = length; f.head[1]&masked != 0 {
			f.left += 4
		}
		f.head = f.head[:0]
	}
	return n, err
}

// upgrading gives the library frames for the connection.
type upgrading struct {
	http.ResponseWriter
	frames *frames
}

func (u upgrading) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(u.ResponseWriter).Hijack()
	u.frames.Conn = conn
	return u.frames, rw, err
}
