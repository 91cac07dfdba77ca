package call_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/postgres"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/remind"
)

// reminders is a diary of the real thing, on a database.
type reminders struct{ *remind.Service }

func (r reminders) Schedule(ctx context.Context, o call.CallbackOrder) (string, error) {
	list, _, err := r.Add(ctx, remind.Reminder{Key: o.Key, Order: o.Order, Due: o.At})
	if err != nil {
		return "", err
	}
	return list[0].ID, nil
}

func (reminders) Check(call.CallbackOrder) error { return nil }

func (reminders) Ask(context.Context, call.CallbackOrder) error { return builtin.ErrNoTexts }

// nobody places no calls.
type nobody struct{}

func (nobody) Place(context.Context, call.Order) (calllog.Call, consent.Decision, error) {
	return calllog.Call{}, consent.Decision{}, errors.New("no calls in this test")
}

func (nobody) Request(call.Order) (consent.Request, error) {
	return consent.Request{}, errors.New("no calls in this test")
}

// A call back, with a real ledger, the policy as it is shipped but for the hours, and real
// reminders: the consent is a row of the chain, the gate would rely on it, and the call is
// scheduled. Of somebody on the list nothing is.
func TestScheduleCallbackForReal(t *testing.T) {
	t.Parallel()
	const person, other = "+12125552671", "+12125552672"
	url := postgrestest.URL(t)
	db := postgrestest.Open(t, url)
	ledger, err := db.Ledger(t.Context(), postgres.LedgerConfig{TokenKey: bytes.Repeat([]byte{1}, 32), WrapKey: bytes.Repeat([]byte{2}, 32), MACKey: bytes.Repeat([]byte{3}, 32), Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(ledger.Close)
	policy, err := consent.LoadPolicy([]byte("name: any hour\nswitched_off: [hours, holiday]\n"))
	if err != nil {
		t.Fatal(err)
	}
	gate := &consent.Gate{Ledger: ledger, Policy: policy}
	service, err := remind.New(db.River(), db.Reminders(), remind.Config{Placer: nobody{}, Calls: db.Calls(), Ledger: ledger, Line: db.CallRate(1)})
	if err != nil {
		t.Fatal(err)
	}
	today := time.Now().UTC()
	known := func(s string) consent.Fact {
		return consent.Fact{Type: consent.NumberFact, Number: numberOf(s), Seller: seller.Name, OccurredAt: today, Source: "carrier_lookup", LineType: "wireless",
			State: "NY", Zone: "America/New_York", Reassigned: consent.No, DateParam: today.Format(time.DateOnly)}
	}
	list := consent.Fact{Type: consent.DNCAdd, Number: numberOf(other), Seller: seller.Name, OccurredAt: today.Add(-time.Hour), Source: "phone"}
	if _, err := gate.Record(t.Context(), known(person), known(other), list); err != nil {
		t.Fatal(err)
	}
	if err := ledger.Anchor(t.Context(), t.TempDir()); err != nil {
		t.Fatal(err)
	}
	r := newRig(t, plan{url: url, configure: func(c *call.Config) {
		c.Gate, c.Callbacks = gate, reminders{service}
		p := c.Profiles["support"]
		p.Seller, p.Purpose, p.Builtins = seller, consent.Informational, []string{builtin.ScheduleCallback}
	}})
	r.phone.Attestation = attestations[0].stir
	at := time.Now().Add(48 * time.Hour).Truncate(time.Second)
	for _, from := range []string{person, other} {
		c, err := r.phone.Dial(r.ctx, from, number)
		if err != nil {
			t.Fatal(err)
		}
		agent := r.chat()
		if err := agent.Transcribe("Yes, call me back the day after tomorrow.", false, nil); err != nil {
			t.Fatal(err)
		}
		agent.CallTool("t1", builtin.ScheduleCallback, `{"at":"`+at.Format(time.RFC3339)+`","topic":"the loose crown"}`, true)
		r.until("the tool is answered", func() bool { return len(agent.sent("tool_response"))+len(agent.sent("tool_error")) == 1 })
		switch answers := agent.sent("tool_response"); {
		case from == other:
			if len(answers) != 0 {
				t.Errorf("somebody on the list is promised %v", answers)
			}
		case len(answers) != 1 || !strings.Contains(answers[0].Fields["content"].(string), "It is scheduled."):
			t.Errorf("answered %v, %v", answers, agent.sent("tool_error"))
		}
		c.HangUp()
		<-c.Done()
		<-agent.Done()
		r.record(c)
	}
	found, _, err := service.List(r.ctx, remind.Filter{})
	if err != nil || len(found) != 1 {
		t.Fatalf("%d reminders, %v", len(found), err)
	}
	rem := found[0]
	if rem.Order.To != numberOf(person) || rem.Order.From != numberOf(number) || !rem.Due.Equal(at) || rem.Status != remind.Scheduled || rem.Order.Agent != "support" || rem.Order.Subject != "the loose crown" {
		t.Errorf("%+v", rem)
	}
	snapshots, err := ledger.Snapshot(r.ctx, numberOf(person), numberOf(other))
	if err != nil {
		t.Fatal(err)
	}
	var grants []consent.Fact
	for _, s := range snapshots {
		for _, f := range s.Facts {
			if f.Type == consent.Grant {
				grants = append(grants, f)
			}
		}
	}
	if len(grants) != 1 || grants[0].Number != numberOf(person) || grants[0].Evidence.Text != "Yes, call me back the day after tomorrow." {
		t.Fatalf("the ledger has %+v", grants)
	}
	// What the reminder will be asked about is covered by this grant, and what it is not about is not.
	ask := func(subject string, purpose consent.Purpose) consent.Decision {
		t.Helper()
		d, err := gate.DecideAt(r.ctx, consent.Request{To: numberOf(person), From: numberOf(number), Agent: "support", Seller: seller, FromSeller: seller.Name, Purpose: purpose, Subject: subject}, at)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	if d := ask(rem.Order.Subject, rem.Order.Purpose); d.Outcome != consent.Allow {
		t.Errorf("the gate would say %s: %+v", d.Outcome, d.Failing())
	}
	if d := ask("whitening", consent.Informational); d.Outcome != consent.Deny {
		t.Errorf("of another subject the gate says %s", d.Outcome)
	}
	if d := ask(rem.Order.Subject, consent.Telemarketing); d.Outcome != consent.Deny {
		t.Errorf("of a call that sells the gate says %s", d.Outcome)
	}
	if logs := r.lines.String(); strings.Contains(logs, person[1:]) || strings.Contains(logs, "crown") {
		t.Errorf("the log shows the person:\n%s", logs)
	}
}
