package agent_test

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/evi/evitest"
	"github.com/patchcord/patchcord/media"
)

// tone is a sine of 440 Hz at half of full scale.
func tone(rate int, d time.Duration) []int16 {
	pcm := make([]int16, int(d)*rate/int(time.Second))
	for i := range pcm {
		pcm[i] = int16(16000 * math.Sin(2*math.Pi*440*float64(i)/float64(rate)))
	}
	return pcm
}

// says is a step in which EVI speaks a segment.
func says(s evitest.Speech) evitest.Step {
	return does(func(c *evitest.Conn) error { return c.Say(context.Background(), s) })
}

// turn receives up to the end of a turn: the sound of each segment, and the order
// of what is not sound.
func turn(t *testing.T, a agent.Agent) (sound map[string][]byte, order []string) {
	t.Helper()
	sound = map[string][]byte{}
	for {
		switch ev := next(t, a).(type) {
		case agent.Audio:
			if len(sound[ev.Segment]) == 0 {
				order = append(order, "begin "+ev.Segment)
			}
			sound[ev.Segment] = append(sound[ev.Segment], ev.ULaw...)
		case agent.SegmentEnd:
			order = append(order, "end "+ev.Segment)
		case agent.TurnEnd:
			return sound, order
		default:
			t.Fatalf("got %T", ev)
		}
	}
}

// loudness is the root mean square of what is heard, in samples' units.
func loudness(ulaw []byte) float64 {
	var sum float64
	for _, v := range media.AppendDecodeULaw(nil, ulaw) {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / max(1, float64(len(ulaw))))
}

// Each segment begins and ends once, in order, and no sample of a turn is lost:
// the filter's tail comes out at its end.
func TestSegments(t *testing.T) {
	t.Parallel()
	a := play(t,
		says(evitest.Speech{ID: "a", PCM: tone(48000, 500*time.Millisecond)}),
		says(evitest.Speech{ID: "b", PCM: tone(48000, 300*time.Millisecond), ChunkMS: 37}),
		does((*evitest.Conn).AssistantEnd),
		says(evitest.Speech{ID: "c", PCM: tone(48000, 100*time.Millisecond)}),
		does((*evitest.Conn).AssistantEnd))
	sound, order := turn(t, a)
	if want := "[begin a begin b end a end b]"; fmt.Sprint(order) != want {
		t.Errorf("got %v, want %s", order, want)
	}
	if got := len(sound["a"]) + len(sound["b"]); got != 800*8 {
		t.Errorf("%d bytes in the turn, want 6400", got)
	}
	for id, ulaw := range sound {
		if got := loudness(ulaw); math.Abs(got-16000/math.Sqrt2) > 300 {
			t.Errorf("segment %s is of loudness %.0f, want 11314", id, got)
		}
	}
	sound, order = turn(t, a)
	if want := "[begin c end c]"; fmt.Sprint(order) != want || len(sound["c"]) != 100*8 {
		t.Errorf("got %v with %d bytes, want %s with 800", order, len(sound["c"]), want)
	}
}

// A turn of text alone has no segment to end, and an end that comes twice ends
// nothing twice.
func TestTurnWithoutSound(t *testing.T) {
	t.Parallel()
	end := does((*evitest.Conn).AssistantEnd)
	a := play(t, end, end, says(evitest.Speech{ID: "a", PCM: tone(48000, 20*time.Millisecond)}), end, end)
	for _, want := range []string{"[]", "[]", "[begin a end a]", "[]"} {
		if _, order := turn(t, a); fmt.Sprint(order) != want {
			t.Errorf("got %v, want %s", order, want)
		}
	}
}

// Nothing of one segment sounds on into the next: each begins with a filter at rest.
func TestSegmentBeginsAtRest(t *testing.T) {
	t.Parallel()
	a := play(t,
		says(evitest.Speech{ID: "a", PCM: bytesOf(12000, 4800)}),
		says(evitest.Speech{ID: "b", PCM: make([]int16, 4800)}),
		does((*evitest.Conn).AssistantEnd))
	sound, _ := turn(t, a)
	if len(bytes.Trim(sound["b"], "\xff\x7f")) != 0 {
		t.Errorf("the next segment begins with % x", sound["b"][:16])
	}
	if got := len(sound["a"]) + len(sound["b"]); got != 200*8 {
		t.Errorf("%d bytes in the turn, want 1600", got)
	}
}

// Late sound of a segment that was cut, between two chunks of the next one, does not end that
// one and is not heard.
func TestLateSoundOfACutSegment(t *testing.T) {
	t.Parallel()
	cut := make(chan struct{})
	a := play(t,
		says(evitest.Speech{ID: "a", PCM: tone(48000, 100*time.Millisecond)}),
		does(func(*evitest.Conn) error { <-cut; return nil }),
		says(evitest.Speech{ID: "b", PCM: tone(48000, 100*time.Millisecond)}),
		says(evitest.Speech{ID: "a", PCM: tone(48000, 100*time.Millisecond)}),
		says(evitest.Speech{ID: "b", PCM: tone(48000, 100*time.Millisecond)}),
		does((*evitest.Conn).AssistantEnd))
	if ev, ok := next(t, a).(agent.Audio); !ok || ev.Segment != "a" {
		t.Fatalf("got %+v", ev)
	}
	if err := a.Interrupt([]agent.Heard{{Segment: "a", Played: 20 * time.Millisecond}}); err != nil {
		t.Fatal(err)
	}
	close(cut)
	sound, order := turn(t, a)
	if want := "[begin a begin b end a end b]"; fmt.Sprint(order) != want { // the filter's tail of a comes first
		t.Errorf("got %v, want %s", order, want)
	}
	if len(sound["b"]) != 200*8 {
		t.Errorf("%d bytes of b, want 1600", len(sound["b"]))
	}
}

// bytesOf is a stretch of one sample.
func bytesOf(v int16, n int) []int16 {
	pcm := make([]int16, n)
	for i := range pcm {
		pcm[i] = v
	}
	return pcm
}

// Whatever shape and rate the audio comes in, it is heard as it was meant.
func TestFormsOfAudio(t *testing.T) {
	t.Parallel()
	type format struct {
		form string
		rate int
	}
	var formats []format
	for _, form := range evitest.Forms {
		formats = append(formats, format{form, 48000})
	}
	for _, rate := range []int{8000, 16000, 22050, 24000, 44100} {
		formats = append(formats, format{evitest.Plain, rate})
	}
	for _, f := range formats {
		t.Run(fmt.Sprintf("%s at %d", f.form, f.rate), func(t *testing.T) {
			t.Parallel()
			a := play(t, says(evitest.Speech{ID: "a", PCM: tone(f.rate, 400*time.Millisecond), Rate: f.rate, Form: f.form}), does((*evitest.Conn).AssistantEnd))
			sound, _ := turn(t, a)
			if got := len(sound["a"]); got < 3199 || got > 3201 {
				t.Errorf("%d bytes, want 3200", got)
			}
			if got := loudness(sound["a"]); math.Abs(got-16000/math.Sqrt2) > 300 {
				t.Errorf("loudness %.0f, want 11314", got)
			}
		})
	}
}
