package wire

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
)

// What encoding/base64 takes, and nothing else, is taken, and means the same.
func FuzzBase64(f *testing.F) {
	long := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("\x00\xff\x7fsound", 40)))
	for _, s := range []string{"", "AA==", "AAA=", "AAAA", "AB==", "A", "AA=", "====", "A A=", long, long + "AA==",
		long + "AA==" + long, long + "\n" + long, long[1:], long + "-" + long, long + "\x80" + long} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		want, wantErr := base64.StdEncoding.AppendDecode([]byte("before"), text)
		got, err := appendBase64([]byte("before"), text)
		if !bytes.Equal(got, want) || fmt.Sprint(err) != fmt.Sprint(wantErr) {
			t.Fatalf("%q: %q, %v, want %q, %v", text, got, err, want, wantErr)
		}
	})
}

func TestOneLongPieceIsNotPaidForTwice(t *testing.T) {
	piece := func(n int) []byte { return []byte(base64.StdEncoding.EncodeToString(make([]byte, n))) }
	var s Sound
	for _, n := range []int{1 << 20, 1920} {
		got, err := s.Decode(piece(n))
		if err != nil || len(got) != n {
			t.Fatalf("%d bytes are decoded as %d, %v", n, len(got), err)
		}
		if n <= maxPooled && cap(got) > maxPooled {
			t.Errorf("%d bytes are kept for a piece of %d", cap(got), n)
		}
		s.Forget()
	}
}
