package call_test

import (
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// crash is a call whose bridge is gone, and another instance of the same data.
type crash struct {
	*world
	before, after *rig
	head          calllog.Call
	call          *twiliotest.Call
}

// crashed places a call and starts another instance, as if the first had been killed while
// it rang. Forgets gives it the head of a call of which the first had not yet heard from
// Twilio. The other instance may have another configuration.
func crashed(t *testing.T, forgets bool, changes ...func(*call.Config)) *crash {
	t.Helper()
	at := postgrestest.URL(t)
	phone := &twiliotest.Phone{Public: public, AuthToken: authToken}
	w := newWorld(t, phone)
	x := &crash{world: w, before: newRig(t, plan{url: at, configure: w.places(t)})}
	phone.Bridge = x.before.web.URL
	var err error
	if x.head, _, err = x.before.board.Place(x.before.ctx, toCallee()); err != nil {
		t.Fatal(err)
	}
	if x.call, err = w.person.Rung(x.before.ctx, 1); err != nil {
		t.Fatal(err)
	}
	x.before.until("the log knows that it rings", func() bool {
		rec, err := x.before.db.Calls().Get(x.before.ctx, x.head.ID)
		return err == nil && rec.Status == calllog.StatusRinging
	})
	x.after = newRig(t, plan{url: at, configure: func(c *call.Config) {
		w.places(t)(c)
		for _, change := range changes {
			change(c)
		}
	}})
	if n, err := x.after.db.CloseOrphans(x.after.ctx, "here", time.Minute); err != nil || n != 1 {
		t.Fatalf("%d calls closed, %v", n, err)
	}
	phone.Bridge = x.after.web.URL
	if forgets {
		x.head = x.orphans(1)[0]
		x.head.TwilioCallSID = ""
		x.head.Version += 10 // than what the first has written
	}
	return x
}

func (x *crash) orphans(want int) []calllog.Call {
	x.after.Helper()
	list, err := x.after.db.Orphans(x.after.ctx)
	if err != nil || len(list) != want {
		x.after.Fatalf("%d orphans, %v; want %d", len(list), err, want)
	}
	return list
}

// settle settles the one orphan, twice.
func (x *crash) settle() {
	x.after.Helper()
	head := x.orphans(1)[0]
	for range 2 {
		if err := x.after.board.SettleOrphan(x.after.ctx, head); err != nil {
			x.after.Fatal(err)
		}
	}
	if err := x.after.db.Settled(x.after.ctx, head.ID); err != nil {
		x.after.Fatal(err)
	}
	x.orphans(0)
}

func (x *crash) ends(want int) []consent.Fact {
	x.after.Helper()
	var ends []consent.Fact
	for _, f := range x.ledger.Facts(consent.Permitted) {
		if f.PermitStatus == consent.PermitEnded {
			ends = append(ends, f)
		}
	}
	if len(ends) != want {
		x.after.Fatalf("the permit has the ends %+v, want %d", ends, want)
	}
	return ends
}

// A call that rings when its bridge is killed is hung up, and its permit ends, once.
func TestARingingCallOutlivesItsBridge(t *testing.T) {
	t.Parallel()
	x := crashed(t, false)
	x.settle()
	<-x.call.Done()
	if x.call.Ended() != "rest" {
		t.Errorf("the call was ended by %q", x.call.Ended())
	}
	if end := x.ends(1)[0]; end.Abandoned || end.PermitID != x.head.Order.PermitID || end.Outcome != string(call.Failed) {
		t.Errorf("the permit's end: %+v", end)
	}
}

// Its permit ends also if bridge.yaml has neither its agent nor its seller any more.
func TestARingingCallOutlivesItsAgent(t *testing.T) {
	t.Parallel()
	x := crashed(t, false, func(c *call.Config) { c.Profiles = map[string]*call.Profile{} })
	x.settle()
	<-x.call.Done()
	if end := x.ends(1)[0]; end.Seller != seller.Name || end.Agent != "support" || end.PermitID != x.head.Order.PermitID {
		t.Errorf("the permit's end: %+v", end)
	}
}

// So is one of which the bridge never heard Twilio's name: it is looked for.
func TestACreatedCallOutlivesItsBridge(t *testing.T) {
	t.Parallel()
	x := crashed(t, true)
	if err := x.after.db.Calls().Apply(x.after.ctx, []calllog.Change{{CallID: x.head.ID, Call: &x.head}}); err != nil {
		t.Fatal(err)
	}
	if err := x.after.board.SettleOrphan(x.after.ctx, x.head); err != nil {
		t.Fatal(err)
	}
	<-x.call.Done()
	if x.call.Ended() != "rest" {
		t.Errorf("the call was ended by %q", x.call.Ended())
	}
	x.ends(1)
}

// Who answers after the bridge is gone hears nothing, and was abandoned: whether the call is
// settled before or after that.
func TestAnsweredAfterItsBridge(t *testing.T) {
	t.Parallel()
	t.Run("settled after", func(t *testing.T) {
		t.Parallel()
		x := crashed(t, false)
		x.call.PickUp()
		<-x.call.Done() // the answer is asked for, and it is hung up
		x.after.until("the ledger has it", func() bool { return len(x.ledger.Facts(consent.Permitted)) == 2 })
		if end := x.ends(1)[0]; !end.Abandoned {
			t.Errorf("the permit's end: %+v", end)
		}
		x.settle()
		x.ends(1)
	})
	t.Run("settled before", func(t *testing.T) {
		t.Parallel()
		x := crashed(t, false)
		x.settle()
		<-x.call.Done()
		x.after.board.AnswerOutbound(x.after.ctx, carrier.Incoming{Call: carrier.CallID(x.call.SID)}, x.head.ID)
		x.after.until("the ledger has it", func() bool { return len(x.ledger.Facts(consent.Permitted)) == 3 })
		if ends := x.ends(2); !ends[1].Abandoned {
			t.Errorf("the permit's ends: %+v", ends)
		}
	})
}

// While Twilio does not answer, a call is not settled.
func TestAnOrphanWaitsForTwilio(t *testing.T) {
	t.Parallel()
	x := crashed(t, false)
	head := x.orphans(1)[0]
	head.TwilioCallSID = "CAnone"
	if err := x.after.board.SettleOrphan(x.after.ctx, head); err == nil {
		t.Error("settled, and Twilio knows nothing of it")
	}
	x.ends(0)
	long := time.Now().Add(-2 * time.Hour)
	head.EndedAt = &long
	if err := x.after.board.SettleOrphan(x.after.ctx, head); err != nil {
		t.Errorf("after two hours: %v", err)
	}
	x.ends(1)
}
