package permits_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/permits"
)

// A refusal that falls between the decision and the keeping of the permit is posted, too.
func TestARefusalBeforeThePermitIsKeptIsPosted(t *testing.T) {
	t.Parallel()
	o := open(t)
	web, got := dialer(t, 204)
	o.deaf()
	o.adding = func() { stop(o) } // whoever hears of it finds no permit yet
	o.issue(web.URL)
	select {
	case <-got:
	case <-time.After(3 * time.Second):
		t.Error("the dialer was not told")
	}
}

// Who reports late, so that the permit was taken for one that nobody used, is told of a
// refusal all the same, and its abandoned call is counted.
func TestALateReportOpensThePermitAgain(t *testing.T) {
	t.Parallel()
	o := open(t)
	web, got := dialer(t, 204)
	p, begun := o.issue(web.URL), o.now()
	o.turn(62 * time.Second)
	o.service.Sweep(t.Context())
	stop(o) // while nothing is known of a call
	o.run()
	if a := o.report(p, permits.Event{ID: "1", Type: permits.Answered, CallRef: "sip-1", At: begun}); a.Status != 201 {
		t.Fatalf("%+v", a)
	}
	select {
	case <-got:
	case <-time.After(3 * time.Second):
		t.Error("the dialer was not told")
	}
	o.report(p, permits.Event{ID: "2", Type: permits.Ended, CallRef: "sip-1", Outcome: "agent_ended"})
	rows := o.facts(consent.Permitted)
	if last := rows[len(rows)-1]; !last.Abandoned || last.Outcome != "agent_ended" {
		t.Errorf("the permit's rows: %+v", rows)
	}
}

// Many dialers that hang don't hold up the callback of one that answers.
func TestHangingDialersHoldUpNobody(t *testing.T) {
	t.Parallel()
	o := open(t)
	end := make(chan struct{})
	rung := make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { rung <- struct{}{}; <-end }))
	t.Cleanup(hanging.Close)
	t.Cleanup(func() { close(end) })
	web, got := dialer(t, 204)
	o.run()
	number := func(i int) string { return fmt.Sprintf("+1415555%04d", 200+i) }
	const many = 12
	for i := range many {
		o.issueFor(number(i), hanging.URL)
	}
	o.issue(web.URL)
	begun := time.Now()
	for i := range many {
		stopOf(o, number(i))
		<-rung
	}
	said := stop(o)
	if g := <-got; g.at.Sub(said) > time.Second || g.at.Sub(begun) > 4*time.Second { // nobody hangs longer than 5 s
		t.Errorf("it took %v, and %v in all", g.at.Sub(said), g.at.Sub(begun))
	}
}
