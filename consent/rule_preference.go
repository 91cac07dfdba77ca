package consent

import (
	"slices"
	"time"

	"github.com/patchcord/patchcord/phone"
)

// preference is when a person wants this seller, or one that they take for it, to call.
// It is a wish, not a refusal. What they said adds up.
func preference(e *evaluation) []Result {
	r := Result{Rule: "preference", Jurisdiction: "US", Effect: EffectDefer,
		Citation: "the person's own wish; 47 CFR 64.1200(a)(10)"}
	w := e.wish()
	switch {
	case len(w.facts) == 0:
		r.Status, r.Reason = Pass, "the person stated no preferred times"
	case e.emergency():
		r.Status, r.Reason = NotApplicable, "emergency calls ignore preferred times"
	case w.unclear:
		r.Status, r.Effect, r.Reason = Unknown, EffectHold,
			"the person stated preferred times, but they can't be read"
	case e.now.Before(w.from):
		r.Status, r.Reason, r.RetryAt = Fail,
			"the person asked not to be called before "+w.from.UTC().Format("2006-01-02 15:04 MST"),
			e.retryAt(wishClocks(nil, w, e.places), w.from)
	case len(w.hours) == 0:
		r.Status, r.Reason = Pass, "no preference of the person forbids the call"
	case len(wishClocks(nil, w, e.places)) == 0:
		r.Status, r.Effect, r.Reason = Unknown, EffectHold,
			"the person stated preferred times, but their local time is unknown"
	default:
		e.judge(&r, wishClocks(nil, w, e.places), func(clocks []zoneClock, fails bool) []byte {
			return e.sayHours(clocks, "", "the person asked for calls", fails)
		})
	}
	for _, f := range w.facts {
		if f.Seq > 0 {
			r.Facts = append(r.Facts, f.Seq)
		}
	}
	return []Result{r}
}

// wish is what a person has said of when to be called.
type wish struct {
	facts   []*Fact // what counts of it; empty for nothing
	from    time.Time
	hours   []zoneClock // of a day; with no zone, in every zone where the person may be
	unclear bool
}

// wish adds up what the person has told the seller. What nobody in particular was told is
// for everyone. Of each field the newest counts, so that a day does not take back an hour;
// where the newest hours of both ends leave no time at all, the newer of them counts alone.
// What was said on a call that nobody vouches for only narrows it.
func (e *evaluation) wish() (w wish) {
	newest := func(said func(*Fact) bool) *Fact {
		return e.newest(func(f *Fact) bool { return e.wished(f) && f.vouched() && said(f) })
	}
	day := newest(func(f *Fact) bool { return f.NotBefore != nil })
	after := newest(func(f *Fact) bool { return f.After != "" })
	before := newest(func(f *Fact) bool { return f.Before != "" })
	if day != nil {
		w.facts, w.from = append(w.facts, day), *day.NotBefore
	}
	lastAfter, lastBefore := after, before
	if after != nil && before != nil && after != before && after.After >= before.Before {
		if happened(before).After(happened(after)) {
			after = nil
		} else {
			before = nil
		}
	}
	switch {
	case after != nil && before != nil && after.Zone == before.Zone:
		w.between(after.After, before.Before, after.Zone)
	case after != nil && before != nil:
		w.between(after.After, "", after.Zone)
		w.between("", before.Before, before.Zone)
	case after != nil:
		w.between(after.After, "", after.Zone)
	case before != nil:
		w.between("", before.Before, before.Zone)
	}
	for _, f := range []*Fact{after, before} {
		if f != nil && !slices.Contains(w.facts, f) {
			w.facts = append(w.facts, f)
		}
	}
	w.narrow(e, day, lastAfter, lastBefore)
	return w
}

// wished tells whether a fact says when the person wants this seller to call.
func (e *evaluation) wished(f *Fact) bool {
	return f.Type == Preference && (e.req.Seller.Is(f.Seller) || f.Seller == "")
}

// narrow adds what was said, since what counts of the same field, by a caller for whose number
// nobody vouches: whoever forges a number may ask for fewer calls to it, never for more.
func (w *wish) narrow(e *evaluation, day, after, before *Fact) {
	since := func(f, counts *Fact) bool { return counts == nil || !happened(f).Before(happened(counts)) }
	said := map[[3]string]bool{}
	for i := range e.s.Facts {
		f := &e.s.Facts[i]
		if !e.wished(f) || f.vouched() || e.future(f) {
			continue
		}
		hours := [3]string{2: f.Zone}
		if since(f, after) {
			hours[0] = f.After
		}
		if since(f, before) {
			hours[1] = f.Before
		}
		later := f.NotBefore != nil && since(f, day) && f.NotBefore.After(w.from)
		adds := hours[0]+hours[1] != "" && !said[hours]
		if later {
			w.from = *f.NotBefore
		}
		if adds {
			said[hours] = true
			w.between(hours[0], hours[1], hours[2])
		}
		if later || adds {
			w.facts = append(w.facts, f)
		}
	}
}

// between adds the hours of a day in a zone; of no zone, for wherever the person may be.
func (w *wish) between(after, before, zone string) {
	c, window := zoneClock{}, wholeDay
	var err error
	if after != "" {
		if window.open, err = parseMinutes(after); err != nil {
			w.unclear = true
		}
	}
	if before != "" {
		if window.shut, err = parseMinutes(before); err != nil {
			w.unclear = true
		}
	}
	if zone != "" {
		if c.zone, err = phone.LoadZone(zone); err != nil {
			w.unclear = true
		}
	}
	c.plan = daily(window)
	w.hours = append(w.hours, c)
}

// wishClocks adds the clocks of a wish: in the zone that the person named, or else in
// every zone in which they may be.
func wishClocks(clocks []zoneClock, w wish, places []Place) []zoneClock {
	for _, h := range w.hours {
		if h.zone != nil {
			clocks = append(clocks, h)
			continue
		}
		for _, c := range federalClocks(nil, places) {
			clocks = append(clocks, zoneClock{c.zone, h.plan})
		}
	}
	return clocks
}
