package consent

// capBound is how far a cap may be moved, and which rules it bears on. Fewer tells of one
// that allows more the smaller it is.
type capBound struct {
	key      string
	of       func(Caps) int
	set      func(*Caps, int)
	min, max int
	why      string
	fewer    bool
	rules    []string
}

// more tells whether a cap allows more than the built-in one.
func (b capBound) more(is, was int) bool { return is != was && (is < was) == b.fewer }

// often is the product's own cap.
var often = []string{"frequency.policy"}

var capBounds = []capBound{
	{"per_day", func(c Caps) int { return c.PerDay }, func(c *Caps, v int) { c.PerDay = v }, 1, 24, "", false, often},
	{"per_week", func(c Caps) int { return c.PerWeek }, func(c *Caps, v int) { c.PerWeek = v }, 1, 100, "", false, often},
	{"unanswered", func(c Caps) int { return c.Unanswered }, func(c *Caps, v int) { c.Unanswered = v }, 1, 100, "",
		false, often},
	{"consent_months", func(c Caps) int { return c.ConsentMonths }, func(c *Caps, v int) { c.ConsentMonths = v }, 1,
		120, "", false, []string{"consent.stale"}},
	{"scrub_days", func(c Caps) int { return c.ScrubDays }, func(c *Caps, v int) { c.ScrubDays = v }, 1, 31,
		", 47 CFR 64.1200(c)(2)(i)(D)", false, []string{"dnc.national.stale", "dnc.state"}},
	{"reassigned_days", func(c Caps) int { return c.ReassignedDays }, func(c *Caps, v int) { c.ReassignedDays = v }, 1, 31,
		": carriers report every month, 47 CFR 64.1200(l)", false, []string{"reassigned.stale"}},
	{"line_type_days", func(c Caps) int { return c.LineTypeDays }, func(c *Caps, v int) { c.LineTypeDays = v }, 1, 90,
		"", false, []string{"line.unknown"}},
	{"anchor_hours", func(c Caps) int { return c.AnchorHours }, func(c *Caps, v int) { c.AnchorHours = v }, 1, 168, "",
		false, []string{"ledger.integrity"}},
	{"guard_minutes", func(c Caps) int { return c.GuardMinutes }, func(c *Caps, v int) { c.GuardMinutes = v }, 0, 60,
		"", true, []string{"hours", "holiday"}},
	{"abandon_percent", func(c Caps) int { return c.AbandonPercent }, func(c *Caps, v int) { c.AbandonPercent = v }, 1, 3,
		", 47 CFR 64.1200(a)(7)", false, []string{"abandonment"}},
	{"abandon_floor", func(c Caps) int { return c.AbandonFloor }, func(c *Caps, v int) { c.AbandonFloor = v }, 1, 34,
		": from 34 on one late call is less than 3 %", false, []string{"abandonment"}},
}

// narrowed is caps of which those that allow more are the built-in ones.
func (c Caps) narrowed(was Caps) Caps {
	for _, b := range capBounds {
		if b.more(b.of(c), b.of(was)) {
			b.set(&c, b.of(was))
		}
	}
	return c
}
