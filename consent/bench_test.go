package consent

import (
	"testing"
	"time"

	"github.com/patchcord/patchcord/phone"
)

// benchTimes is times for calls to Dana of Manhattan: one that is allowed, one in the
// night, and one to somebody of whom only the area code is known, on a Saturday.
var benchTimes = []struct {
	name string
	to   string
	loc  Location
	at   time.Time
}{
	{"allowed", "+12125552671", Location{"NY", newYork}, time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC)},
	{"night", "+12125552671", Location{"NY", newYork}, time.Date(2026, 11, 25, 4, 0, 0, 0, time.UTC)},
	{"anywhere", "+12155552671", Location{}, time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)},
	{"never", "+14015552671", Location{"GU", "Pacific/Guam"}, time.Date(2026, 11, 25, 4, 0, 0, 0, time.UTC)},
}

func BenchmarkDecide(b *testing.B) {
	p := Builtin()
	for _, x := range benchTimes {
		to, err := phone.Parse(x.to)
		if err != nil {
			b.Fatal(err)
		}
		req := Request{CallID: "call_1", To: to, From: to, Purpose: Informational, Seller: Seller{Name: "riverbend"},
			Location: x.loc}
		b.Run(x.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Decide(req, Snapshot{}, x.at)
			}
		})
	}
}

func BenchmarkNotBefore(b *testing.B) {
	p := Builtin()
	for _, x := range benchTimes {
		to, err := phone.Parse(x.to)
		if err != nil {
			b.Fatal(err)
		}
		e := newEvaluation(p, Request{To: to, From: to, Purpose: Informational, Location: x.loc}, Snapshot{}, x.at)
		b.Run(x.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				e.notBefore()
			}
		})
	}
}

func BenchmarkLoadPolicy(b *testing.B) {
	for b.Loop() {
		if _, err := LoadPolicy([]byte("name: x\nswitched_off: [hours]\n")); err != nil {
			b.Fatal(err)
		}
	}
}
