package consent

import (
	"testing"
	"time"
)

// to is a call to another number.
func to(n string) setup {
	return setup{req: call(func(r *Request) { r.To = number(n) }), s: ledgerOf(cleared()...)}
}

func TestRuleInvalidNumber(t *testing.T) {
	t.Parallel()
	table(t, "invalid_number", []row{
		{"a number of New York", to("+12125552671"), Pass, EffectBlock, ""},
		{"a number in another country", to("+442079460000"), Pass, EffectBlock, "outside"},
		{"a number that nobody can have, kept for fiction", to("+12125550142"), Fail, EffectBlock, "fiction"},
		{"the last number kept for fiction", to("+14155550199"), Fail, EffectBlock, "fiction"},
		{"the first number that is not", to("+14155550200"), Pass, EffectBlock, ""},
		{"an area code that begins with 1", to("+11125552671"), Fail, EffectBlock, "0 or 1"},
		{"an exchange that begins with 0", to("+12120552671"), Fail, EffectBlock, "0 or 1"},
		{"an area code that is a service", to("+14115552671"), Fail, EffectBlock, "N11"},
		{"an exchange that is a service", to("+12129112671"), Fail, EffectBlock, "N11"},
		{"an area code that is given to nobody", to("+13725552671"), Fail, EffectBlock, "not assigned"},
		{"a digit too few", to("+1212555267"), Fail, EffectBlock, "a number that begins with +1 must have ten more digits"},
		{"a digit too many", to("+121255526711"), Fail, EffectBlock, "a number that begins with +1 must have ten more digits"},
		{"no number at all", setup{req: call(func(r *Request) { r.To = r.From; r.To = Request{}.To }), s: ledgerOf()},
			Fail, EffectBlock, "no number"},
	})
}

func TestRuleDestinationCountry(t *testing.T) {
	t.Parallel()
	table(t, "destination.country", []row{
		{"a number of the United States", to("+12125552671"), Pass, EffectBlock, ""},
		{"a number of Puerto Rico, which is a territory", to("+17875552671"), Pass, EffectBlock, ""},
		{"a number of Toronto, which shares +1", to("+14165552671"), Fail, EffectBlock, "another country"},
		{"a number of Jamaica, which shares +1", to("+18765552671"), Fail, EffectBlock, "another country"},
		{"a number of the Dominican Republic, which shares +1", to("+18095552671"), Fail, EffectBlock, "another country"},
		{"a number of London", to("+442079460000"), Fail, EffectBlock, "only US numbers"},
		{"a toll-free number, which is nowhere", to("+18005552671"), NotApplicable, "", ""},
	})
}

func TestRuleDestinationBlocked(t *testing.T) {
	t.Parallel()
	table(t, "destination.blocked", []row{
		{"a number of New York", to("+12125552671"), Pass, EffectBlock, ""},
		{"a toll-free number: the called party pays", to("+18885552671"), Fail, EffectBlock, "called party pays"},
		{"the newest toll-free area code", to("+18335552671"), Fail, EffectBlock, "called party pays"},
		{"a premium number", to("+19005552671"), Fail, EffectBlock, "premium"},
		{"a premium exchange", to("+12129762671"), Fail, EffectBlock, "premium"},
		{"an emergency code as an exchange", to("+12129112671"), Fail, EffectBlock, "emergency"},
		{"the crisis line's code as an area code", to("+19885552671"), Fail, EffectBlock, "emergency"},
		{"a hospital room, whatever was agreed to",
			setup{req: call(), s: ledgerOf(and(cleared(), fact(Fact{Type: NumberFact, Facility: true}))...)}, Fail,
			EffectBlock, "hospital"},
		{"a hospital room that a later look-up does not speak of",
			setup{req: call(), s: ledgerOf(and([]Fact{fact(Fact{Type: NumberFact, Facility: true}, ago(time.Hour*48))},
				cleared()...)...)}, Fail, EffectBlock, "hospital"},
		{"a number that the carrier calls toll-free",
			setup{req: call(), s: ledgerOf(granted(), lookedUp(func(f *Fact) { f.LineType = "tollfree" }))}, Fail,
			EffectBlock, "called party pays"},
	})
}

