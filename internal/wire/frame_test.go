package wire

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// A frame's header, mask and body are what RFC 6455, section 5.2, says.
func TestFrame(t *testing.T) {
	for _, test := range []struct {
		length int
		header []byte
	}{
		{0, []byte{0x81, 0x80}},
		{1, []byte{0x81, 0x81}},
		{125, []byte{0x81, 0x80 | 125}},
		{126, []byte{0x81, 0x80 | 126, 0, 126}},
		{460, []byte{0x81, 0x80 | 126, 1, 204}},
		{1<<16 - 1, []byte{0x81, 0x80 | 126, 255, 255}},
		{1 << 16, []byte{0x81, 0x80 | 127, 0, 0, 0, 0, 0, 1, 0, 0}},
	} {
		body := make([]byte, test.length)
		for i := range body {
			body[i] = byte(i + i>>8)
		}
		got := frame(append(bytes.Clone(room), body...))
		if !bytes.HasPrefix(got, test.header) || len(got) != len(test.header)+4+test.length {
			t.Errorf("%d bytes: a frame of %d, which begins with % x", test.length, len(got), got[:min(len(got), 14)])
			continue
		}
		key, rest := got[len(test.header):len(test.header)+4], got[len(test.header)+4:]
		for i := range rest {
			rest[i] ^= key[i%4]
		}
		if !bytes.Equal(rest, body) {
			t.Errorf("%d bytes are not what they were", test.length)
		}
	}
}

// Each frame has a mask of its own, which nobody can foresee (section 5.3).
func TestMasks(t *testing.T) {
	seen := map[uint32]bool{}
	for range 100 {
		seen[binary.BigEndian.Uint32(frame(bytes.Clone(room))[2:])] = true
	}
	if len(seen) < 99 {
		t.Errorf("%d masks in 100 frames", len(seen))
	}
}
