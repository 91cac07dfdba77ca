package consent

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/phone"
)

// neverOff is what no policy may switch off, nor a part of it, nor what it is part
// of: without these a call may be one that nobody agreed to, or whose caller hides.
var neverOff = []string{"revoked", "dnc.internal", "destination", "consent", "ledger", "identification", "optout",
	"ai", "recording", "caller_id", "reassigned"}

// check looks at a policy that a file has been laid over. Of its rows only those
// of the file are gone through.
func (p *Policy) check(at *keyLines, rows []string) (problems []error) {
	wrong := map[string]bool{}
	say := func(path, format string, args ...any) {
		wrong[path], wrong[path[:max(0, strings.LastIndexByte(path, '.'))]] = true, true
		problems = append(problems, at.say(path, fmt.Sprintf(format, args...)))
	}
	if _, err := time.Parse(time.DateOnly, p.Date); err != nil {
		say("date", "%q is not a date: want one such as 2026-11-22", p.Date)
	}
	for _, prefix := range p.SwitchedOff {
		path := "switched_off." + prefix
		if i := slices.IndexFunc(neverOff, func(never string) bool {
			return under(prefix, never) ||
				under(never, prefix)
		}); i >= 0 {
			say(path, "%q can't be switched off: %s always applies", prefix, neverOff[i])
		} else if !knownPrefix(prefix) {
			say(path, "%q is not a rule or the prefix of one", prefix)
		}
	}
	p.checkApproved(say)
	for _, b := range capBounds {
		if v := b.of(p.Caps); v < b.min || v > b.max {
			say("caps."+b.key, "%d is out of bounds: want %d to %d%s", v, b.min, b.max, b.why)
		}
	}
	for _, state := range rows {
		if phone.StateZones(state) == nil {
			say("states."+state, "%q is not a state: want two capital letters", state)
			continue
		}
		p.States[state].check(below(say, "states."+state))
	}
	p.checkMore(say, wrong)
	return problems
}

// check looks at one row.
func (r StateRow) check(say func(key, format string, args ...any)) {
	if w, err := parseWindow(r.MonFri); err != nil {
		say("weekdays", "%v", err)
	} else if w.closed() {
		say("weekdays", "none is not allowed here: want a window such as 08:00-20:00")
	}
	for _, d := range []struct{ key, text string }{{"saturday", r.Saturday}, {"sunday", r.Sunday},
		{"holidays", r.Holidays}} {
		if d.key == "holidays" && d.text == holidaysOK {
			continue
		}
		if _, err := parseWindow(d.text); err != nil {
			say(d.key, "%v", err)
		}
	}
	bound := func(key string, v, low, high int) {
		if v < low || v > high {
			say(key, "%d is out of bounds: want %d to %d", v, low, high)
		}
	}
	bound("cap", r.Cap, 0, 100)
	bound("cap_hours", r.CapHours, 0, 24*31)
	oneOf := func(key, v string, of ...string) {
		if !slices.Contains(of, v) {
			say(key, "%q is not one of %s", v, strings.Join(of, ", "))
		}
	}
	oneOf("device", r.Device, "allow", "block", "counsel_required")
	oneOf("written", r.Written, "", "all", "mobile")
	oneOf("confidence", r.Confidence, append([]string{""}, confidences...)...)
	if strings.TrimSpace(r.Citation) == "" {
		say("citation", "is empty: a refusal must name the law")
	}
	for _, d := range r.ExtraHolidays {
		if _, _, err := parseHoliday(d); err != nil {
			say("extra_holidays", "%v", err)
		}
	}
}

// knownPrefix tells whether any rule begins with a prefix. A rule of the states may
// be named for one of them.
func knownPrefix(prefix string) bool {
	return slices.ContainsFunc(catalogue(), func(r rule) bool {
		state, ofState := strings.CutPrefix(prefix, r.id+".")
		return under(r.id, prefix) || strings.HasSuffix(r.id, ".state") && ofState && phone.StateZones(state) != nil
	})
}