func TestRuleLineUnknown(t *testing.T) {
	t.Parallel()
	table(t, "line.unknown", []row{
		{"a fresh look-up says what it is", setup{req: call(), s: ledgerOf(cleared()...)}, Pass, EffectWarn, "wireless"},
		{"nobody has looked it up", setup{req: call(), s: ledgerOf(granted())}, Unknown, EffectWarn, "treated as wireless"},
		{"the look-up is older than 30 days", setup{req: call(), s: ledgerOf(granted(), lookedUp(ago(31*day)))}, Unknown,
			EffectWarn, "30 days"},
		{"the carrier does not know either",
			setup{req: call(), s: ledgerOf(granted(), lookedUp(func(f *Fact) { f.LineType = "unknown" }))}, Unknown,
			EffectWarn, ""},
		{"a look-up from the future", setup{req: call(), s: ledgerOf(granted(), lookedUp(at(noon.Add(day))))}, Unknown,
			EffectWarn, ""},
	})
}

// permit is a permit minted some time ago.
func permit1(id string, d time.Duration, with ...func(*Fact)) Fact {
	return fact(Fact{Type: Permitted, PermitID: id, PermitStatus: PermitMinted, CallID: "call_" + id,
		Subject: "appointment", OccurredAt: noon.Add(-d), From: "+14155552001"}, with...)
}

// ended is what became of it.
func ended(id string, d time.Duration, outcome string) Fact {
	return permit1(id, d, func(f *Fact) { f.PermitStatus, f.Outcome = PermitEnded, outcome })
}

func TestRuleMultiLine(t *testing.T) {
	t.Parallel()
	table(t, "multi_line", []row{
		{"no other call", setup{req: call(), s: ledgerOf(cleared()...)}, Pass, EffectBlock, ""},
		{"a call of this seller is in progress",
			setup{req: call(), s: ledgerOf(and(cleared(), permit1("p", 5*time.Minute))...)}, Fail, EffectBlock, "in progress"},
		{"a call of this seller has ended",
			setup{req: call(), s: ledgerOf(and(cleared(), permit1("p", 5*time.Minute),
				ended("p", time.Minute, "caller_hung_up"))...)}, Pass, EffectBlock, ""},
		{"no telephone ever rang",
			setup{req: call(), s: ledgerOf(and(cleared(), permit1("p", 5*time.Minute),
				permit1("p", time.Minute, func(f *Fact) { f.PermitStatus = PermitReleased }))...)}, Pass, EffectBlock, ""},
		{"a call of yesterday whose end was never written down",
			setup{req: call(), s: ledgerOf(and(cleared(), permit1("p", day))...)}, Pass, EffectBlock, ""},
		{"a call of another seller",
			setup{req: call(), s: ledgerOf(and(cleared(),
				permit1("p", time.Minute, func(f *Fact) { f.Seller = "other" }))...)}, Pass, EffectBlock, ""},
		{"the call itself, when it is answered",
			setup{req: call(func(r *Request) { r.AtAnswer, r.CallID = true, "call_p" }),
				s: ledgerOf(and(cleared(), permit1("p", time.Minute))...)}, Pass, EffectBlock, ""},
		{"another call, when this one is answered", setup{req: call(func(r *Request) { r.AtAnswer = true }),
			s: ledgerOf(and(cleared(), permit1("p", time.Minute))...)}, Fail, EffectBlock, "in progress"},
	})
}

func TestRulePurposeUnclassified(t *testing.T) {
	t.Parallel()
	table(t, "purpose.unclassified", []row{
		{"a reminder", setup{req: call(), s: ledgerOf(cleared()...)}, Pass, EffectBlock, "informational"},
		{"a purpose nobody knows", setup{req: call(func(r *Request) { r.Purpose = "fun" }), s: ledgerOf(cleared()...)},
			Fail, EffectBlock, "telemarketing"},
		{"no purpose", setup{req: call(func(r *Request) { r.Purpose = "" }), s: ledgerOf(cleared()...)}, Fail,
			EffectBlock, ""},
	})
}
