package consent

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// phase is a policy as it is until some of its approvals are over.
type phase struct {
	until  time.Time // zero: for ever
	policy *Policy
}

// at is the policy that counts at a time: of what it allows beyond the built-in one only
// what is still approved. Its name and hash are the same.
func (p *Policy) at(now time.Time) *Policy {
	for _, f := range p.phases {
		if f.until.IsZero() || now.Before(f.until) {
			return f.policy
		}
	}
	return p
}

// whole is the policy that this one is a phase of.
func (p *Policy) whole() *Policy {
	if p.root != nil {
		return p.root
	}
	return p
}

// Widened is everything that the policy allows beyond the built-in one, approved at the
// moment or no more.
func (p *Policy) Widened() []Widened { return p.widened }

// widenings is Widened, worked out.
func (p *Policy) widenings() (list []Widened) {
	for _, state := range slices.Sorted(maps.Keys(p.States)) {
		row := p.States[state]
		was, ok := p.base.States[state]
		if !ok { // no state
			continue
		}
		for _, w := range row.widerThan(was) {
			rule := w.rule
			if strings.HasSuffix(rule, ".state") {
				rule += "." + state
			}
			list = append(list, Widened{"states." + state, w.what, row.Approval, []string{rule}})
		}
	}
	for _, b := range capBounds {
		if is, was := b.of(p.Caps), b.of(p.base.Caps); b.more(is, was) {
			list = append(list, Widened{"caps", fmt.Sprintf("%s %d → %d", b.key, was, is), p.Caps.Approval, b.rules})
		}
	}
	for _, state := range slices.Sorted(maps.Keys(p.AllowStates)) {
		list = append(list, Widened{"allow_states." + state, "allow_states", p.AllowStates[state],
			[]string{"device.state." + state, "registration.state." + state}})
	}
	for _, name := range slices.Sorted(maps.Keys(p.Exemptions)) {
		list = append(list, Widened{"exemptions." + name, "exemption " + name, p.Exemptions[name], nil})
	}
	for _, name := range slices.Sorted(maps.Keys(p.Templates)) {
		list = append(list, Widened{"emergency_templates." + name, "emergency template " + name,
			p.Templates[name].Approval, nil})
	}
	return list
}

// divide works out what counts until which approval is over.
func (p *Policy) divide() {
	p.widened, p.phases = p.widenings(), nil
	var ends []time.Time
	for _, w := range p.widened {
		ends = append(ends, w.Until())
	}
	slices.SortFunc(ends, time.Time.Compare)
	ends = slices.CompactFunc(ends, time.Time.Equal)
	for i, end := range ends {
		last := time.Time{}
		if i > 0 {
			last = ends[i-1]
		}
		p.phases = append(p.phases, phase{end, p.from(last)})
	}
	if len(ends) > 0 {
		p.phases = append(p.phases, phase{time.Time{}, p.from(ends[len(ends)-1])})
	}
}

// from is the policy without what is approved no more from an instant on.
func (p *Policy) from(t time.Time) *Policy {
	q := *p
	over := func(a Approval) bool { return !a.Until().After(t) }
	q.States, q.plans = maps.Clone(p.States), maps.Clone(p.plans)
	q.AllowStates, q.Exemptions, q.Templates = maps.Clone(p.AllowStates), maps.Clone(p.Exemptions), maps.Clone(p.Templates)
	maps.DeleteFunc(q.AllowStates, func(_ string, a Approval) bool { return over(a) })
	maps.DeleteFunc(q.Exemptions, func(_ string, a Approval) bool { return over(a) })
	maps.DeleteFunc(q.Templates, func(_ string, t Template) bool { return over(t.Approval) })
	q.widened = nil
	for _, w := range p.widened {
		switch state, ofState := strings.CutPrefix(w.Path, "states."); {
		case !over(w.Approval):
			q.widened = append(q.widened, w)
		case ofState:
			row := p.States[state].narrowed(p.base.States[state])
			q.States[state], q.plans[state] = row, planOf(row)
		case w.Path == "caps":
			q.Caps = p.Caps.narrowed(p.base.Caps)
		}
	}
	q.phases, q.root = nil, p
	return &q
}

// noted adds to a result what was widened that it rests on.
func (p *Policy) noted(r *Result) {
	for _, w := range p.widened {
		if slices.ContainsFunc(w.rules, func(prefix string) bool { return under(r.Rule, prefix) }) &&
			!(w.Path == "caps" && r.Status == NotApplicable) {
			r.Reason += fmt.Sprintf("; widened by policy %s (%s), %s", p.Name, w.What, w.Approval)
		}
	}
	if p.base != nil && p.base.StrictMobile && !p.StrictMobile && r.Rule == "location.ambiguous" {
		r.Reason += fmt.Sprintf("; strict_mobile is switched off by policy %s", p.Name)
	}
}

// approved is what a reason says of an exemption or a template that the policy has.
func (p *Policy) approved(a Approval) string { return fmt.Sprintf("; by policy %s, %s", p.Name, a) }
