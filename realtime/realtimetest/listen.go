package realtimetest

import (
	"encoding/binary"
	"time"

	"github.com/patchcord/patchcord/realtime"
)

// loud is the level, of 32768, above which a millisecond is speech.
const loud = 1000

// listen finds turns by their level: they begin with 100 ms that are mostly loud, and end
// with the silence of the settings.
func (c *Conn) listen(f realtime.AudioFormat) {
	if at(c.settings, "audio", "input", "turn_detection") == nil {
		return
	}
	silence, _ := at(c.settings, "audio", "input", "turn_detection", "silence_duration_ms").(float64)
	if silence == 0 {
		silence = 500
	}
	step := f.BytesPerSecond() / 100 // 10 ms
	for ; step > 0 && c.vad.residue+step <= len(c.heard); c.vad.residue += step {
		if level(f, c.heard[c.vad.residue:c.vad.residue+step]) > loud {
			c.vad.loud, c.vad.quiet = c.vad.loud+step, 0
		} else {
			c.vad.quiet += step
			if f.Duration(c.vad.quiet) > 50*time.Millisecond && c.vad.item == "" {
				c.vad.loud = 0
			}
		}
		switch {
		case c.vad.item == "" && f.Duration(c.vad.loud) >= 100*time.Millisecond:
			c.startSpeech()
		case c.vad.item != "" && f.Duration(c.vad.quiet) >= time.Duration(silence)*time.Millisecond:
			id := c.stopSpeech()
			c.transcribe(id, c.words(id))
			if c.turns("create_response") {
				c.answer(nil, false)
			}
		}
	}
}

// words are those of a turn that listen found.
func (c *Conn) words(id string) string {
	if f := c.server.config.Transcribe; f != nil {
		return f(c.items[c.find(id)].audio)
	}
	return "(speech)"
}

// level is the mean of the samples' sizes.
func level(f realtime.AudioFormat, audio []byte) int {
	sum, n := 0, 0
	if f.Type == realtime.TypePCM {
		for ; len(audio) >= 2; audio = audio[2:] {
			sum, n = sum+size(int16(binary.LittleEndian.Uint16(audio))), n+1
		}
	} else {
		for _, b := range audio {
			sum, n = sum+size(decodeULaw(b)), n+1
		}
	}
	return sum / max(n, 1)
}

func size(v int16) int { return max(int(v), -int(v)) }
