package call

import (
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// abandonAfter is how long a person who answers may hear nothing: 47 CFR
// 64.1200(a)(7).
const abandonAfter = 2 * time.Second

// figures is what the ledger keeps of how a placed call began.
type figures struct {
	firstAudio time.Time // when its first sound was sent; zero for never
	machine    bool      // no person answered
}

// end writes an outcome down, and counts it unless m is nil. A call that was put through
// has ended for us when it left.
func (j *journal) end(out Outcome, now time.Time, m *Metrics, log zerolog.Logger) {
	if out.note != "" {
		j.add(calllog.Entry{Kind: calllog.KindNote, Event: out.event, Text: out.note, Result: out.why}, now)
	}
	h := &j.head
	if h.EndedAt == nil || h.Outcome != string(out.Reason) {
		h.EndedAt = &now
	}
	h.Status, h.Outcome = calllog.StatusCompleted, string(out.Reason)
	if out.failure != nil {
		h.Failure = out.failure
	}
	j.save()
	if m != nil {
		m.calls.WithLabelValues(h.Direction, h.Outcome).Inc()
	}
	log.Info().Str("outcome", h.Outcome).AnErr("cause", out.Err).Dur("lasted_ms", now.Sub(h.StartedAt)).Msg("the call ended")
}

// failed writes down that no stream came, for now: one may come after all.
func (j *journal) failed(now time.Time) {
	j.head.Status, j.head.Outcome, j.head.EndedAt = calllog.StatusCompleted, calllog.OutcomeFailed, &now
	j.save()
}

// conclude tells the ledger what became of a permit, and then whoever waits for the end
// of calls.
func (b *Switchboard) conclude(head calllog.Call, out Outcome, f figures) {
	if head.Direction != calllog.Outbound || b.keeper.gate == nil || head.Order == nil {
		return
	}
	profile := b.cfg.Profiles[head.Agent]
	to, err := phone.Parse(head.To)
	from, _ := phone.Parse(head.From)
	if profile == nil || err != nil {
		return
	}
	status := consent.PermitEnded
	if out.released {
		status = consent.PermitReleased
	}
	fact := consent.Ended(b.request(head.ID, to, from, profile, head.Order), head.Order.PermitID, status, head.Outcome, *head.EndedAt)
	if head.AnsweredAt == nil && out.Reason == Drained { // we stopped while it rang
		fact.Outcome = string(NoAnswer)
	}
	if head.AnsweredAt != nil {
		silent := head.EndedAt.Sub(*head.AnsweredAt)
		if !f.firstAudio.IsZero() {
			silent = f.firstAudio.Sub(*head.AnsweredAt)
			fact.FirstAudioMS = max(1, silent.Milliseconds())
		}
		// Who heard nothing at all was abandoned, whoever hung up, and however soon.
		fact.Abandoned = !f.machine && (silent > abandonAfter || f.firstAudio.IsZero())
	}
	fact.Abandoned = fact.Abandoned || out.silent
	b.keeper.do(func() {
		b.keeper.record(keepWait, fact)
		if b.cfg.Ended != nil {
			b.cfg.Ended(head)
		}
	})
}
