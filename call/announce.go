package call

import (
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
)

// Answer takes a call that rings and returns what it follows.
// The agent is dialled at once; where the number has a Router, as soon as that has said
// which. Over capacity, or while draining, it is the fallback; over a limit of the
// caller or of the number, a sentence. A call that was announced before is hung up.
func (b *Switchboard) Answer(v carrier.Incoming) carrier.Step {
	log := b.cfg.Logger.With().Str("call_sid", string(v.Call)).Logger()
	profile := b.cfg.Profiles[b.cfg.Numbers[string(v.To)]]
	if profile == nil {
		log.Warn().Msg("number has no agent; rejecting call")
		b.cfg.Metrics.refused.WithLabelValues("unknown_number").Inc()
		return carrier.Reject{}
	}
	var variables map[string]string
	var note string
	var under *asking
	if router := b.cfg.Routers[string(v.To)]; router != nil && !b.isFull() {
		if under = b.beginAsking(b.idOf(v.Call), v.Call); under != nil {
			defer b.endAsking(under)
			profile, variables, note = b.ask(router, v, profile, log)
		}
	}
	beside := b.countElsewhere(v)
	b.mu.Lock()
	defer b.mu.Unlock()
	if known(b.table.phaseOf(v.Call)) {
		b.refusals.Warn().Str("call_sid", string(v.Call)).Msg("duplicate voice webhook; hanging up")
		return carrier.HangUp{}
	}
	if why := b.full(); why != "" {
		log.Warn().Str("why", why).Msg("call refused")
		b.cfg.Metrics.refused.WithLabelValues(why).Inc()
		return refusal(profile)
	}
	if why := b.admitted(v, profile, beside, time.Now()); why != "" {
		b.refusals.Warn().Str("call_sid", string(v.Call)).Str("why", why).Msg("call refused")
		b.cfg.Metrics.refused.WithLabelValues(why).Inc()
		return tooMany(profile)
	}
	w := b.announced(v, profile, variables)
	if note != "" {
		w.call.journal.note(note, time.Now())
	}
	if b.overMeanwhile(under, w) {
		return carrier.HangUp{}
	}
	return b.connect(v.Call, profile, "")
}

// announced makes a call that comes in wait for its stream. b.mu is held.
func (b *Switchboard) announced(v carrier.Incoming, p *Profile, variables map[string]string) *waiting {
	head := calllog.Call{ID: b.idOf(v.Call), Direction: calllog.Inbound, TwilioCallSID: string(v.Call),
		From: string(v.From), To: string(v.To), Attestation: v.Attestation, Agent: p.Name, Voice: p.voice(), Variables: variables,
		Status: calllog.StatusRinging, StartedAt: time.Now(), Instance: b.cfg.Instance}
	return b.wait(b.table.entry(head.ID, v.Call), p, head, nil, 0)
}
