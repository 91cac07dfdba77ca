package call

import (
	"time"

	"github.com/patchcord/patchcord/media"
)

// Bounds of the caller's sound on its way to the agent.
const (
	holdDuringOpening = 10_000 * bytesPerMS // kept while the opening can't be talked over
	holdWithoutAgent  = 2_000 * bytesPerMS  // kept while there is no agent
	gapBound          = 2_000               // ms of silence put in place of a hole, at most
	resyncAfter       = 3                   // late frames in a row, after which they are believed
	gapSlack          = 10                  // ms by which timestamps may be off without being a hole
	burst             = 800                 // bytes a message when kept sound is delivered: 100 ms
)

// uplink is the caller's sound before it reaches the agent: holes in Twilio's
// timestamps are filled with silence, and while nobody may or can listen it is
// kept, the newest of it if there is too much.
type uplink struct {
	clock          // whoever sends a frame, which bypass decides, owns it
	kept    []byte // this and what follows is run's
	dropped int    // bytes
}

// clock follows Twilio's timestamps.
type clock struct {
	begun  bool
	next   int64 // timestamp that the next frame should have, ms
	gaps   int
	late   int // frames with a timestamp that has passed
	behind int // of these, the newest in a row
}

// silence is the sound of a hole.
var silence = func() []byte {
	b := make([]byte, gapBound*bytesPerMS)
	for i := range b {
		b[i] = media.Silence
	}
	return b
}()

// hole returns the silence that belongs before a frame.
func (u *clock) hole(timestamp int64, frame int) []byte {
	missing := timestamp - u.next
	if !u.begun {
		u.begun, missing = true, 0
	}
	if missing < -gapSlack {
		u.late++
		if u.behind++; u.behind < resyncAfter {
			return nil
		}
		missing = 0 // one timestamp was wrong, not all that followed
	}
	u.behind = 0
	u.next = timestamp + int64(frame/bytesPerMS)
	if missing <= gapSlack {
		return nil
	}
	u.gaps++
	return silence[:min(missing, gapBound)*bytesPerMS]
}

// keep holds sound back; over the bound the oldest goes.
func (u *uplink) keep(ulaw []byte, bound int) {
	u.kept = append(u.kept, ulaw...)
	if over := len(u.kept) - bound; over > 0 {
		u.dropped += over
		u.kept = append(u.kept[:0], u.kept[over:]...)
	}
}

// deliver hands over what was kept, in messages of 100 ms. What can't be sent is
// kept on.
func (u *uplink) deliver(send func(ulaw []byte) error) error {
	for len(u.kept) > 0 {
		n := min(burst, len(u.kept))
		if err := send(u.kept[:n]); err != nil {
			return err
		}
		u.kept = u.kept[n:]
	}
	u.kept = nil
	return nil
}

// span is how long so many bytes of µ-law last.
func span(bytes int) time.Duration { return time.Duration(bytes) * time.Millisecond / bytesPerMS }
