package twilio

import (
	"encoding/binary"
	"errors"
	"io"
	"net/http/httptest"
	"reflect"
	"testing"

	"github.com/gorilla/websocket"
	"pgregory.net/rapid"
)

// pieces is a connection on which bytes come in pieces, and then the end.
type pieces struct {
	replay
	rest []byte
	cuts []int
}

func (p *pieces) Read(b []byte) (int, error) {
	if len(p.rest) == 0 {
		return 0, io.EOF
	}
	n := min(len(b), len(p.rest))
	if len(p.cuts) > 0 {
		n, p.cuts = min(n, p.cuts[0]), p.cuts[1:]
	}
	copy(b, p.rest[:n])
	p.rest = p.rest[n:]
	return n, nil
}

// clientFrame is a frame of a client's. Its length may be written longer than is needed.
func clientFrame(first byte, body []byte, key uint32, long int) []byte {
	b := []byte{first}
	switch n := len(body); {
	case long == 2 || n >= 1<<16:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
	case long == 1 || n >= 126:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	default:
		b = append(b, 0x80|byte(n))
	}
	b = binary.BigEndian.AppendUint32(b, key)
	for i, v := range body {
		b = append(b, v^byte(key>>(24-8*(i%4))))
	}
	return b
}

// frameDraw is one or more frames as Twilio, or somebody with ill will, may send them.
var frameDraw = rapid.Custom(func(r *rapid.T) []byte {
	key, long := rapid.Uint32().Draw(r, "key"), rapid.SampledFrom([]int{0, 0, 0, 1, 2}).Draw(r, "long")
	media := wireMedia(2, 1, 57, make([]byte, rapid.SampledFrom([]int{1, 160, 161, 400, 700, 9000}).Draw(r, "sound")))
	switch rapid.SampledFrom([]string{"media", "media", "media", "media", "parts", "ping", "empty", "binary", "bare", "junk"}).Draw(r, "kind") {
	case "media":
		return clientFrame(0x81, media, key, long)
	case "parts": // with a ping in between
		at := rapid.IntRange(0, len(media)).Draw(r, "at")
		return append(append(clientFrame(0x01, media[:at], key, long), clientFrame(0x89, []byte("?"), key, 0)...), clientFrame(0x80, media[at:], key, long)...)
	case "ping":
		return clientFrame(0x89, make([]byte, rapid.IntRange(0, 125).Draw(r, "size")), key, 0)
	case "empty":
		return clientFrame(0x81, nil, key, long)
	case "binary":
		return clientFrame(0x82, media, key, long)
	case "bare":
		return append([]byte{0x81, 3}, "{ }"...)
	}
	return rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(r, "bytes")
})

// However the bytes are cut, a stream reads what the library alone reads.
func TestFramesAsTheLibrary(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var sent []byte
		for _, b := range rapid.SliceOfN(frameDraw, 1, 12).Draw(r, "frames") {
			sent = append(sent, b...)
		}
		cuts := rapid.SliceOf(rapid.IntRange(1, 600)).Draw(r, "cuts")

		alone, err := upgrader.Upgrade(hijacked{httptest.NewRecorder(), &pieces{rest: sent}}, upgrade(), nil)
		if err != nil {
			r.Fatal(err)
		}
		alone.SetReadLimit(maxMessage)
		s, err := Accept(hijacked{httptest.NewRecorder(), &pieces{rest: sent, cuts: cuts}}, upgrade())
		if err != nil {
			r.Fatal(err)
		}
		defer s.Close(CloseNormal, "")
		for i := 0; ; i++ {
			kind, text, err := alone.ReadMessage()
			got, gotErr := s.Receive(t.Context())
			if err != nil {
				if !errors.Is(s.failed, gotErr) || !errors.Is(gotErr, s.explain(err)) && gotErr.Error() != s.explain(err).Error() {
					r.Fatalf("message %d: the error is %v, alone %v", i, gotErr, err)
				}
				return
			}
			want := Event(Malformed{Reason: "a binary frame"})
			if kind == websocket.TextMessage {
				want = parse(text)
			}
			if !reflect.DeepEqual(got, want) {
				r.Fatalf("message %d is %#v, alone %#v", i, got, want)
			}
		}
	})
}
