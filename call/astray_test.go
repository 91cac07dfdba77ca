package call_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/postgres/postgrestest"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// A call waits at the instance that announced it, though its stream went to another. What it
// follows, and how a transfer of it ended, is asked of the one that waits in vain.
func TestTransferWhoseStreamWentElsewhere(t *testing.T) {
	at := postgrestest.URL(t)
	instance := func(name string) *rig {
		r := newRig(t, plan{url: at, configure: func(c *call.Config) {
			c.Instance = name
			puttingThrough(c, c.Profiles["support"])
		}})
		r.listens()
		return r
	}
	one, two := instance("one"), instance("two")
	phone := &twiliotest.Phone{Bridge: front(t, one, two), Public: public, AuthToken: authToken}
	c, err := phone.Dial(one.ctx, caller, number)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.HangUp(); <-c.Done() })
	c.Dials(twiliotest.DialEnd{Status: "busy"}, twiliotest.DialEnd{Talks: 100 * time.Millisecond})
	puts := func(id string) {
		agent := two.chat()
		if id == "t2" {
			two.until("the agent is told", func() bool { return len(agent.sent("user_input")) == 1 })
			if told := fmt.Sprint(agent.sent("user_input")[0].Fields["text"]); !strings.Contains(told, "busy") {
				t.Errorf("the agent is told %q", told)
			}
		}
		agent.reply(t, id, "One moment.", 440, 300*time.Millisecond)
		agent.CallTool(id, builtin.TransferCall, `{"to":"sales"}`, true)
	}
	puts("t1")
	two.until("it was rung", func() bool { return len(c.Dialled()) > 0 || len(verbs(c)) > 2 })
	puts("t2")
	select {
	case <-c.Done():
	case <-time.After(10 * time.Second):
		t.Error("the call goes on")
	}
	if want := []string{"Connect", "Dial", "Connect", "Dial", "Hangup"}; !slices.Equal(verbs(c), want) {
		t.Errorf("the call followed %q, want %q", verbs(c), want)
	}
	if rec := two.record(c); rec.Outcome != string(call.Transferred) {
		t.Errorf("the outcome is %q, notes %q", rec.Outcome, notes(rec))
	}
	noFaults(t, c)
}
