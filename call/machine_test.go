package call_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

func leaves(_ *desk, _ *call.Config, p *call.Profile) { p.Voicemail = call.VoicemailMessage }

// A machine ends the call; a message is left only where the seller has the toll-free
// number that belongs into it.
func TestMachine(t *testing.T) {
	leavesNone := func(d *desk, c *call.Config, p *call.Profile) {
		leaves(d, c, p)
		p.Seller.TollfreeOptout = phone.Number{}
	}
	forbidden := func(d *desk, c *call.Config, p *call.Profile) {
		leaves(d, c, p)
		d.rules.LeaveNoMessage()
	}
	for _, tt := range []struct {
		name       string
		configure  func(*desk, *call.Config, *call.Profile)
		asked      string
		answeredBy string
		want       call.Reason // empty: the call goes on
		follows    []string
	}{
		{"hangs up on a machine", nil, "Enable", "machine_start", call.Voicemail, []string{"Connect", "Hangup"}},
		{"leaves a message", leaves, "DetectMessageEnd", "machine_end_beep", call.Voicemail, []string{"Connect", "Say", "Hangup"}},
		{"leaves none without a toll-free number", leavesNone, "Enable", "machine_start", call.Voicemail, []string{"Connect", "Hangup"}},
		{"leaves none where the gate forbids it", forbidden, "Enable", "machine_end_beep", call.Voicemail, []string{"Connect", "Hangup"}},
		{"hangs up on a fax", leaves, "DetectMessageEnd", "fax", call.Failed, []string{"Connect", "Hangup"}},
		{"takes a person for one", nil, "Enable", "human", "", nil},
		{"takes what it doesn't know for a person", nil, "Enable", "unknown", "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			atDesk(t, tt.configure, func(d *desk) {
				head, c, p := d.talking()
				if got := c.Create().Get("MachineDetection"); got != tt.asked {
					d.Errorf("asked for %q", got)
				}
				d.pass(2500 * time.Millisecond)
				speaks(p, "a", "Dana, it is about your appointment.", sound(20*time.Second, 1))
				d.pass(500 * time.Millisecond)
				c.Machine(tt.answeredBy)
				if tt.want == "" {
					d.pass(3 * time.Second)
					if c.Ended() != "" {
						d.Errorf("the call was ended by %q", c.Ended())
					}
					return
				}
				d.endsWithin(c, time.Second)
				rec := d.outcome(head.ID, tt.want)
				if got := verbs(c); !slices.Equal(got, tt.follows) {
					d.Errorf("the call followed %q", got)
				}
				if n := notes(rec); len(n) != 1 {
					d.Errorf("the notes are %q", n)
				}
				for _, v := range c.Followed() {
					if v.Name == "Say" && (!strings.Contains(v.Text, "8 0 0, 5 5 5, 0 1 2 3") || !strings.Contains(v.Text, "Riverbend Dental") || strings.Contains(v.Text, "Dana")) {
						d.Errorf("the message is %q", v.Text)
					}
				}
				if end := d.permits(head.ID, consent.PermitEnded)[0]; end.Abandoned {
					d.Error("the machine was abandoned")
				}
				noFaults(d, c)
			})
		})
	}
}

// A verdict about a menu that comes while its keys are pressed ends nothing.
func TestMachineWhileKeysArePressed(t *testing.T) {
	atDesk(t, func(d *desk, c *call.Config, p *call.Profile) {
		leaves(d, c, p)
		p.Builtins = []string{builtin.SendDigits}
	}, func(d *desk) {
		head, c, p := d.opened()
		d.hears(p, menuWords)
		d.agents.Answers <- nil
		p.Events <- agent.ToolCall{ID: "t1", Name: builtin.SendDigits, Arguments: `{"digits":"1WWWW"}`, WantAnswer: true}
		p = <-d.agents.Dialled
		d.pass(2 * time.Second)
		c.Machine("machine_end_other")
		d.pass(10 * time.Second)
		speaks(p, "b", "Hello.", sound(time.Second, agentSound))
		d.pass(2 * time.Second)
		if c.Ended() != "" || count(c.Heard(), agentSound) != time.Second {
			d.Errorf("the call was ended by %q; %q", c.Ended(), notes(d.logged(head.ID)))
		}
	})
}

// A verdict that comes while there is no stream, or before the answer reached us, ends
// the call as well.
func TestMachineWithoutAStream(t *testing.T) {
	t.Run("rings", func(t *testing.T) {
		atDesk(t, nil, func(d *desk) {
			head, c := d.place()
			c.Machine("machine_start")
			d.endsWithin(c, time.Second)
			d.outcome(head.ID, call.Voicemail)
		})
	})
	for name, configure := range map[string]func(*desk, *call.Config, *call.Profile){"message": leaves, "none": nil} {
		t.Run("between two streams, "+name, func(t *testing.T) {
			atDesk(t, configure, func(d *desk) {
				d.slow.Store(int64(300 * time.Millisecond))
				head, c, _ := d.opened()
				c.CutStream()
				d.await(c, twiliotest.Closed, "")
				d.pass(100 * time.Millisecond)
				c.Machine("machine_end_other")
				<-c.Done()
				d.pass(time.Second)
				d.outcome(head.ID, call.Voicemail)
				if got := verbs(c); slices.Contains(got, "Say") != (name == "message") {
					d.Errorf("the call followed %q", got)
				}
			})
		})
	}
}

// The decision that counts is the one of the answer: what it forbids is not left, and what
// is decided about one stream holds for the next.
func TestMessageForbiddenAtTheAnswer(t *testing.T) {
	atDesk(t, leaves, func(d *desk) {
		head, c := d.place()
		if got := c.Create().Get("MachineDetection"); got != "DetectMessageEnd" {
			d.Errorf("asked for %q", got)
		}
		d.rules.LeaveNoMessage()
		d.agents.Answers <- nil
		c.PickUp()
		d.await(c, twiliotest.Started, "")
		<-d.agents.Dialled
		d.pass(2500 * time.Millisecond)
		if got := d.logged(head.ID).Order.Duties; !slices.Equal(got, []string{string(consent.DutyNoVoicemail)}) {
			d.Errorf("the log has the duties %q", got)
		}
		d.agents.Answers <- nil
		c.CutStream()
		d.pass(time.Second)
		c.Machine("machine_end_beep")
		<-c.Done()
		d.pass(time.Second)
		d.outcome(head.ID, call.Voicemail)
		if got := verbs(c); slices.Contains(got, "Say") {
			d.Errorf("the call followed %q", got)
		}
	})
}
