package call_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// echoes counts the marks that have come back.
func echoes(c *twiliotest.Call) (n int) {
	for _, m := range c.Timeline() {
		if m.Event == twiliotest.Echo {
			n++
		}
	}
	return n
}

// Postgres is away for a while in mid-call. The call goes on, another can begin,
// and afterwards nothing is missing in the log.
func TestDatabaseIsAway(t *testing.T) {
	t.Parallel()
	u, err := url.Parse(postgrestest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	v := newValve(t, u.Host)
	u.Host = v.Addr()
	r := newRig(t, plan{url: u.String()})
	c, agent := r.connected()
	agent.reply(t, "a", "Before.", 440, 200*time.Millisecond)
	r.until("the agent is heard", func() bool { return heardTone(c.Heard(), 440) >= 180*time.Millisecond })
	r.now(c)

	v.Cut()
	agent.reply(t, "b", "Meanwhile.", 700, 300*time.Millisecond)
	agent.Transcribe("I see.", false, nil)
	other, otherAgent := r.connected()
	otherAgent.reply(t, "c", "Hello.", 1000, 300*time.Millisecond)
	r.until("both are heard", func() bool {
		return heardTone(c.Heard(), 700) >= 280*time.Millisecond && heardTone(other.Heard(), 1000) >= 280*time.Millisecond &&
			echoes(c) >= 2 && echoes(other) >= 1
	})
	if err := r.db.Ping(r.ctx); err == nil {
		t.Error("the database was there all the time")
	}
	other.HangUp()
	<-other.Done()
	again := other.Params()["token"]
	if ws := r.deafSocket(); again != "" {
		say(t, ws, started(other.SID, again))
		if _, _, err := ws.ReadMessage(); err == nil {
			t.Error("a token serves twice while the database is away")
		}
	}
	v.Mend()
	c.HangUp()
	<-c.Done()

	rec, late := r.record(c), r.record(other)
	for _, text := range []string{"Before.", "Meanwhile."} {
		if said(t, rec, text).Heard != calllog.HeardFull {
			t.Errorf("%s isn't logged as heard", text)
		}
	}
	if len(entries(rec, calllog.KindCaller)) != 1 || said(t, late, "Hello.").Heard != calllog.HeardFull || late.Outcome != string(call.CallerHungUp) {
		t.Errorf("%+v\n%+v", rec.Entries, late)
	}
	if r.log.Lost() != 0 || r.log.Rejected() != 0 {
		t.Errorf("%d entries lost, %d rejected", r.log.Lost(), r.log.Rejected())
	}
	noFaults(t, c, other)
}
