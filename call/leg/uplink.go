package leg

import (
	"time"

	"github.com/patchcord/patchcord/media"
)

// Bounds of the caller's sound on its way to the agent.
const (
	gapBound    = 2_000 // ms of silence put in place of a hole, at most
	resyncAfter = 3     // late frames in a row, after which they are believed
	gapSlack    = 10    // ms by which timestamps may be off without being a hole
	burst       = 800   // bytes a message when kept sound is delivered: 100 ms
)

// Uplink is the caller's sound before it reaches the agent: holes in Twilio's
// timestamps are filled with silence, and while nobody may or can listen it is
// kept, the newest of it if there is too much.
type Uplink struct {
	Clock          // whoever sends a frame, which bypass decides, owns it
	Kept    []byte // this and what follows is run's
	Dropped int    // bytes
}

// Clock follows Twilio's timestamps.
type Clock struct {
	begun  bool
	next   int64 // timestamp that the next frame should have, ms
	Gaps   int
	Late   int // frames with a timestamp that has passed
	behind int // of these, the newest in a row
}

// Silence is the sound of a hole.
var Silence = func() []byte {
	b := make([]byte, gapBound*BytesPerMS)
	for i := range b {
		b[i] = media.Silence
	}
	return b
}()

// Hole returns the silence that belongs before a frame.
func (u *Clock) Hole(timestamp int64, frame int) []byte {
	missing := timestamp - u.next
	if !u.begun {
		u.begun, missing = true, 0
	}
	if missing < -gapSlack {
		u.Late++
		if u.behind++; u.behind < resyncAfter {
			return nil
		}
		missing = 0 // one timestamp was wrong, not all that followed
	}
	u.behind = 0
	u.next = timestamp + int64(frame/BytesPerMS)
	if missing <= gapSlack {
		return nil
	}
	u.Gaps++
	return Silence[:min(missing, gapBound)*BytesPerMS]
}

// Keep holds sound back; over the bound the oldest goes.
func (u *Uplink) Keep(ulaw []byte, bound int) {
	u.Kept = append(u.Kept, ulaw...)
	if over := len(u.Kept) - bound; over > 0 {
		u.Dropped += over
		u.Kept = append(u.Kept[:0], u.Kept[over:]...)
	}
}

// Deliver hands over what was kept, in messages of 100 ms. What can't be sent is
// kept on.
func (u *Uplink) Deliver(send func(ulaw []byte) error) error {
	for len(u.Kept) > 0 {
		n := min(burst, len(u.Kept))
		if err := send(u.Kept[:n]); err != nil {
			return err
		}
		u.Kept = u.Kept[n:]
	}
	u.Kept = nil
	return nil
}

// Span is how long so many bytes of µ-law last.
func Span(bytes int) time.Duration { return time.Duration(bytes) * time.Millisecond / BytesPerMS }
