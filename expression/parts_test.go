package expression

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/patchcord/patchcord/expression/expressiontest"
	"github.com/patchcord/patchcord/media"
)

func TestQueueDropsTheOldest(t *testing.T) {
	var q queue
	for i := range 150 { // 3 s
		q.push(frame{time.Unix(int64(i), 0), make([]byte, 20*perMS)})
	}
	if q.samples != maxQueued || q.dropped != 1000*perMS {
		t.Errorf("%d samples are kept and %d dropped", q.samples, q.dropped)
	}
	if f := q.take(); f[0].at.Unix() != 50 || q.samples != 0 {
		t.Errorf("the oldest is of %v", f[0].at)
	}
	q.push(frame{time.Now(), make([]byte, 3000*perMS)})
	if q.samples != maxQueued || q.dropped != 2000*perMS {
		t.Errorf("of one frame of 3 s %d samples are kept, %d dropped in all", q.samples, q.dropped)
	}
}

func TestBreaker(t *testing.T) {
	now := time.Unix(0, 0)
	b := breaker{rest: 30 * time.Second}
	allowed := func(want bool, what string) {
		t.Helper()
		if b.allow(now) != want {
			t.Errorf("%s: allowed is %v", what, !want)
		}
	}
	for range failuresToOpen {
		allowed(true, "before it opens")
		b.failed(now)
	}
	allowed(false, "after three failures")
	now = now.Add(30 * time.Second)
	allowed(true, "one try after its rest")
	allowed(false, "a second try beside it")
	b.failed(now)
	now = now.Add(30 * time.Second)
	allowed(true, "the next try")
	b.succeeded()
	allowed(true, "after a success")
	allowed(true, "and ever after")
	b.refused(now, time.Hour)
	now = now.Add(maxRest - time.Second)
	allowed(false, "what a server asks for")
	now = now.Add(time.Second)
	allowed(true, "at most five minutes")
}

func TestWindowBoundsRequestsOfAMinute(t *testing.T) {
	w := window{most: 3}
	var got []bool
	for _, s := range []int64{0, 1, 50, 59, 60, 61, 62, 110} {
		got = append(got, w.take(time.Unix(s, 0)))
	}
	if diff := cmp.Diff([]bool{true, true, true, false, true, true, false, true}, got); diff != "" {
		t.Error(diff)
	}
}

func TestTimeline(t *testing.T) {
	zero := time.Unix(1000, 0)
	at := func(ms int) time.Time { return zero.Add(time.Duration(ms) * time.Millisecond) }
	var l timeline
	l.heard(at(20), 20*perMS)
	l.heard(at(45), 20*perMS) // a little late: the same stretch
	l.heard(at(2020), 20*perMS)
	for ms, want := range map[int64]int{0: 0, 30: 30, 39: 39, 40: 2000, 55: 2015} {
		if got := l.at(ms); !got.Equal(at(want)) {
			t.Errorf("%d ms of sound are of %v, want %v", ms, got.Sub(zero), at(want).Sub(zero))
		}
	}
	l.lost(20) // the newest frame was refused: what comes now stands in its place
	l.heard(at(2040), 20*perMS)
	if got := l.at(41); !got.Equal(at(2021)) {
		t.Errorf("after a frame that was refused, 41 ms are of %v", got.Sub(zero))
	}
	for range 2 * maxAnchors {
		l.lost(10)
		l.heard(l.at(l.ms).Add(time.Minute), 20*perMS)
	}
	if len(l.anchors) > maxAnchors || !l.at(0).IsZero() {
		t.Errorf("%d anchors", len(l.anchors))
	}
}

func TestSpansOfTheAgentsVoice(t *testing.T) {
	at := func(ms int64) time.Time { return time.UnixMilli(ms) }
	var s spans
	s.add(span{at(0), at(100)})
	s.add(span{at(100), at(200)})
	s.add(span{at(500), at(600)})
	s.add(span{at(600), at(700)})
	s.cut(at(150))
	if len(s) != 1 || !s[0].until.Equal(at(150)) {
		t.Errorf("got %v", s)
	}
	for i := range int64(2 * maxSpanCount) {
		s.add(span{at(1000 * i), at(1000*i + 10)})
	}
	if len(s) != maxSpanCount {
		t.Errorf("%d spans", len(s))
	}
}

