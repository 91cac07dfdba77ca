package agent

import (
	"slices"
	"strconv"
	"time"

	"github.com/patchcord/patchcord/realtime"
)

// answer is one response of the server's.
type answer struct {
	id       realtime.ResponseID
	saying   *saying // what it was asked to say word for word; nil for words of its own
	apart    bool    // it is out of band: the conversation doesn't know it
	greeting bool
	doomed   bool // the server cancels it by itself
	dropped  bool // no more of it is to be heard
	began    int  // its beat
	parts    []*part
	group    *toolGroup // its tool calls; nil if it has none
}

// answers are those that run, and the names of those that have ended, of which late pieces
// may come.
type answers struct {
	running map[realtime.ResponseID]*answer
	ended   []realtime.ResponseID // newest last
}

const (
	endedKept  = 64
	runningMax = 64 // answers of which the server has forgotten to tell the end
)

// begin takes the server's word that an answer begins.
func (a *realtimeAgent) begin(r realtime.Response) {
	if a.answers.running[r.ID] != nil || slices.Contains(a.answers.ended, r.ID) {
		return
	}
	now := &answer{id: r.ID, began: a.beat()}
	forced := a.traits.Say == realtime.SayForceMessage
	if now.saying = a.sayings.of(r, a.slot.asked, forced); now.saying != nil {
		now.apart, now.dropped = !forced, now.saying.dropped
	}
	if !now.apart {
		a.greets = false
		a.slot.take(now)
	}
	if len(a.answers.running) >= runningMax {
		clear(a.answers.running)
	}
	a.answers.running[r.ID] = now
	if now.dropped {
		_ = a.send(realtime.ResponseCancel{ResponseID: now.id})
	}
}

// of is the answer of a name, nil if nothing of it is to be heard any more. One that was
// never said to begin begins now.
func (a *realtimeAgent) of(id realtime.ResponseID) *answer {
	r := a.answers.running[id]
	if r == nil && !slices.Contains(a.answers.ended, id) {
		a.begin(realtime.Response{ID: id})
		r = a.answers.running[id]
	}
	if r == nil || r.dropped {
		return nil
	}
	return r
}

// done takes the end of an answer.
func (a *realtimeAgent) done(r realtime.Response) {
	now := a.answers.running[r.ID]
	if now == nil {
		if slices.Contains(a.answers.ended, r.ID) {
			return
		}
		a.begin(r) // nothing of it has come before
		now = a.answers.running[r.ID]
	}
	a.charge(r.Usage)
	delete(a.answers.running, r.ID)
	if a.answers.ended = append(a.answers.ended, r.ID); len(a.answers.ended) > endedKept {
		a.answers.ended = a.answers.ended[1:]
	}
	for _, p := range now.parts {
		a.endPart(p)
	}
	a.slot.free(now)
	failed := a.judge(&r, now)
	if now.saying != nil {
		a.said(now, failed)
		if now.apart && a.slot.active != nil { // whose end is the reply's
			return
		}
	}
	goesOn := a.toolsOver(now)
	_ = a.ask()
	if !goesOn && !a.slot.asked && !a.slot.wanted {
		a.emit(TurnEnd{})
	}
}

// judge says how an answer ended that didn't end well, and whether it failed.
func (a *realtimeAgent) judge(r *realtime.Response, now *answer) (failed bool) {
	var reason realtime.Reason
	if r.StatusDetails != nil {
		reason = r.StatusDetails.Reason
	}
	switch r.Status {
	case realtime.StatusCancelled:
		if reason == realtime.ReasonTurnDetected && !now.dropped && !now.apart {
			a.verdict = verdict{a.beat(), time.Now()}
			a.emit(Interrupted{})
		}
	case realtime.StatusIncomplete:
		a.emit(Failed{Code: "response_incomplete", Slug: string(reason)})
	case realtime.StatusFailed:
		a.failed(r.Err(), now)
		return true
	case realtime.StatusCompleted, realtime.StatusInProgress:
		a.slot.tries = 0
	}
	return false
}

func (a *realtimeAgent) nextEvent() realtime.EventID {
	a.lastID++
	return realtime.EventID("pc_" + strconv.Itoa(a.lastID))
}
