package consent

import (
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// What each type of fact may and must say.

func (e *FieldErrors) grant(f Fact) {
	if f.Tier != Express && f.Tier != Written {
		e.add("tier", "must be %s or %s", Express, Written)
	}
	entries(e, "purposes", f.Purposes, Purposes, true)
	entries(e, "channels", f.Channels, Channels, true)
	e.word("subject", f.Subject, false)
	e.evidence(f.Evidence, true)
}

func (e *FieldErrors) refusal(f Fact) {
	if f.Scope != "" {
		e.oneOf("scope", f.Scope, Scopes)
	}
	entries(e, "purposes", f.Purposes, Purposes, f.Scope == ScopePurpose)
	entries(e, "channels", f.Channels, Channels, false)
	e.word("subject", f.Subject, f.Scope == ScopeCategory)
	e.evidence(f.Evidence, false)
}

func (e *FieldErrors) evidence(ev *Evidence, required bool) {
	if ev == nil {
		if required {
			e.add("evidence", "is required, with method and text")
		}
		return
	}
	e.word("evidence.method", ev.Method, required)
	if e.text("evidence.text", ev.Text, maxText); required && strings.TrimSpace(ev.Text) == "" {
		e.add("evidence.text", "is required: exactly what the person agreed to")
	}
	if e.text("evidence.url", ev.URL, maxLine); ev.URL != "" {
		if u, err := url.Parse(ev.URL); err != nil || u.Scheme == "" || u.Host == "" {
			e.add("evidence.url", "must be an absolute URL")
		}
	}
	if ev.IP != "" {
		if _, err := netip.ParseAddr(ev.IP); err != nil {
			e.add("evidence.ip", "must be an IP address")
		}
	}
	e.text("evidence.user_agent", ev.UserAgent, maxLine)
	e.text("evidence.signature", ev.Signature, maxLine)
	e.text("evidence.verified_by", ev.VerifiedBy, maxLine)
}

func (e *FieldErrors) scrub(f Fact, now time.Time) {
	e.oneOf("list", f.List, []string{ListNational, ListState})
	e.oneOf("result", f.Result, []string{Yes, No})
	e.date("version_date", f.VersionDate, true, now)
	e.state(f.State, f.List == ListState)
	if f.State != "" && f.List == ListNational {
		e.add("state", "belongs to %s", ListState)
	}
}

func (e *FieldErrors) numberFact(f Fact, now time.Time) {
	if f.LineType == "" && f.State == "" && f.Zone == "" && f.Reassigned == "" && !f.Facility && !f.Litigator {
		e.add("line_type", "is required, or one of state, zone, reassigned, facility, litigator")
	}
	if f.LineType != "" {
		e.oneOf("line_type", f.LineType, LineTypes)
	}
	e.state(f.State, false)
	e.zone(f.Zone, f.State)
	if f.Reassigned != "" {
		e.oneOf("reassigned", f.Reassigned, []string{Yes, No, NoData, Suspected})
	}
	e.date("date_param", f.DateParam, f.Reassigned != "" && f.Reassigned != Suspected, now)
}

func (e *FieldErrors) preference(f Fact) {
	if f.NotBefore == nil && f.After == "" && f.Before == "" {
		e.add("not_before", "is required, or one of after, before")
	}
	e.clock("after", f.After)
	e.clock("before", f.Before)
	from, badFrom := parseMinutes(f.After)
	to, badTo := parseMinutes(f.Before)
	if badFrom == nil && badTo == nil && from >= to {
		e.add("before", "leaves no time for calls")
	}
	e.wish(f.Zone)
	if f.NotBefore != nil && (f.NotBefore.Before(firstDate) || f.NotBefore.Sub(f.OccurredAt) > 10*365*day) {
		e.add("not_before", "is not a time within ten years")
	}
}