func TestSoundOfATurn(t *testing.T) {
	zero := time.Unix(1000, 0)
	fill := func(s *sound, from time.Time, ulaw []byte) time.Time {
		for ; len(ulaw) > 0; ulaw = ulaw[20*perMS:] {
			from = from.Add(20 * time.Millisecond)
			s.push(frame{from, ulaw[:20*perMS]})
		}
		return from
	}
	second, quiet := speaker.Say(time.Second), expressiontest.Silence(2*time.Second)
	taken := func(s *sound, t turn) (ms int, from time.Duration) {
		pcm, at := s.take(t)
		return len(pcm) / perMS, at.Sub(zero)
	}
	for _, c := range []struct {
		name           string
		begin          time.Duration // 0: it isn't known
		ms, from, near int
	}{
		{"since the turn before", 0, 6000, 0, 0},
		{"from what was reported at once", 3100 * time.Millisecond, 3100, 2900, 150},
		{"from before what was reported with the first words", 3900 * time.Millisecond, 3100, 2900, 150},
		{"from before what was reported after the last", 4500 * time.Millisecond, 3100, 2900, 150},
		{"from what was reported too early", 2800 * time.Millisecond, 3400, 2600, 0},
		{"all, if it was reported much too late", 5900 * time.Millisecond, 6000, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			var s sound
			now := fill(&s, zero, second)
			now = fill(&s, now, quiet)
			now = fill(&s, now, second)
			now = fill(&s, now, quiet)
			over := turn{end: now}
			if fill(&s, now, second); c.begin > 0 {
				over.begin = zero.Add(c.begin)
			}
			ms, from := taken(&s, over)
			if d := ms - c.ms; d < -c.near || d > c.near || ms+int(from.Milliseconds()) != 6000 {
				t.Errorf("%d ms from %v, want %d from %d", ms, from, c.ms, c.from)
			}
			if ms, from := taken(&s, turn{end: now.Add(time.Second)}); ms != 1000 || from != 6*time.Second {
				t.Errorf("what came after: %d ms from %v", ms, from)
			}
		})
	}
	var s sound
	now := fill(&s, zero, second)
	now = fill(&s, now.Add(2*time.Second), second) // a hole in the stream
	if ms, _ := taken(&s, turn{end: now}); ms != 4000 {
		t.Errorf("with a hole of 2 s: %d ms", ms)
	}
	for range 60 {
		now = fill(&s, now, second)
	}
	if ms, _ := taken(&s, turn{end: now}); ms != maxSound/perMS {
		t.Errorf("of a minute %d ms are kept", ms)
	}
}

func TestClips(t *testing.T) {
	quiet := func(ms time.Duration) []byte { return expressiontest.Silence(ms * time.Millisecond) }
	voice := func(ms time.Duration) []byte { return speaker.Say(ms * time.Millisecond) }
	for _, c := range []struct {
		name   string
		parts  sounds
		want   int // ms
		within int
	}{
		{"a short word is filled up to 1 s", sounds{quiet(300), voice(400)}, 1000, 0},
		{"with what was before in the turn, up to 5 s", sounds{quiet(4000), voice(2000)}, 5000, 0},
		{"silence after it is cut", sounds{voice(6000), quiet(3000)}, 6200, 150},
		{"silence before it is cut", sounds{quiet(3000), voice(6000)}, 6200, 250},
	} {
		t.Run(c.name, func(t *testing.T) {
			var ulaw []byte
			for _, p := range c.parts {
				ulaw = append(ulaw, p...)
			}
			got := (len(clip(media.AppendDecodeULaw(nil, ulaw))) - media.WAVHeaderSize) / 2 / perMS
			if d := got - c.want; d < -c.within || d > c.within {
				t.Errorf("%d ms, want %d ± %d", got, c.want, c.within)
			}
		})
	}
	if clip(media.AppendDecodeULaw(nil, quiet(5000))) != nil || clip(nil) != nil {
		t.Error("silence makes a clip")
	}
}
