package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/service"
	"github.com/patchcord/patchcord/phone"
)

// A call back that was asked for is a reminder of the same agent, scheduled once however often it
// is asked for; what is no order is none.
func TestCallbacksAreReminders(t *testing.T) {
	b := serving(t)
	number := func(s string) phone.Number {
		n, err := phone.Parse(s)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	o := call.CallbackOrder{Key: "callback/call_1/t1", At: time.Now().Add(time.Hour),
		Order: call.Order{To: number(person), From: number(ours), Agent: "reminders", Purpose: consent.Informational, Subject: "crown", Variables: map[string]string{"callback_topic": "crown"}}}
	book := service.Callbacks{Service: b.s}
	first, err := book.Schedule(t.Context(), o)
	again, err2 := book.Schedule(t.Context(), o)
	if err = errors.Join(err, err2); err != nil || first == "" || first != again {
		t.Fatalf("%q, then %q, %v", first, again, err)
	}
	r := b.reminds(first, "scheduled", func(r api.Reminder) bool { return r.Status == "scheduled" })
	if r.Subject != "crown" || r.Agent != "reminders" || r.To != person || r.DueAt.Sub(o.At).Abs() > time.Second {
		t.Errorf("%+v", r)
	}
	var wrong *call.OrderError
	o.Agent, o.Key = "nobody", "callback/call_1/t2"
	if _, err := book.Schedule(t.Context(), o); !errors.As(err, &wrong) {
		t.Errorf("an order for an agent that is not there: %v", err)
	}
}

// Messages are found without knowing in which call they were left.
func TestMessages(t *testing.T) {
	b := serving(t)
	at := time.Now().Add(-time.Minute)
	for _, c := range []calllog.Call{{ID: "call_1", Direction: calllog.Inbound, From: person, To: ours}, {ID: "call_2", Direction: calllog.Outbound, From: ours, To: person}} {
		c.Version, c.Agent, c.StartedAt = 1, "reminders", at
		b.s.Writer.Put(calllog.Change{CallID: c.ID, Call: &c})
		b.s.Writer.Put(calllog.Change{CallID: c.ID, Entry: &calllog.Entry{Seq: 1, Kind: calllog.KindNote, Text: "the person wants no more calls"}})
	}
	b.s.Writer.Put(calllog.Change{CallID: "call_2", Entry: &calllog.Entry{Seq: 2, AtMS: 5000, Kind: calllog.KindNote, Name: builtin.TakeMessage, Text: "The crown is loose.",
		Arguments: json.RawMessage(`{"from":"Dana","callback_number":"+12125552672","for":"Ann","urgent":true}`)}})
	if err := b.s.Writer.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	exits(t, exitDone, []string{"calls", "messages"}, "URGENT  for Ann  from Dana  caller "+person+"  call back +12125552672  call call_2", "The crown is loose.", "1 message(s) in the newest 2 call(s)")
	exits(t, exitDone, []string{"calls", "show", "call_2"}, "take_message", "The crown is loose.")
	var m callMessage
	if err := json.Unmarshal([]byte(exits(t, exitDone, []string{"calls", "messages", "--json", "--agent", "reminders"}).out), &m); err != nil || m.CallID != "call_2" || m.Caller != person || !m.Urgent ||
		m.LeftAt.Sub(at.Add(5*time.Second)).Abs() > time.Millisecond {
		t.Errorf("%+v, %v", m, err)
	}
	exits(t, exitDone, []string{"calls", "messages", "--agent", "harbor"}, "0 message(s) in the newest 0 call(s)")
}

// An agent that can call nobody back is told of when the service starts.
func TestWarnOfCallbacks(t *testing.T) {
	for _, x := range []struct {
		profile call.Profile
		warns   bool
	}{
		{call.Profile{Builtins: []string{builtin.ScheduleCallback}}, true},
		{call.Profile{Builtins: []string{builtin.ScheduleCallback}, Seller: consent.Seller{Name: "riverbend"}, Purpose: consent.Telemarketing}, true},
		{call.Profile{Builtins: []string{builtin.ScheduleCallback}, Seller: consent.Seller{Name: "riverbend"}}, false},
		{call.Profile{}, false},
	} {
		var log bytes.Buffer
		service.WarnOfCallbacks(new(config.Config), &x.profile, zerolog.New(&log))
		if got := strings.Contains(log.String(), "an agent has schedule_callback but can't place calls back"); got != x.warns {
			t.Errorf("%+v: %s", x.profile, &log)
		}
	}
}
