package permits_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/permits"
)

// A call as a dialer reports it, in the wrong order: every event is a claim in the
// ledger, and the last ends the permit.
func TestReportsAreWrittenDownAsClaimed(t *testing.T) {
	t.Parallel()
	o := open(t)
	p := o.issue("")
	for i, kind := range []permits.EventType{permits.Answered, permits.Created, permits.OpeningPlayed, permits.Ringing} {
		if a := o.report(p, permits.Event{ID: string(kind), Type: kind, CallRef: "sip-1"}); a.Status != 201 {
			t.Errorf("event %d, %s: %+v", i, kind, a)
		}
	}
	o.report(p, permits.Event{ID: "e", Type: permits.Ended, CallRef: "sip-1", Outcome: "agent_ended"})
	claims := o.facts(consent.Claimed)
	if len(claims) != 5 || claims[0].Trigger != "answered" || claims[0].Note != "sip-1" || claims[0].Source != "dialer" ||
		claims[0].Via != consent.ViaAPI || claims[4].Outcome != "agent_ended" {
		t.Errorf("the claims: %+v", claims)
	}
	if proved := o.facts(consent.OpeningPlayed); len(proved) > 0 {
		t.Error("a claim is written down as proved")
	}
	permit := o.facts(consent.Permitted)
	if len(permit) != 2 || permit[1].PermitStatus != consent.PermitEnded || permit[1].Outcome != "agent_ended" || permit[1].Abandoned {
		t.Errorf("the permit's rows: %+v", permit)
	}
}

// What an event is answered with, by what came before it.
func TestAnswersToReports(t *testing.T) {
	t.Parallel()
	at := time.Now().Truncate(time.Microsecond)
	first := permits.Event{ID: "1", Type: permits.Created, CallRef: "sip-1", At: at}
	for name, test := range map[string]struct {
		before []permits.Event
		event  permits.Event
		want   int
	}{
		"the first":         {nil, first, 201},
		"the same again":    {[]permits.Event{first}, first, 201},
		"an id used before": {[]permits.Event{first}, permits.Event{ID: "1", Type: permits.Ringing, CallRef: "sip-1", At: at}, 409},
		"used twice":        {[]permits.Event{first}, permits.Event{ID: "2", Type: permits.Created, CallRef: "sip-2", At: at}, 409},
		"too late":          {nil, permits.Event{ID: "1", Type: permits.Created, CallRef: "sip-1", At: at.Add(61 * time.Second)}, 409},
		"late, not first":   {[]permits.Event{first}, permits.Event{ID: "2", Type: permits.Ended, CallRef: "sip-1", At: at.Add(61 * time.Second)}, 201},
		"another number":    {nil, permits.Event{ID: "1", Type: permits.Created, CallRef: "sip-1", To: "+14155550143", At: at}, 409},
		"its own number":    {nil, permits.Event{ID: "1", Type: permits.Created, CallRef: "sip-1", To: dana, At: at}, 201},
		"after the end":     {[]permits.Event{{ID: "0", Type: permits.Ended, CallRef: "sip-1", At: at}}, first, 201},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := open(t)
			p := o.issue("")
			waited := o.now().Sub(at) // for a database
			test.event.At = test.event.At.Add(waited)
			for _, e := range test.before {
				e.At = e.At.Add(waited)
				o.report(p, e)
			}
			a := o.report(p, test.event)
			if a.Status != test.want || (a.Status == 409) != (a.Problem != "") {
				t.Errorf("got %+v, want %d", a, test.want)
			}
			claims := len(o.facts(consent.Claimed))
			if again := o.report(p, test.event); again != a {
				t.Errorf("sent again: %+v, the first time %+v", again, a)
			}
			if now := len(o.facts(consent.Claimed)); now != claims {
				t.Errorf("sent again, it is recorded again: %d claims, then %d", claims, now)
			}
		})
	}
}

func TestAPermitThatIsNotKnown(t *testing.T) {
	t.Parallel()
	o := open(t)
	_, err := o.service.Report(t.Context(), "permit_x", permits.Event{ID: "1", Type: permits.Created, CallRef: "c", At: o.now()})
	if !errors.Is(err, permits.ErrUnknown) {
		t.Errorf("got %v", err)
	}
}

// A refusal counts whoever brings it, also where the event itself is a conflict.
func TestAReportedRefusalCounts(t *testing.T) {
	t.Parallel()
	for _, ref := range []string{"sip-1", "sip-2"} {
		o := open(t)
		p := o.issue("")
		o.report(p, permits.Event{ID: "1", Type: permits.Created, CallRef: "sip-1"})
		o.report(p, permits.Event{ID: "2", Type: permits.OptedOut, CallRef: ref, Words: "take me off your list"})
		revoked := o.facts(consent.Revoke)
		if len(revoked) != 1 || revoked[0].Words != "take me off your list" || revoked[0].Scope != consent.AllAutomated {
			t.Errorf("%s: the refusal's rows: %+v", ref, revoked)
		}
		var denied *consent.DeniedError
		if _, _, err := o.service.Issue(t.Context(), request(t, dana), ""); !errors.As(err, &denied) {
			t.Errorf("%s: afterwards: %v", ref, err)
		}
	}
}

