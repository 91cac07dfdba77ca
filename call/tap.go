package call

import "time"

// tap listens to the sound of a stream, beside the call: a recording, a measurement, a detector. It copies what it
// keeps and returns at once. It never waits, whatever becomes of it, since sound is on its way; what is too much for it
// it drops and counts. Caller may come from another goroutine than the rest, but never two at once.
type tap interface {
	// Caller hears a frame of the caller's: the carrier's timestamp of its first sample in ms, µ-law at 8 kHz, and when
	// it was read.
	Caller(timestamp int64, ulaw []byte, read time.Time)
	// Agent hears what was sent to the caller's ear.
	Agent(p piece)
	// Cut says that what was sent and has not played by now will not be heard.
	Cut(now time.Time)
}

// piece is a part of the agent's sound on its way to the caller's ear.
type piece struct {
	ulaw    []byte        // at 8 kHz
	due     time.Time     // at the ear, by what was sent before
	way     time.Duration // to the carrier and back; negative while that isn't known
	private bool          // it may be carried, and never kept
}

// taps is a chain of them.
type taps []tap

func (t taps) Caller(timestamp int64, ulaw []byte, read time.Time) {
	for _, one := range t {
		one.Caller(timestamp, ulaw, read)
	}
}

func (t taps) Agent(p piece) {
	for _, one := range t {
		one.Agent(p)
	}
}

func (t taps) Cut(now time.Time) {
	for _, one := range t {
		one.Cut(now)
	}
}
