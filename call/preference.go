package call

import (
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/optout"
	"github.com/patchcord/patchcord/phone"
)

// preference is the fact that somebody wants no calls at some time; false if the ledger can't be
// told, or the words name no time. A day ends where the person is; where that may be one of
// several zones, it ends with the last of them.
func (d dossier) preference(w optout.When, words string, now time.Time) (consent.Fact, bool) {
	if !d.known() {
		return consent.Fact{}, false
	}
	f := d.fact(consent.Preference, now)
	f.After, f.Before, f.Note = w.After, w.Before, short(words, wordsMost)
	f.Purpose, f.Marketing, f.Subject, f.PermitID = "", false, "", d.permit
	places := d.clocks()
	for _, place := range places {
		if t, ok := w.NotBefore(now.In(place)); ok && (f.NotBefore == nil || t.After(*f.NotBefore)) {
			t = t.UTC()
			f.NotBefore = &t
		}
	}
	if len(places) == 1 {
		f.Zone = places[0].String()
	}
	return f, f.NotBefore != nil || f.After != "" || f.Before != ""
}

// lastClock is the last in which a day of the United States ends.
const lastClock = "Pacific/Pago_Pago"

// clocks is the zones in which the person may be; the last one if nobody knows.
func (d dossier) clocks() (list []*time.Location) {
	if place := d.clock(); place != nil {
		return []*time.Location{place}
	}
	zones := phone.StateZones(d.request.Location.State)
	if area, ok := d.request.To.Area(); ok && len(zones) == 0 {
		zones = area.Zones
	}
	if len(zones) == 0 {
		zones = []string{lastClock, lastClock} // two: it is a guess, and no zone to write down
	}
	for _, z := range zones {
		if place, err := phone.LoadZone(z); err == nil {
			list = append(list, place)
		}
	}
	return list
}

// clock is that of the only zone in which the person can be, as far as is known; nil if there are several.
func (d dossier) clock() *time.Location {
	var zones []string
	area, _ := d.request.To.Area()
	switch l := d.request.Location; {
	case l.Zone != "":
		zones = []string{l.Zone}
	case l.State != "":
		zones = phone.StateZones(l.State)
	default:
		zones = area.Zones
	}
	if len(zones) != 1 {
		return nil
	}
	place, err := phone.LoadZone(zones[0])
	if err != nil {
		return nil
	}
	return place
}

// Clock implements builtin.Controls.
func (a controls) Clock() *time.Location { return a.c.dossier.clock() }
