package table

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// The encodings of a file.
const (
	ascii       = "" // nothing yet that differs
	utf8Name    = "UTF-8"
	utf16Name   = "UTF-16"
	windowsName = "Windows-1252"
)

// unreadable stands in the text for what could not be read as the file's encoding: the
// row is refused, and not recorded altered.
const unreadable = utf8.RuneError

// decoder makes UTF-8 of a file. UTF-16 and marked UTF-8 say what they are; UTF-16 that
// doesn't is known by the zeros of its first two signs. Otherwise the first sign that is not ASCII tells UTF-8 from Windows-1252, and what doesn't fit
// after that comes out as unreadable.
type decoder struct {
	in       *bufio.Reader
	encoding string
	fixed    io.Reader // of a file that says what it is; nil
	out      []byte    // decoded, on its way
}

const decodeAhead = 64 << 10 // bytes

func newDecoder(in io.Reader) *decoder {
	d := &decoder{in: bufio.NewReaderSize(in, decodeAhead)}
	head, _ := d.in.Peek(4) // of a shorter file it is all there is
	unmarked := func(order unicode.Endianness) {
		d.encoding = utf16Name
		d.fixed = transform.NewReader(d.in, unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder())
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, _ = d.in.Discard(3)
		d.encoding = utf8Name
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		d.encoding = utf16Name
		d.fixed = transform.NewReader(d.in, unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder())
	case len(head) == 4 && head[0] != 0 && head[1] == 0 && head[2] != 0 && head[3] == 0:
		unmarked(unicode.LittleEndian)
	case len(head) == 4 && head[0] == 0 && head[1] != 0 && head[2] == 0 && head[3] != 0:
		unmarked(unicode.BigEndian)
	}
	return d
}

// Read implements io.Reader.
func (d *decoder) Read(p []byte) (int, error) {
	if d.fixed != nil {
		return d.fixed.Read(p)
	}
	if len(d.out) == 0 {
		if err := d.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, d.out)
	d.out = d.out[n:]
	return n, nil
}

// fill decodes some more.
func (d *decoder) fill() error {
	if _, err := d.in.Peek(1); err != nil {
		return err
	}
	b, _ := d.in.Peek(d.in.Buffered())
	n := 0
	for n < len(b) && b[n] < utf8.RuneSelf {
		n++
	}
	if n > 0 {
		d.out = append(d.out[:0], b[:n]...)
		_, _ = d.in.Discard(n)
		return nil
	}
	b, _ = d.in.Peek(utf8.UTFMax)
	r, size := d.sign(b)
	d.out = utf8.AppendRune(d.out[:0], r)
	_, _ = d.in.Discard(size)
	return nil
}

// sign decodes what begins with a byte that is not ASCII.
func (d *decoder) sign(b []byte) (rune, int) {
	r, size := utf8.DecodeRune(b)
	valid := size > 1
	if d.encoding == ascii {
		d.encoding = windowsName
		if valid && !improbable(r) {
			d.encoding = utf8Name
		}
	}
	switch {
	case d.encoding == utf8Name && valid:
		return r, size
	case d.encoding == utf8Name:
		return unreadable, 1
	case valid && !improbable(r): // UTF-8 in a file that was none so far
		return unreadable, size
	}
	if r = charmap.Windows1252.DecodeByte(b[0]); r < 0xa0 { // a byte that stands for nothing
		return unreadable, 1
	}
	return r, 1
}

// improbable tells whether a sign of two bytes is rather É, Ê or Ë and a quotation mark
// or dash of Windows-1252 than the phonetic letter that it is in UTF-8. The Hawaiian
// ʻokina is none of those.
func improbable(r rune) bool { return 0x240 <= r && r <= 0x2ff && r != 0x2bb && r != 0x2bc }
