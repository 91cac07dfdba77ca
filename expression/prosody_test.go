package expression

import (
	"math"
	"testing"
	"time"

	"github.com/patchcord/patchcord/expression/expressiontest"
	"github.com/patchcord/patchcord/media"
)

type sounds [][]byte

// measuresOf makes the measures of parts of sound one after the other.
func measuresOf(over spans, parts ...[]byte) map[string]float64 {
	var ulaw []byte
	for _, p := range parts {
		ulaw = append(ulaw, p...)
	}
	return measure(media.AppendDecodeULaw(nil, ulaw), time.Unix(1000, 0), over)
}

func TestMeasures(t *testing.T) {
	long := func(pitch, swing, syllables, level float64, seconds time.Duration) []byte {
		return expressiontest.Voice{Pitch: pitch, Swing: swing, Syllables: syllables, Level: level}.Say(seconds * time.Second)
	}
	held, syllables := long(120, 0, 0, -18, 1), speaker.Say(time.Second)
	quiet := expressiontest.Silence(500 * time.Millisecond)
	at := func(ms int64) time.Time { return time.Unix(1000, 0).Add(time.Duration(ms) * time.Millisecond) }
	for _, c := range []struct {
		name    string
		parts   sounds
		over    spans
		measure string
		want    float64
		within  float64
	}{
		{"level of a held voice", sounds{quiet, held}, nil, MeasureLevel, -18, 0.5},
		{"level is not of the silence", sounds{quiet, quiet, quiet, held, quiet}, nil, MeasureLevel, -18, 0.5},
		{"a quiet voice", sounds{quiet, long(120, 0, 0, -35, 1)}, nil, MeasureLevel, -35, 0.5},
		{"a low pitch", sounds{long(95, 0, 4, 0, 2)}, nil, MeasurePitch, 95, 2},
		{"a high pitch", sounds{long(230, 0, 4, 0, 2)}, nil, MeasurePitch, 230, 3},
		{"a pitch whose fundamental the telephone cut", sounds{long(140, 0, 0, 0, 2)}, nil, MeasurePitch, 140, 2},
		{"a monotone", sounds{long(140, 0, 0, 0, 2)}, nil, MeasurePitchSpread, 0, 0.3},
		{"a lively voice: 2 × 3 × sin(0.4 π)", sounds{long(160, 3, 0, 0, 3)}, nil, MeasurePitchSpread, 5.7, 0.8},
		{"slow syllables", sounds{long(140, 0, 2, 0, 3)}, nil, MeasurePace, 2, 0.4},
		{"quick syllables", sounds{long(140, 0, 6, 0, 3)}, nil, MeasurePace, 6, 0.5},
		{"no pause", sounds{syllables, syllables}, nil, MeasurePauses, 0, 0},
		{"two pauses", sounds{syllables, quiet, syllables, quiet, syllables, quiet}, nil, MeasurePauses, 2, 0},
		{"speech without its pauses", sounds{quiet, held, quiet, held}, nil, MeasureSpeech, 2, 0.05},
		{"talking over", sounds{quiet, held, held}, spans{{at(0), at(1500)}}, MeasureTalkingOver, 1, 0.03},
		{"the agent spoke before", sounds{quiet, held}, spans{{at(0), at(500)}}, MeasureTalkingOver, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := measuresOf(c.over, c.parts...)[c.measure]
			if !ok || math.Abs(got-c.want) > c.within {
				t.Errorf("%s is %v, want %v ± %v", c.measure, got, c.want, c.within)
			}
		})
	}
}

func TestMeasuresThatASoundDoesNotAllow(t *testing.T) {
	if got := measuresOf(nil, expressiontest.Silence(3*time.Second)); got != nil {
		t.Errorf("silence has measures: %v", got)
	}
	if got := measuresOf(nil, speaker.Say(50*time.Millisecond)); got != nil {
		t.Errorf("50 ms have measures: %v", got)
	}
	if got := measuresOf(nil); got != nil {
		t.Errorf("nothing has measures: %v", got)
	}
	whisper := measuresOf(nil, expressiontest.Voice{Syllables: 4}.Say(2*time.Second))
	if _, ok := whisper[MeasurePitch]; ok || whisper[MeasureLevel] == 0 {
		t.Errorf("a whisper: %v, want a level and no pitch", whisper)
	}
}

// The sound of a line is no speech.
func TestNoiseOfTheLineIsNotSpeech(t *testing.T) {
	ulaw := speaker.Say(time.Second)
	noise := expressiontest.Voice{Level: -45}.Say(2 * time.Second)
	got := measuresOf(nil, noise, ulaw, noise)
	if s := got[MeasureSpeech]; s < 0.8 || s > 1.1 {
		t.Errorf("%v s of speech in 1 s of it between noise", s)
	}
}

func TestProsodyOfACall(t *testing.T) {
	o := observe(t, Config{Backend: Prosody})
	now := time.Now()
	o.Agent(now, 700*time.Millisecond)
	now = say(o, expressiontest.Silence(500*time.Millisecond), now)
	o.Begin(now)
	now = say(o, speaker.Say(time.Second), now)
	o.End(7, now)
	r := next(t, o)
	if r.Turn != 7 || r.Source != SourceProsody || r.Source.Emotions() || r.Context != "" || len(r.Labels) > 0 {
		t.Errorf("got %+v", r)
	}
	if over := r.Scores[MeasureTalkingOver]; over < 0.1 || over > 0.25 {
		t.Errorf("talked over for %v s, want 0.2", over)
	}
	o.End(8, now.Add(time.Second))
	o.Close(time.Second)
	if s := o.Stats(); s.Skipped != 1 {
		t.Errorf("a silent turn: %+v", s)
	}
}

func BenchmarkMeasure(b *testing.B) {
	pcm := media.AppendDecodeULaw(nil, speaker.Say(15*time.Second))
	for b.Loop() {
		measure(pcm, time.Time{}, nil)
	}
}
