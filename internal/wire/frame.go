package wire

import (
	"encoding/binary"
	"math/rand/v2"
)

// Sound goes out fifty times a second. It is put into its frame here, in the buffer in
// which it was written; the WebSocket library would copy it, with a writer made for each.
// Both write a frame with one Write, so theirs never mix.

// frameRoom is the longest header of a client's frame, in bytes.
const frameRoom = 14

var room = make([]byte, frameRoom)

// frame makes the text behind the first frameRoom bytes of b one frame, masked as a client's has
// to be (RFC 6455, section 5), and returns it. It lies in b.
func frame(b []byte) []byte {
	const text, masked = 0x81, 0x80
	n, start := len(b)-frameRoom, frameRoom-4
	key := rand.Uint32()
	mask(b[frameRoom:], key)
	binary.LittleEndian.PutUint32(b[start:], key)
	switch {
	case n < 126:
		start -= 2
		b[start+1] = masked | byte(n)
	case n < 1<<16:
		start -= 4
		b[start+1] = masked | 126
		binary.BigEndian.PutUint16(b[start+2:], uint16(n))
	default:
		start -= 10
		b[start+1] = masked | 127
		binary.BigEndian.PutUint64(b[start+2:], uint64(n))
	}
	b[start] = text
	return b[start:]
}

func mask(b []byte, key uint32) {
	twice := uint64(key)<<32 | uint64(key)
	for ; len(b) >= 8; b = b[8:] {
		binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)^twice)
	}
	for i := range b {
		b[i] ^= byte(twice >> (8 * i))
	}
}
