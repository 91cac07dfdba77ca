package consent

import "time"

// preference is when a person wants this seller to call. It is a wish, not a
// refusal. The newest counts.
func preference(e *evaluation) []Result {
	r := Result{Rule: "preference", Jurisdiction: "US", Effect: EffectDefer, Citation: "the person's own wish; 47 CFR 64.1200(a)(10)"}
	w := e.wish()
	switch {
	case w.fact == nil:
		r.Status, r.Reason = Pass, "the person has said nothing of when to be called"
	case e.emergency():
		r.Status, r.Reason = NotApplicable, "an emergency call can't wait"
	case w.unclear:
		r.Status, r.Effect, r.Reason = Unknown, EffectHold, "the person has said when to be called, but the times can't be read"
	case e.now.Before(w.from):
		r.Status, r.Reason, r.RetryAt = Fail, "the person wants no call before "+w.from.UTC().Format("2006-01-02 15:04 MST"), e.retryAt(wishClocks(nil, w, e.places), w.from)
	case w.plan == nil:
		r.Status, r.Reason = Pass, "the person has said nothing that is against it"
	case len(e.places) == 0:
		r.Status, r.Effect, r.Reason = Unknown, EffectHold, "the person has said when to be called, but nobody knows what time it is there"
	default:
		e.judge(&r, wishClocks(nil, w, e.places), func(clocks []zoneClock, fails bool) []byte {
			return e.sayHours(clocks, "", "the person wants calls", fails)
		})
	}
	if w.fact != nil && w.fact.Seq > 0 {
		r.Facts = []int64{w.fact.Seq}
	}
	return []Result{r}
}

// wish is what a person has said of when to be called.
type wish struct {
	fact    *Fact // nil for nothing
	from    time.Time
	plan    *dayPlan // nil for any time of the day
	unclear bool
}

// wish is the newest that the person has told the seller. One that nobody in
// particular was told is for everyone.
func (e *evaluation) wish() (w wish) {
	for i := range e.s.Facts {
		f := &e.s.Facts[i]
		if f.Type == Preference && (e.req.Seller.Is(f.Seller) || f.Seller == "") && !e.future(f) &&
			(w.fact == nil || !happened(f).Before(happened(w.fact))) {
			w.fact = f
		}
	}
	if w.fact == nil {
		return w
	}
	if w.fact.NotBefore != nil {
		w.from = *w.fact.NotBefore
	}
	if w.fact.After == "" && w.fact.Before == "" {
		return w
	}
	window := wholeDay
	var err error
	if w.fact.After != "" {
		if window.open, err = parseMinutes(w.fact.After); err != nil {
			w.unclear = true
		}
	}
	if w.fact.Before != "" {
		if window.shut, err = parseMinutes(w.fact.Before); err != nil {
			w.unclear = true
		}
	}
	w.plan = daily(window)
	return w
}

// wishClocks adds a clock for every zone in which the person may be.
func wishClocks(clocks []zoneClock, w wish, places []Place) []zoneClock {
	if w.plan == nil {
		return clocks
	}
	for _, c := range federalClocks(nil, places) {
		clocks = append(clocks, zoneClock{c.zone, w.plan})
	}
	return clocks
}
