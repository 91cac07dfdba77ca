package evitest_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/patchcord/patchcord/evi"
	"github.com/patchcord/patchcord/evi/evitest"
)

// Each form, taken apart by the rules of RIFF.
func TestSay(t *testing.T) {
	pcm := []int16{1, -2, 300, -400, 5}
	for _, form := range append(evitest.Forms, "") {
		t.Run(form, func(t *testing.T) {
			s := start(t, func(c *evitest.Conn) {
				if err := c.Say(t.Context(), evitest.Speech{ID: "s-1", PCM: pcm, Rate: 3000, ChunkMS: 1, Form: form}); err != nil {
					t.Error(err)
				}
				<-c.Done()
			})
			ws := connect(t, s, declared)
			for i, want := range [][]int16{pcm[:3], pcm[3:]} {
				m := read(t, ws)
				file, err := base64.StdEncoding.DecodeString(m["data"].(string))
				if err != nil || m["type"] != "audio_output" || m["id"] != "s-1" || m["index"] != float64(i) {
					t.Fatalf("got %v, %v", m, err)
				}
				if got := samples(t, file, form); !slices.Equal(got, want) {
					t.Errorf("piece %d: got %v, want %v", i, got, want)
				}
			}
		})
	}
}

// samples walks the chunks of a WAV file of 3000 Hz, and checks that it has the
// form.
func samples(t *testing.T, file []byte, form string) (pcm []int16) {
	t.Helper()
	var data []byte
	var before, after bool
	if form == evitest.Raw {
		data = file
	} else {
		if string(file[:4]) != "RIFF" || string(file[8:12]) != "WAVE" {
			t.Fatalf("no WAV: % x", file)
		}
		riff := binary.LittleEndian.Uint32(file[4:])
		for rest := file[12:]; len(rest) >= 8; {
			id, n := string(rest[:4]), int(binary.LittleEndian.Uint32(rest[4:]))
			rest = rest[8:]
			if id == "data" && (form == evitest.Zero && n == 0 && riff == 0 || form == evitest.Huge && n == 0xFFFFFFFF &&
				riff == 0xFFFFFFFF) {
				n = len(rest)
			} else if id == "data" && int(riff) != len(file)-8 {
				t.Errorf("RIFF length %d in a file of %d", riff, len(file))
			}
			switch id {
			case "fmt ":
				tag := binary.LittleEndian.Uint16(rest)
				if rate := binary.LittleEndian.Uint32(rest[4:]); rate != 3000 || (tag == 0xFFFE) != (form == evitest.Extensible) {
					t.Errorf("rate %d, tag %#x", rate, tag)
				}
				if tag == 0xFFFE && (n != 40 || !bytes.HasPrefix(rest[24:], []byte{1, 0, 0, 0, 0, 0, 0x10, 0, 0x80})) {
					t.Errorf("extension: % x", rest[:n])
				}
			case "data":
				data = rest[:n]
			case "LIST":
				before, after = before || data == nil, after || data != nil
			}
			rest = rest[min(n+n%2, len(rest)):]
		}
		if before != (form == evitest.List) || after != (form == evitest.Trailer) {
			t.Errorf("LIST before: %v, after: %v", before, after)
		}
	}
	for i := 0; i < len(data); i += 2 {
		pcm = append(pcm, int16(binary.LittleEndian.Uint16(data[i:])))
	}
	return pcm
}

func TestSayRefuses(t *testing.T) {
	refused := make(chan error, 3)
	s := start(t, func(c *evitest.Conn) {
		refused <- c.Say(t.Context(), evitest.Speech{PCM: make([]int16, 10), Form: "mp3"})
		refused <- c.Say(t.Context(), evitest.Speech{PCM: make([]int16, 10), Rate: -1})
		refused <- c.Say(t.Context(), evitest.Speech{PCM: make([]int16, 10), Rate: 500, ChunkMS: 1})
	})
	connect(t, s, declared)
	for range 3 {
		if err := <-refused; err == nil {
			t.Error("accepted")
		}
	}
}

// Real time, twice that, and a speech that is cut short.
func TestSayPace(t *testing.T) {
	for _, test := range []struct {
		pace float64
		cut  time.Duration
		want time.Duration // until the last of ten pieces has been sent, or the cut
		err  bool
	}{{0, time.Hour, 0, false}, {1, time.Hour, 900 * time.Millisecond, false}, {2, time.Hour, 450 * time.Millisecond,
		false}, {1, 250 * time.Millisecond, 250 * time.Millisecond, true}} {
		synctest.Test(t, func(t *testing.T) {
			took := make(chan time.Duration, 1)
			s := evitest.NewPipeServer("key", func(c *evitest.Conn) {
				if err := c.Greet(""); err != nil {
					t.Error(err)
				}
				start := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), test.cut)
				defer cancel()
				err := c.Say(ctx, evitest.Speech{ID: "s", PCM: make([]int16, 48000), Pace: test.pace})
				if (err != nil) != test.err {
					t.Errorf("pace %v, cut after %v: %v", test.pace, test.cut, err)
				}
				took <- time.Since(start)
			})
			defer s.Close()
			c, err := evi.Dial(t.Context(), &evi.DialOptions{URL: s.URL(), APIKey: "key", NetDialContext: s.DialContext})
			if err != nil {
				t.Fatal(err)
			}
			for err == nil {
				_, err = c.Receive(t.Context())
			}
			c.Close(1000)
			if d := <-took; d != test.want {
				t.Errorf("pace %v: took %v, want %v", test.pace, d, test.want)
			}
		})
	}
}
