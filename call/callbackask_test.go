package call_test

import (
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/consent"
)

// A caller ID proves nobody. Only of whom the carrier vouches for a consent is written down; any
// other number is asked by text, and where none can be sent, nothing is promised.
func TestScheduleCallbackByAttestation(t *testing.T) {
	for _, a := range attestations {
		for _, texts := range []bool{true, false} {
			name := a.stir + ", texts"
			if !texts {
				name = a.stir + ", no texts"
			}
			t.Run(name, func(t *testing.T) {
				book := &diary{texts: texts}
				atDesk(t, callsBack(book), func(d *desk) {
					d.phone.Attestation = a.stir
					_, p := d.connected()
					p.Events <- agent.CallerSaid{Text: "Call me tomorrow at three."}
					uses(p, "t1", builtin.ScheduleCallback, tomorrow)
					d.pass(time.Second)
					answers := p.Answers()
					if len(answers) != 1 {
						d.Fatalf("answered %+v", answers)
					}
					grants, scheduled, asked := len(d.ledger.Facts(consent.Grant)), len(book.all()), len(book.asked)
					switch {
					case a.holds:
						if grants != 1 || scheduled != 1 || asked != 0 || d.ledger.Facts(consent.Grant)[0].Attestation != a.stir {
							d.Errorf("%d grants, %d scheduled, %d asked", grants, scheduled, asked)
						}
					case texts:
						if grants != 0 || scheduled != 0 || asked != 1 || !strings.Contains(answers[0].Content, "answer it with YES") {
							d.Errorf("%d grants, %d scheduled, %d asked: %+v", grants, scheduled, asked, answers)
						}
					default:
						if grants != 0 || scheduled != 0 || answers[0].Error == "" || !strings.Contains(answers[0].Content, "take a message or to transfer them") {
							d.Errorf("%d grants, %d scheduled: %+v", grants, scheduled, answers)
						}
					}
				})
			})
		}
	}
}

// One number has two calls back a day, however many calls ask for them.
func TestCallbacksADay(t *testing.T) {
	book := &diary{}
	atDesk(t, callsBack(book), func(d *desk) {
		for i, at := range []string{"T15:00", "T16:00", "T17:00"} {
			c, p := d.connected()
			p.Events <- agent.CallerSaid{Text: "Call me tomorrow."}
			uses(p, "t1", builtin.ScheduleCallback, `{"at":"2000-01-02`+at+`:00-08:00","topic":"the loose crown"}`)
			d.pass(time.Second)
			if a := p.Answers(); len(a) != 1 || (a[0].Error == "") != (i < 2) {
				d.Errorf("call %d: answered %+v", i, a)
			}
			c.HangUp()
			<-c.Done()
		}
		if n := len(book.all()); n != 2 || len(d.ledger.Facts(consent.Grant)) != 2 {
			d.Errorf("%d scheduled", n)
		}
	})
}
