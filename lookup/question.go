package lookup

import (
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/consent"
)

// Kind is what can be asked about a number, by its name under lookups in bridge.yaml.
type Kind string

// The kinds.
const (
	LineType    Kind = "line_type"
	Reassigned  Kind = "reassigned"
	DNCNational Kind = "dnc_national"
	DNCState    Kind = "dnc_state"
)

// Kinds is all of them.
var Kinds = []Kind{LineType, Reassigned, DNCNational, DNCState}

// question is one thing to ask about a number.
type question struct {
	kind  Kind
	date  string // of Reassigned: since when, 2006-01-02
	state string // of DNCState: whose list
}

// again is how long an answer is not asked for again that left a call held, such as
// that there is no data.
const again = time.Hour

// questions is what to ask so that a decision holds no more; none if it does not hold,
// or for other reasons, too, or if what it lacks can't be asked.
func (s *Service) questions(d consent.Decision, facts []consent.Fact, now time.Time) (list []question) {
	if d.Outcome != consent.Hold {
		return nil
	}
	for _, r := range d.Failing() {
		q := questionOf(r, facts)
		if _, ok := s.endpoints[q.kind]; !ok || q.kind == Reassigned && q.date == "" || s.answered(q, facts, now) {
			return nil
		}
		if !slices.Contains(list, q) {
			list = append(list, q)
		}
	}
	if e, ok := s.endpoints[LineType]; ok && len(list) > 0 && lineUnknown(d) && e.URL != s.endpoints[Reassigned].URL {
		list = append(list, question{kind: LineType})
	}
	return list
}

// questionOf is what would answer a rule that a call fails by; without a kind if
// nothing would.
func questionOf(r consent.Result, facts []consent.Fact) question {
	switch {
	case r.Rule == "reassigned", r.Rule == "reassigned.stale":
		return question{kind: Reassigned, date: consented(r, facts)}
	case r.Rule == "dnc.national", r.Rule == "dnc.national.stale":
		return question{kind: DNCNational}
	case strings.HasPrefix(r.Rule, "dnc.state"):
		return question{kind: DNCState, state: r.Jurisdiction}
	}
	return question{}
}

// consented is the day that the reassigned-numbers database is to be asked about: that
// of the consent which a result names, or of the answer that is too old.
func consented(r consent.Result, facts []consent.Fact) (date string) {
	for _, f := range facts {
		switch {
		case !slices.Contains(r.Facts, f.Seq):
		case f.Type == consent.Grant && f.OccurredOn != "":
			return f.OccurredOn
		case f.Type == consent.Grant:
			return f.OccurredAt.UTC().Format(time.DateOnly)
		case r.Rule == "reassigned.stale":
			date = f.DateParam
		}
	}
	return date
}

// answered tells whether the same was answered a short while ago.
func (s *Service) answered(q question, facts []consent.Fact, now time.Time) bool {
	source := s.endpoints[q.kind].Host()
	return slices.ContainsFunc(facts, func(f consent.Fact) bool {
		if f.Actor != actor || f.Source != source || now.Sub(f.OccurredAt) > again {
			return false
		}
		switch q.kind {
		case Reassigned:
			return f.Type == consent.NumberFact && f.Reassigned != "" && f.DateParam == q.date
		case DNCNational:
			return f.Type == consent.Scrub && f.List == consent.ListNational
		case DNCState:
			return f.Type == consent.Scrub && f.List == consent.ListState && f.State == q.state
		}
		return f.Type == consent.NumberFact && f.LineType != ""
	})
}

// lineUnknown tells whether a decision was made without knowing what line it is.
func lineUnknown(d consent.Decision) bool {
	return slices.ContainsFunc(d.Results, func(r consent.Result) bool {
		return r.Rule == "line.unknown" && r.Status != consent.Pass && r.Status != consent.NotApplicable
	})
}
