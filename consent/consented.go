package consent

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// grant is a consent on the ledger and what keeps it from covering the call.
type grant struct {
	*Fact
	reach   string   // why it is about other calls; empty if it is about this one
	dead    string   // why it does not count any more, or never did
	defects []string // what its record lacks; looked at for calls that sell
	faults  int      // how many of the rules about consent it does not satisfy
}

func (g *grant) covers() bool { return g.reach == "" && g.dead == "" }

// consents is the consents about the number, the newest first, and the one that
// the call relies on.
type consents struct {
	grants []grant
	relied *grant // nil if none covers the call
}

// consents folds the facts once for all rules. Of several that cover the call the
// one with the fewest faults is relied on, of these the newest.
func (e *evaluation) consents() *consents {
	if e.folded != nil {
		return e.folded
	}
	c := &consents{}
	e.folded = c
	for i := range e.s.Facts {
		if f := &e.s.Facts[i]; f.Type == Grant {
			c.grants = append(c.grants, grant{Fact: f, reach: e.reach(f), dead: e.dead(f)})
		}
	}
	slices.SortStableFunc(c.grants, func(a, b grant) int { return happened(b.Fact).Compare(happened(a.Fact)) })
	for i := range c.grants {
		g := &c.grants[i]
		if !g.covers() {
			continue
		}
		if e.telemarketing() {
			if g.Tier != Written {
				g.faults++
			}
			if g.defects = e.defects(g.Fact); len(g.defects) > 0 {
				g.faults++
			}
		}
		if intermediary(g.Fact) && verifiedBy(g.Fact) == "" {
			g.faults++
		}
		if a := e.reassignedAnswer(g.Fact); a == nil || a.Reassigned != No || e.reassignedStale(a) {
			g.faults++
		}
		if c.relied == nil || g.faults < c.relied.faults {
			c.relied = g
		}
	}
	return c
}

// purposes is what the call is for; with a promotional sentence in it, it is
// telemarketing as well.
func (e *evaluation) purposes() []Purpose {
	switch {
	case !slices.Contains(Purposes, e.req.Purpose):
		return []Purpose{Telemarketing}
	case e.req.Marketing && e.req.Purpose != Telemarketing:
		return []Purpose{e.req.Purpose, Telemarketing}
	}
	return []Purpose{e.req.Purpose}
}

// reach tells why a grant is about other calls than this one. Nothing is widened:
// not to an affiliate, another channel, another purpose or another subject.
func (e *evaluation) reach(f *Fact) string {
	switch {
	case f.Seller == "":
		return "names no seller"
	case f.Seller != e.req.Seller.Name:
		return "was given to another seller"
	case !slices.Contains(f.Channels, VoiceAI):
		return fmt.Sprintf("is for %s, not for AI voice", listed(f.Channels))
	}
	for _, p := range e.purposes() {
		if !slices.Contains(f.Purposes, p) {
			return fmt.Sprintf("is for %s, not for %s", listed(f.Purposes), words(string(p)))
		}
	}
	if f.Subject != "" && f.Subject != e.req.Subject {
		return "is for calls about another subject"
	}
	return ""
}

// dead tells why a grant does not count: it is no proof of anything, or the person
// has taken it back since.
func (e *evaluation) dead(f *Fact) string {
	switch {
	case f.OccurredAt.IsZero():
		return "says no time"
	case e.future(f):
		return "is dated in the future"
	case f.Evidence == nil || strings.TrimSpace(f.Evidence.Text) == "":
		return "has no text of what was agreed to"
	case f.Tier != Express && f.Tier != Written:
		return "says no tier"
	}
	if r := e.refusal(); r != nil && !overcomes(f, r) {
		if happened(f).After(happened(r)) {
			return fmt.Sprintf("came after the revocation of %s, but not from the person: an import brings nobody back", date(r))
		}
		return fmt.Sprintf("was revoked on %s", date(r))
	}
	if y := e.reassignedYes(); y != nil && !happened(f).After(happened(y)) {
		return "was given by whoever held the number before it was reassigned"
	}
	return ""
}

// overcomes tells whether a grant lifts a refusal: it is of a later second (of the
// same one, the refusal wins: many clocks say no more), and a new act of the person.
func overcomes(g, refusal *Fact) bool {
	return !timeless(refusal) && happened(g).Truncate(time.Second).After(happened(refusal).Truncate(time.Second)) && affirmative(g)
}

// affirmative tells whether a fact is an act of the person, with evidence, and
// not somebody's list.
func affirmative(f *Fact) bool {
	return f.Source != "" && !bulk(f) && f.Evidence != nil && f.Evidence.Method != "" && f.Evidence.Text != ""
}

// bulk tells whether a fact came out of a file or another system.
func bulk(f *Fact) bool {
	return anyWord(f.Source, bulkWords) || anyWord(f.Actor, bulkWords) || f.Evidence != nil && anyWord(f.Evidence.Method, bulkWords)
}

// intermediary tells whether somebody stood between the person and the seller.
func intermediary(f *Fact) bool { return bulk(f) || anyWord(f.Source, intermediaryWords) }

var (
	bulkWords         = []string{"import", "imported", "csv", "crm", "bulk", "batch", "list", "file", "upload", "sync", "migration", "backfill", "restore", "export"}
	intermediaryWords = []string{"lead", "leads", "vendor", "partner", "partners", "broker", "affiliate", "reseller", "aggregator", "purchased", "bought", "third"}
)

// anyWord tells whether one of some words is a part of an identifier such as
// csv_import or crm-sync.
func anyWord(s string, list []string) bool {
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '_' || r == '-' || r == ' ' || r == '.' || r == '/' || r == ':' }) {
		for _, w := range list {
			if strings.EqualFold(part, w) {
				return true
			}
		}
	}
	return false
}

func verifiedBy(f *Fact) string {
	if f.Evidence == nil {
		return ""
	}
	return strings.TrimSpace(f.Evidence.VerifiedBy)
}

// listed is identifiers as a reason says them.
func listed[S ~string](list []S) string {
	if len(list) == 0 {
		return "nothing"
	}
	parts := make([]string, len(list))
	for i, s := range list {
		parts[i] = words(string(s))
	}
	return strings.Join(parts, " and ")
}
