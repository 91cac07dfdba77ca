package realtime

import (
	"encoding/json"
	"time"
)

// SessionID names a session.
type SessionID string

// SessionInfo describes a session: its id, its end, its settings. Settings in other
// shapes than GA's are read, too.
type SessionInfo struct {
	ID        SessionID `json:"id,omitempty"`
	ExpiresAt UnixTime  `json:"expires_at,omitempty"` // not all servers say it
	Config
}

// UnixTime counts seconds since 1970, as servers write it.
type UnixTime float64

// Time is the same as a time.Time; the zero Time if it is not positive.
func (u UnixTime) Time() time.Time {
	if !(u > 0 && u < 1<<40) {
		return time.Time{}
	}
	return time.Unix(int64(u), 0)
}

// flat are settings as the beta had them, and as some have them still: at the top.
type flat struct {
	Modalities    []Modality          `json:"modalities"`
	Voice         Voice               `json:"voice"`
	Speed         float64             `json:"speed"`
	InputFormat   AudioFormat         `json:"input_audio_format"`
	OutputFormat  AudioFormat         `json:"output_audio_format"`
	Transcription Opt[Transcription]  `json:"input_audio_transcription"`
	TurnDetection Opt[TurnDetection]  `json:"turn_detection"`
	Noise         Opt[NoiseReduction] `json:"input_audio_noise_reduction"`
	MaxTokens     MaxTokens           `json:"max_response_output_tokens"`
}

// UnmarshalJSON never fails. What is missing in the GA shape is looked for in the
// others.
func (s *SessionInfo) UnmarshalJSON(b []byte) error {
	type plain SessionInfo
	*s = SessionInfo(fields[plain](b))
	f := fields[flat](b)
	in, out := &s.Audio.Input, &s.Audio.Output
	fill(&in.Format, f.InputFormat)
	fill(&out.Format, f.OutputFormat)
	fill(&out.Voice, f.Voice)
	fill(&out.Speed, f.Speed)
	fill(&s.MaxOutputTokens, f.MaxTokens)
	if in.Transcription.IsZero() {
		in.Transcription = f.Transcription
	}
	if in.NoiseReduction.IsZero() {
		in.NoiseReduction = f.Noise
	}
	if in.TurnDetection.IsZero() {
		in.TurnDetection = f.TurnDetection
	}
	if s.OutputModalities == nil {
		s.OutputModalities = f.Modalities
	}
	return nil
}

// fill gives dst a value where it has none.
func fill[T comparable](dst *T, v T) {
	var zero T
	if *dst == zero {
		*dst = v
	}
}

// fields decodes a JSON value. A field of another type than expected stays zero:
// encoding/json skips it, goes on with the others and reports it, and the report is
// dropped, since an answer with an odd field is an answer.
func fields[T any](raw []byte) T {
	var v T
	_ = json.Unmarshal(raw, &v)
	return v
}