// The same event, sent many times at once, is taken once, and the ledger is not kept from
// taking it: each report holds a connection, and there are fewer.
func TestOneEventManyTimesAtOnce(t *testing.T) {
	t.Parallel()
	o := open(t)
	p := o.issue("")
	e := permits.Event{ID: "1", Type: permits.OptedOut, CallRef: "sip-1", At: o.now()}
	begun := time.Now()
	var all sync.WaitGroup
	for range 64 {
		all.Go(func() {
			if a, err := o.service.Report(t.Context(), p.ID, e); err != nil || a.Status != 201 {
				t.Errorf("%+v, %v", a, err)
			}
		})
	}
	all.Wait()
	if n := len(o.facts(consent.Revoke)); n != 1 {
		t.Errorf("%d refusals", n)
	}
	if took := time.Since(begun); took > 4*time.Second {
		t.Errorf("it took %v", took)
	}
}

// Whoever refuses on a call to another number than the permit's is not called again either.
func TestARefusalOfAnotherNumberCounts(t *testing.T) {
	t.Parallel()
	o := open(t)
	const other = "+14155550143"
	p := o.issue("")
	o.report(p, permits.Event{ID: "1", Type: permits.OptedOut, CallRef: "sip-1", To: other})
	for _, to := range []string{dana, other} {
		var denied *consent.DeniedError
		if _, _, err := o.service.Issue(t.Context(), request(t, to), ""); !errors.As(err, &denied) {
			t.Errorf("%s: afterwards: %v", to, err)
		}
	}
}

// A refusal counts while the store of permits is away; the dialer is asked to send it again.
func TestARefusalCountsWhileTheStoreIsAway(t *testing.T) {
	t.Parallel()
	o := open(t)
	p := o.issue("")
	o.away = errors.New("away")
	e := permits.Event{ID: "1", Type: permits.OptedOut, CallRef: "sip-1", At: o.now()}
	if _, err := o.service.Report(t.Context(), p.ID, e); err == nil {
		t.Error("it was taken")
	}
	if n := len(o.facts(consent.Revoke)); n != 1 {
		t.Errorf("%d refusals", n)
	}
	o.away = nil
	if a := o.report(p, e); a.Status != 201 {
		t.Errorf("sent again: %+v", a)
	}
}

// More events than are kept are refused, and a refusal among them still counts.
func TestEventsOfAPermitAreBounded(t *testing.T) {
	t.Parallel()
	o := open(t)
	p := o.issue("")
	o.report(p, permits.Event{ID: "answered", Type: permits.Answered, CallRef: "sip-1"})
	for i := range permits.MaxEvents - 1 {
		o.report(p, permits.Event{ID: string(rune('a' + i)), Type: permits.Ringing, CallRef: "sip-1"})
	}
	if a := o.report(p, permits.Event{ID: "more", Type: permits.Ringing, CallRef: "sip-1"}); a.Status != 409 {
		t.Errorf("one more: %+v", a)
	}
	o.report(p, permits.Event{ID: "stop", Type: permits.OptedOut, CallRef: "sip-1"})
	if n := len(o.facts(consent.Revoke)); n != 1 {
		t.Errorf("%d refusals", n)
	}
	if n := len(o.facts(consent.Claimed)); n != permits.MaxEvents {
		t.Errorf("%d claims", n)
	}
	for i, want := range []int{201, 409} { // the end is not hidden behind them
		if a := o.report(p, permits.Event{ID: "end " + string(rune('a'+i)), Type: permits.Ended, CallRef: "sip-1", Outcome: "agent_ended"}); a.Status != want {
			t.Errorf("the end: %+v, want %d", a, want)
		}
	}
	if rows := o.facts(consent.Permitted); len(rows) != 2 || rows[1].PermitStatus != consent.PermitEnded {
		t.Errorf("the permit's rows: %+v", rows)
	}
}

// A permit of which nothing is heard counts as an attempt; one that is heard of is left
// alone.
func TestASilentPermitCounts(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.issue("")
	o.turn(59 * time.Second)
	o.service.Sweep(t.Context())
	if n := len(o.facts(consent.Permitted)); n != 1 {
		t.Fatalf("before it expires it has %d rows", n)
	}
	o.turn(2 * time.Second)
	for range 2 {
		o.service.Sweep(t.Context())
	}
	rows := o.facts(consent.Permitted)
	if len(rows) != 2 || rows[1].PermitStatus != consent.PermitEnded || rows[1].Outcome != "no_answer" {
		t.Fatalf("the permit's rows: %+v", rows)
	}
	d, err := o.gate.Check(t.Context(), request(t, dana))
	if err != nil || rule(d[0], "frequency.policy").Status != consent.Fail {
		t.Errorf("the cap does not see the attempt: %+v, %v", rule(d[0], "frequency.policy"), err)
	}
	if rule(d[0], "multi_line").Status == consent.Fail {
		t.Error("a permit that has ended still ties up the line")
	}
	o.turn(48 * time.Hour)
	heard := o.issue("")
	o.report(heard, permits.Event{ID: "1", Type: permits.Created, CallRef: "sip-1"})
	o.turn(2 * time.Minute)
	o.service.Sweep(t.Context())
	if n := len(o.facts(consent.Permitted)); n != 3 {
		t.Errorf("one that was heard of: %d rows in all", n)
	}
}
