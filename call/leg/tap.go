package leg

import "time"

// Tap listens to the sound of a stream, beside the call: a recording, a measurement, a detector. It copies what it
// keeps and returns at once. It never waits, whatever becomes of it, since sound is on its way; what is too much for it
// it drops and counts. Caller may come from another goroutine than the rest, but never two at once.
type Tap interface {
	// Caller hears a frame of the caller's: the carrier's timestamp of its first sample in ms, µ-law at 8 kHz, and when
	// it was read.
	Caller(timestamp int64, ulaw []byte, read time.Time)
	// Agent hears what was sent to the caller's ear.
	Agent(p Piece)
	// Cut says that what was sent and has not played by now will not be heard.
	Cut(now time.Time)
}

// Piece is a part of the agent's sound on its way to the caller's ear.
type Piece struct {
	ULaw    []byte        // at 8 kHz
	Due     time.Time     // at the ear, by what was sent before
	Way     time.Duration // to the carrier and back; negative while that isn't known
	Private bool          // it may be carried, and never kept
}

// Taps is a chain of them.
type Taps []Tap

// Caller lets every tap hear a frame.
func (t Taps) Caller(timestamp int64, ulaw []byte, read time.Time) {
	for _, one := range t {
		one.Caller(timestamp, ulaw, read)
	}
}

// Agent lets every tap hear what was sent.
func (t Taps) Agent(p Piece) {
	for _, one := range t {
		one.Agent(p)
	}
}

// Cut tells every tap.
func (t Taps) Cut(now time.Time) {
	for _, one := range t {
		one.Cut(now)
	}
}
