package realtime

import (
	"encoding/json"
	"fmt"
	"time"
)

// AudioFormat is an encoding of sound. There is one channel.
type AudioFormat struct {
	Type string `json:"type"`
	Rate int    `json:"rate,omitempty"` // Hz; of audio/pcm only, the others have 8000
}

// The types of a format.
const (
	TypePCMU = "audio/pcmu" // G.711 µ-law
	TypePCMA = "audio/pcma" // G.711 A-law
	TypePCM  = "audio/pcm"  // signed 16-bit samples, little-endian
)

// PCMU is G.711 µ-law: 8000 bytes a second, one a sample.
func PCMU() AudioFormat { return AudioFormat{Type: TypePCMU} }

// PCMA is G.711 A-law.
func PCMA() AudioFormat { return AudioFormat{Type: TypePCMA} }

// PCM is linear sound at a rate in Hz. OpenAI takes 24000 only.
func PCM(rate int) AudioFormat { return AudioFormat{Type: TypePCM, Rate: rate} }

// g711Rate is that of µ-law and A-law, in samples and in bytes a second.
const g711Rate = 8000

// BytesPerSecond is 0 for a format that isn't known.
func (f AudioFormat) BytesPerSecond() int {
	switch f.Type {
	case TypePCMU, TypePCMA:
		return g711Rate
	case TypePCM:
		return 2 * f.Rate
	}
	return 0
}

// Duration is how long n bytes sound, 0 in a format that isn't known.
func (f AudioFormat) Duration(n int) time.Duration {
	perSecond := f.BytesPerSecond()
	if perSecond == 0 {
		return 0
	}
	return time.Duration(n) * time.Second / time.Duration(perSecond)
}

// String is the type, with the rate where it has one.
func (f AudioFormat) String() string {
	if f.Rate == 0 {
		return f.Type
	}
	return fmt.Sprintf("%s at %d Hz", f.Type, f.Rate)
}

func (f AudioFormat) check(field string) error {
	switch {
	case f == AudioFormat{}:
		return nil
	case f.Type == TypePCM && f.Rate >= 8000 && f.Rate <= 48000:
		return nil
	case (f.Type == TypePCMU || f.Type == TypePCMA) && f.Rate == 0:
		return nil
	case f.Type == TypePCM:
		return fmt.Errorf("%s.Rate is %d: between 8000 and 48000 Hz are wanted", field, f.Rate)
	}
	return fmt.Errorf("%s is %q, rate %d: audio/pcmu or audio/pcma without a rate, or audio/pcm is wanted",
		field, f.Type, f.Rate)
}

// betaFormats are the names that the beta had.
var betaFormats = map[string]AudioFormat{
	"g711_ulaw": {Type: TypePCMU},
	"g711_alaw": {Type: TypePCMA},
	"pcm16":     {Type: TypePCM, Rate: 24000},
}

// betaName is the beta's name of a format.
func (f AudioFormat) betaName() string {
	for name, g := range betaFormats {
		if f.Type == g.Type {
			return name
		}
	}
	return f.Type
}

// UnmarshalJSON never fails. It takes the beta's names, too.
func (f *AudioFormat) UnmarshalJSON(b []byte) error {
	var name string
	if json.Unmarshal(b, &name) == nil {
		*f = betaFormats[name]
		return nil
	}
	type plain AudioFormat
	*f = AudioFormat(fields[plain](b))
	return nil
}
