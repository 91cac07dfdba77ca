package call

import (
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
)

// zero begins every series whose labels are known at 0: one that appeared with its first failure
// would show no increase to whoever watches.
func (m *Metrics) zero(profiles map[string]*Profile) {
	for _, direction := range []string{calllog.Inbound, calllog.Outbound} {
		for _, outcome := range calllog.Outcomes {
			m.calls.WithLabelValues(direction, outcome)
		}
	}
	for _, why := range []string{"unknown_number", "capacity", "draining", "caller_limit", "number_limit", "stream"} {
		m.refused.WithLabelValues(why)
	}
	for _, from := range []string{"caller", "agent"} {
		m.malformed.WithLabelValues(from)
	}
	for _, outcome := range []consent.Outcome{consent.Allow, consent.Defer, consent.Hold, consent.Deny} {
		m.decisions.WithLabelValues(string(outcome))
	}
	for _, rule := range consent.Rules() {
		m.failures.WithLabelValues(rule)
	}
	for _, result := range []string{routeAnswered, routeSlow, routeWrong, routeGone} {
		m.routes.WithLabelValues(result)
	}
	m.tools.WithLabelValues("unknown", "error")
	for _, p := range profiles {
		p.zero(m)
	}
}

// zero begins the series of an agent's tools and voices.
func (p *Profile) zero(m *Metrics) {
	for _, t := range p.toolSpecs() {
		m.tools.WithLabelValues(t.Name, "ok")
		m.tools.WithLabelValues(t.Name, "error")
	}
	for _, v := range p.Voices {
		m.handshakes.WithLabelValues(p.Name, v.Name, "ok")
		m.handshakes.WithLabelValues(p.Name, v.Name, "failed")
		m.cost.WithLabelValues(v.Name)
		for _, kind := range tokenKinds {
			m.tokens.WithLabelValues(v.Name, kind)
		}
	}
}
