package consent

import (
	"fmt"
	"sync"
	"time"
	_ "time/tzdata" // the zones must be known on any machine

	"github.com/patchcord/patchcord/phone"
)

// locationMonths is how long a person is believed to be where they, or their
// address, said they were.
const locationMonths = 12

// newEvaluation begins a decision: it works out which line is assumed, and where
// the person may be.
func newEvaluation(p *Policy, req Request, s Snapshot, now time.Time) *evaluation {
	e := &evaluation{policy: p, req: req, s: s, now: now}
	e.line = e.assumedLine()
	e.places, e.misplaced = e.candidates()
	return e
}

// statement is what one source says of where the person is.
type statement struct {
	state, zone, evidence string
	fact                  int64
}

// candidates is every place in which the person may be. The rules about time hold
// in each of them, so a place too many costs hours and one too few is a breach.
// Wrong says which statement makes no sense; then nobody knows where the person is.
func (e *evaluation) candidates() (places []Place, wrong string) {
	var buf [3]statement
	statements := e.statements(buf[:0])
	places = make([]Place, 0, 8)
	for _, pairs := range []bool{true, false} { // what is said exactly first
		for _, s := range statements {
			if pairs != (s.state != "" && s.zone != "") {
				continue
			}
			if w := s.check(); w != "" {
				wrong = w
				continue
			}
			switch {
			case s.zone != "":
				places = addPlace(places, s.state, s.zone, s.evidence, s.fact)
			case !inState(places, s.state): // else the zone is known from elsewhere
				for _, zone := range phone.StateZones(s.state) {
					places = addPlace(places, s.state, zone, s.evidence, s.fact)
				}
			}
		}
	}
	said := len(places) > 0
	// The area code always counts: Florida, Virginia and South Carolina go by it.
	area, ok := e.req.To.Area()
	if !ok || area.Kind != phone.AreaState {
		return places, wrong
	}
	for _, zone := range area.Zones {
		places = addPlace(places, area.State, zone, "area code", 0)
	}
	if !said && travels(e.line) && e.policy.StrictMobile {
		for _, zone := range phone.Contiguous() {
			places = addPlace(places, "", zone, "anywhere", 0)
		}
	}
	return places, wrong
}

// statements is what the request says, and the newest facts that are fresh.
func (e *evaluation) statements(list []statement) []statement {
	if l := e.req.Location; l != (Location{}) {
		list = append(list, statement{l.State, l.Zone, "stated", 0})
	}
	since := e.now.AddDate(0, -locationMonths, 0)
	state := e.latest(func(f *Fact) bool { return f.State != "" })
	zone := e.latest(func(f *Fact) bool { return f.Zone != "" })
	if state != nil && !happened(state).Before(since) {
		list = append(list, statement{state.State, state.Zone, "address", state.Seq})
	}
	if zone != nil && zone != state && !happened(zone).Before(since) {
		list = append(list, statement{zone.State, zone.Zone, "zone", zone.Seq})
	}
	return list
}

// check says what is wrong with a statement. It doesn't repeat it: what was given
// may be anything.
func (s statement) check() string {
	source := "the location of the request"
	if s.fact > 0 {
		source = fmt.Sprintf("the location of fact %d", s.fact)
	} else if s.evidence != "stated" {
		source = "the location of a fact in the spool"
	}
	zones := phone.StateZones(s.state)
	switch zone := phone.ZoneOf(s.zone); {
	case s.state != "" && zones == nil:
		return source + " is not a US state: want two capital letters"
	case s.zone != "" && zone == "":
		return source + " is not a US time zone: want one such as America/Chicago"
	case s.state != "" && s.zone != "":
		for _, z := range zones {
			if z == zone {
				return ""
			}
		}
		return fmt.Sprintf("%s: this time zone is not one of %s", source, stateName(s.state))
	}
	return ""
}

// addPlace adds a place, unless there is one of the same state and the same time.
func addPlace(places []Place, state, zone, evidence string, fact int64) []Place {
	same := phone.ZoneOf(zone)
	for _, p := range places {
		if p.State == state && phone.ZoneOf(p.Zone.String()) == same {
			return places
		}
	}
	return append(places, Place{State: state, Zone: zoneTable()[zone], Evidence: evidence, Fact: fact})
}

func inState(places []Place, state string) bool {
	for _, p := range places {
		if p.State == state {
			return true
		}
	}
	return false
}

// zoneTable is the zones of the US by name, read once.
var zoneTable = sync.OnceValue(func() map[string]*time.Location {
	table := map[string]*time.Location{}
	for _, name := range phone.ZoneNames() {
		zone, err := time.LoadLocation(name)
		if err != nil {
			panic("internal error: " + err.Error()) // time/tzdata has them all
		}
		table[name] = zone
	}
	return table
})
