package call

import (
	"time"

	"github.com/patchcord/patchcord/call/leg"
	"github.com/patchcord/patchcord/calllog"
)

// quality is what is counted of the sound of a call, on all its streams together.
type quality struct {
	openingStarted time.Time // when the first sound of the opening was sent; zero before
	firstAudioSent bool      // the first sound of all is in the metrics

	added     leg.Histogram // ms that the bridge added, both ways
	gaps      int           // holes in the carrier's timestamps
	late      int           // times the line ran dry inside a segment
	dropped   int           // bytes
	clipped   int           // samples of the agent's voice at full scale
	malformed int           // messages from the carrier that could not be read
}

// add counts a stream that is over.
func (q *quality) add(s *stream) {
	q.added.Merge(&s.passed)
	q.gaps += s.up.Gaps
	q.late += s.play.Late
	q.dropped += s.up.Dropped + s.play.Dropped
}

// summary is all of it as it is written down.
func (q *quality) summary() *calllog.Quality {
	return &calllog.Quality{Gaps: q.gaps, Late: q.late, Clipped: q.clipped, Dropped: q.dropped / (20 * leg.BytesPerMS),
		AddedMS: q.added.Summary()}
}
