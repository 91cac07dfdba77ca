package call_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	attendant "github.com/patchcord/patchcord/agent/desk"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/recording"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// withDesk is a call whose voice refuses and whose desk answers.
func withDesk(t *testing.T, test func(*bubble, *twiliotest.Call, *recording.Folder), opening ...string) {
	t.Helper()
	folder := recording.NewFolder(t.TempDir())
	inBubble(t, func(c *call.Config, p *call.Profile) {
		c.Recordings = folder
		v := call.NewVoice("desk", attendant.Dialer{})
		v.Builtins = []string{builtin.TakeMessage, builtin.TransferCall, builtin.StopCalling}
		p.Voices = append(p.Voices, v)
		to, err := phone.Parse(transfer)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range opening {
			p.Opening = &call.Opening{Text: text}
		}
		p.Transfers = builtin.Transfers{{Number: to}}
	}, func(b *bubble) {
		b.agents.Answers <- errDown
		c := b.dial()
		b.await(c, twiliotest.Started, "")
		b.pass(time.Second)
		test(b, c, folder)
	})
}

func (b *bubble) keys(c *twiliotest.Call, key string) {
	b.Helper()
	if err := c.Press(key); err != nil {
		b.Fatal(err)
	}
	b.pass(time.Second)
}

// Where no voice answers, the desk takes a message, which is kept as sound and noted in the log.
func TestDeskTakesAMessage(t *testing.T) {
	for name, hangsUp := range map[string]bool{"ended by a key": false, "ended by hanging up": true} {
		t.Run(name, func(t *testing.T) {
			withDesk(t, func(b *bubble, c *twiliotest.Call, folder *recording.Folder) {
				b.keys(c, "1")
				b.keys(c, "1") // over the prompt
				c.Speak(sound(3*time.Second, 20))
				b.pass(3 * time.Second)
				if hangsUp {
					c.HangUp()
				} else {
					b.keys(c, "5")
					<-c.Done()
				}
				head := b.record(c)
				i := slices.IndexFunc(head.Entries, func(e calllog.Entry) bool { return e.Name == builtin.TakeMessage && e.Kind == calllog.KindNote })
				if i < 0 || !strings.Contains(string(head.Entries[i].Arguments), `"recording":1`) {
					t.Fatalf("the log has no spoken message: %+v", head.Entries)
				}
				if head.Voice != "desk" {
					t.Errorf("the voice is %q", head.Voice)
				}
				f, err := folder.OpenMessage(head.ID, 1)
				if err != nil {
					t.Fatal(err)
				}
				defer f.Close()
				if info, _ := f.Stat(); info.Size() < 2*16_000 {
					t.Errorf("%d bytes of a message of 3 s", info.Size())
				}
			})
		})
	}
}

// A desk can't speak an opening, and the log says so; a caller hears its menu at once.
func TestDeskHasNoOpening(t *testing.T) {
	withDesk(t, func(b *bubble, c *twiliotest.Call, _ *recording.Folder) {
		b.pass(3 * time.Second)
		c.HangUp()
		head := b.record(c)
		if head.Opening == nil || head.Opening.Complete {
			t.Errorf("the opening is %+v", head.Opening)
		}
		i := slices.IndexFunc(head.Entries, func(e calllog.Entry) bool { return strings.HasPrefix(e.Text, "I'm sorry.") })
		if i < 0 || head.Entries[i].Heard != calllog.HeardFull {
			t.Errorf("the log has %+v", head.Entries)
		}
	}, "This call is recorded. I am an AI assistant.")
}

// The desk puts a caller through, with a list of transfers that the agent's own tools don't have.
func TestDeskTransfers(t *testing.T) {
	withDesk(t, func(b *bubble, c *twiliotest.Call, _ *recording.Folder) {
		b.keys(c, "3")
		b.pass(5 * time.Second)
		if !slices.Contains(verbs(c), "Dial") {
			t.Errorf("followed %q, want a transfer", verbs(c))
		}
		c.HangUp()
	})
}

// Nor does a call that we placed go on with a desk that can't say who calls: it ends, and no
// word of the menu is heard before the opening.
func TestDeskCarriesNoPlacedCallWithoutAnOpening(t *testing.T) {
	atDesk(t, func(_ *desk, _ *call.Config, p *call.Profile) {
		p.Opening = nil
		v := call.NewVoice("desk", attendant.Dialer{})
		v.Builtins = []string{builtin.TakeMessage}
		p.Voices = []*call.Voice{v}
	}, func(d *desk) {
		_, c := d.place()
		c.PickUp()
		<-c.Done()
		r := d.record(c)
		if r.Outcome != calllog.OutcomeFailed || r.Opening == nil || r.Opening.Complete {
			d.Errorf("the call is logged as %+v", r)
		}
		if heard := c.Heard(); len(heard) > 0 {
			d.Errorf("%d bytes were heard", len(heard))
		}
	})
}
