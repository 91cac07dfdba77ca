package wire

import (
	"encoding/base64"
	"slices"
	"sync"

	vector "github.com/segmentio/asm/base64"
)

// buffers hold messages while they are read, and decoded sound until the next Receive: a
// connection that waits holds none.
var buffers = sync.Pool{New: func() any { return new(make([]byte, 0, 16<<10)) }}

// maxPooled is the capacity, in bytes, up to which a buffer is kept.
const maxPooled = 256 << 10

func giveBack(buf *[]byte) {
	if cap(*buf) <= maxPooled {
		buffers.Put(buf)
	}
}

// Sound decodes one piece of sound after the other, in a buffer that it borrows.
type Sound struct{ lent *[]byte }

// Decode decodes base64. What it returns is good until the next Decode or Forget.
func (s *Sound) Decode(text []byte) (_ []byte, err error) {
	if s.lent == nil {
		s.lent = buffers.Get().(*[]byte)
	}
	*s.lent, err = appendBase64((*s.lent)[:0], text)
	return *s.lent, err
}

// Forget gives the buffer back.
func (s *Sound) Forget() {
	if s.lent != nil {
		giveBack(s.lent)
	}
	s.lent = nil
}

// appendBase64 appends what text, in base64, stands for. It uses vector code, ten times as fast as
// encoding/base64, which decodes again if there is an error: only its errors count from the
// beginning of the text.
func appendBase64(dst, text []byte) ([]byte, error) {
	dst = slices.Grow(dst, base64.StdEncoding.DecodedLen(len(text)))
	n, err := vector.StdEncoding.Decode(dst[len(dst):cap(dst)], text)
	if err != nil {
		return base64.StdEncoding.AppendDecode(dst, text)
	}
	return dst[:len(dst)+n], nil
}
