package builtin

import (
	"time"

	"github.com/patchcord/patchcord/calllog"
)

// Key takes a key that the caller pressed, and writes it down, if it belongs to a collection.
func (s *State) Key(c Controls, key string, now time.Time) (taken bool) {
	d, secret := s.collection, s.late.want.Secret
	switch {
	case d != nil:
		secret = d.want.Secret
	case !s.late.takes(key, now):
		return false
	}
	shown := key
	if secret {
		shown = KeyMasked
	}
	c.Log(calllog.Entry{Kind: calllog.KindDTMF, Digit: shown}, now)
	if d != nil {
		if by := d.press(key, now); by != "" {
			s.collected(c, by, now)
		}
	}
	return true
}

// KeysSecret tells whether keys are being pressed that nobody may know of. Their tones may be heard, so the agent gets
// silence meanwhile.
func (s *State) KeysSecret(now time.Time) bool {
	if s.collection != nil {
		return s.collection.want.Secret
	}
	return s.late.want.Secret && !now.After(s.late.deaf)
}

// NextStream gives whoever keys something in the time that they had without a stream.
func (s *State) NextStream(now time.Time) {
	if d := s.collection; d != nil && d.last.IsZero() {
		d.since = now
	} else if d != nil {
		d.last = now
	}
}

// Wake is when Tick has something to do; zero for never. Dry is when the line has nothing left to play.
func (s *State) Wake(dry time.Time) time.Time {
	if s.collection == nil {
		return time.Time{}
	}
	return s.collection.due(dry)
}

// Tick does what time brings.
func (s *State) Tick(c Controls, dry, now time.Time) {
	if s.collection != nil && !now.Before(s.collection.due(dry)) {
		s.collected(c, byTimeout, now)
	}
}
