package consent

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Told is the types of facts that people, lists and operators may tell the ledger.
var Told = []Type{Grant, Revoke, DNCAdd, DNCRemove, Scrub, NumberFact, Preference}

// Bounds on what a fact may hold, in bytes.
const (
	maxWord = 100  // an identifier
	maxLine = 2000 // a note, a signature
	maxText = 20000
	maxList = 16 // entries
)

// firstDate is before all that a fact can tell of: the TCPA is of 1991.
var firstDate = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

// lateRefusal is how far in the future a refusal may be dated. A sender with a
// wrong clock or zone must not be turned away; the refusal holds from when it is
// recorded.
const lateRefusal = 24 * time.Hour

// WithDefaults fills in what whoever tells of a fact may leave out: the scope of a
// refusal, and its time, which is then now.
func (f Fact) WithDefaults(now time.Time) Fact {
	if f.Type == Revoke && f.Scope == "" {
		f.Scope = AllAutomated
	}
	if f.OccurredAt.IsZero() && refuses(f.Type) {
		f.OccurredAt = now.UTC()
	}
	return f
}

func refuses(t Type) bool { return t == Revoke || t == DNCAdd }

// Validate holds a fact that somebody tells the ledger to what its type may and
// must say; call [Fact.WithDefaults] first. The error is a [FieldErrors] with every
// field that is wrong.
func (f Fact) Validate(now time.Time) error {
	var e FieldErrors
	if !slices.Contains(Told, f.Type) {
		e.add("type", "must be one of %s", listOf(Told))
		return e // what else it may say depends on it
	}
	if f.Number.IsZero() {
		e.add("number", "is required, in E.164 form, such as +12125550142")
	}
	e.word("seller", f.Seller, f.Type != NumberFact)
	e.occurred(f, now)
	e.word("source", f.Source, true)
	e.word("actor", f.Actor, false)
	e.text("note", f.Note, maxLine)
	e.strangers(f)
	switch f.Type {
	case Grant:
		e.grant(f)
	case Revoke, DNCAdd:
		e.refusal(f)
	case DNCRemove:
		e.evidence(f.Evidence, true)
		if bulk(&f) {
			e.add("source", "a number leaves the list by a new act of the person alone, not by an import")
		}
	case Scrub:
		e.scrub(f, now)
	case NumberFact:
		e.numberFact(f, now)
	case Preference:
		e.preference(f)
	}
	return e.err()
}

// occurred looks at the time that a fact tells of.
func (e *FieldErrors) occurred(f Fact, now time.Time) {
	ahead := clockSkew
	if refuses(f.Type) {
		ahead = lateRefusal
	}
	switch {
	case f.OccurredAt.IsZero():
		e.add("occurred_at", "is required")
	case f.OccurredAt.Before(firstDate):
		e.add("occurred_at", "is before %d", firstDate.Year())
	case f.OccurredAt.Sub(now) > ahead:
		e.add("occurred_at", "is in the future")
	}
}

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
	e.zone(f.Zone)
	if f.Reassigned != "" {
		e.oneOf("reassigned", f.Reassigned, []string{Yes, No, NoData})
	}
	e.date("date_param", f.DateParam, f.Reassigned != "", now)
}

func (e *FieldErrors) preference(f Fact) {
	if f.NotBefore == nil && f.After == "" && f.Before == "" {
		e.add("not_before", "is required, or one of after, before")
	}
	e.clock("after", f.After)
	e.clock("before", f.Before)
	if f.After != "" && f.After == f.Before {
		e.add("before", "leaves no time at all")
	}
	e.zone(f.Zone)
	if f.NotBefore != nil && (f.NotBefore.Before(firstDate) || f.NotBefore.Sub(f.OccurredAt) > 10*365*day) {
		e.add("not_before", "is no time within ten years")
	}
}

// word looks at an identifier: short, printable, without a line's end.
func (e *FieldErrors) word(field, s string, required bool) {
	switch {
	case strings.TrimSpace(s) == "" && (required || s != ""):
		e.add(field, "is required")
	case len(s) > maxWord:
		e.add(field, "is longer than %d bytes", maxWord)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		e.add(field, "must be one line of text")
	}
}

// text looks at what a person wrote.
func (e *FieldErrors) text(field, s string, most int) {
	switch {
	case len(s) > most:
		e.add(field, "is longer than %d bytes", most)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' }):
		e.add(field, "must be text")
	}
}

func (e *FieldErrors) oneOf(field, s string, list []string) {
	if !slices.Contains(list, s) {
		e.add(field, "must be one of %s", strings.Join(list, ", "))
	}
}

func (e *FieldErrors) date(field, s string, required bool, now time.Time) {
	if s == "" {
		if required {
			e.add(field, "is required, such as 2006-01-02")
		}
		return
	}
	switch t, err := time.Parse(time.DateOnly, s); {
	case err != nil:
		e.add(field, "must be a date such as 2006-01-02")
	case t.Before(firstDate):
		e.add(field, "is before %d", firstDate.Year())
	case t.Sub(now) > day: // somewhere it is tomorrow already
		e.add(field, "is in the future")
	}
}

func (e *FieldErrors) clock(field, s string) {
	if s == "" {
		return
	}
	if _, err := time.Parse("15:04", s); err != nil || len(s) != len("15:04") {
		e.add(field, "must be a time of day such as 15:04")
	}
}

// entries looks at a list of words.
func entries[S ~string](e *FieldErrors, field string, list, known []S, required bool) {
	if required && len(list) == 0 {
		e.add(field, "is required: at least one of %s", listOf(known))
	}
	if len(list) > maxList {
		e.add(field, "has more than %d entries", maxList)
		return
	}
	for i, s := range list {
		switch {
		case !slices.Contains(known, s):
			e.add(fmt.Sprintf("%s[%d]", field, i), "must be one of %s", listOf(known))
		case slices.Contains(list[:i], s):
			e.add(fmt.Sprintf("%s[%d]", field, i), "is there twice")
		}
	}
}

func listOf[S ~string](list []S) string {
	parts := make([]string, len(list))
	for i, s := range list {
		parts[i] = string(s)
	}
	return strings.Join(parts, ", ")
}
