// Package media turns the sound of a telephone call into the sound of a voice agent and back.
//
// It is bytes in, bytes out: G.711 µ-law, WAV and sample rates, and nothing of sockets, JSON or time.
// [Uplink] carries the caller to the agent, [Downlink] the agent to the caller, and [ReadClip] prepares a
// recorded prompt. Below them are the parts: the µ-law tables, [ParseWAV] and [AppendWAV], and the
// streaming [Resampler].
//
// The codecs append to a slice of the caller's and allocate nothing once that slice is large enough.
// What must survive from one chunk to the next (filter history, half a frame) lives in Uplink, Downlink
// or Resampler; each belongs to one goroutine at a time, and there is nothing to close.
package media

import "fmt"

// Rate is the telephone's sample rate in Hz (Twilio Media Streams docs: audio/x-mulaw, 8000).
const Rate = 8000

// The sample rates in Hz that anything here accepts. The upper bound is the highest rate sold as audio;
// the lower one keeps a small message at a false rate from becoming an hour of sound.
const (
	minRate = 1000
	maxRate = 384000
)

// checkRate says of a rate outside the bounds what it is and what it may be.
func checkRate(name string, rate int) error {
	if rate < minRate || rate > maxRate {
		return fmt.Errorf("%s %d Hz is outside %d to %d Hz", name, rate, minRate, maxRate)
	}
	return nil
}
