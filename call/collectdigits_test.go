package call_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/twilio/twiliotest"
)

// collecting lets the agent have numbers keyed in.
func collecting(_ *call.Config, p *call.Profile) { p.Builtins = []string{builtin.CollectDigits} }

// uses makes an agent use a tool.
func uses(p *call.Puppet, id, name, arguments string) {
	p.Events <- agent.ToolCall{ID: id, Name: name, Arguments: arguments, WantAnswer: true}
	synctest.Wait()
}

// keysIn presses keys, each a while after the one before.
func (b *bubble) keysIn(c *twiliotest.Call, keys string, gap time.Duration) {
	b.Helper()
	for i, key := range strings.Split(keys, "") {
		if i > 0 {
			b.pass(gap)
		}
		if err := c.Press(key); err != nil {
			b.Fatal(err)
		}
		synctest.Wait()
	}
}

// digitsLogged is the keys of a call as its log shows them.
func digitsLogged(b *bubble, c *twiliotest.Call) string {
	b.Helper()
	var digits string
	for _, e := range entries(b.record(c), calllog.KindDTMF) {
		digits += e.Digit
	}
	return digits
}

// A collection ends by its terminator, its last digit or the caller's hesitation, and says so; no
// key of it is told to the agent.
func TestCollectDigits(t *testing.T) {
	for _, x := range []struct {
		name, arguments, keys string
		gap, rest             time.Duration
		want, told, log       string
	}{
		{"terminator", `{}`, "4711#", 4 * time.Second, 0, `{"digits":"4711","collected":4,"ended_by":"terminator","complete":true}`, "", "4711#"},
		{"another terminator", `{"terminator":"*"}`, "47#11*", time.Second, 0, `{"digits":"4711","collected":4,"ended_by":"terminator","complete":true}`, "", "47#11*"},
		{"the last digit, and a # out of habit", `{"max":4}`, "4711#", time.Second, 0, `{"digits":"4711","collected":4,"ended_by":"max","complete":true}`, "", "4711#"},
		{"digits after the last", `{"max":4}`, "471123", time.Second / 2, time.Second, `{"digits":"4711","collected":4,"ended_by":"max","complete":true}`, "The caller pressed the keys 2 3.", "471123"},
		{"no terminator", `{"terminator":"","timeout_ms":1000}`, "47#", time.Second / 2, 1100 * time.Millisecond, `{"digits":"47","collected":2,"ended_by":"timeout","complete":true}`, "", "47#"},
		{"hesitation", `{}`, "4711", time.Second, 5100 * time.Millisecond, `{"digits":"4711","collected":4,"ended_by":"timeout","complete":true}`, "", "4711"},
		{"too few", `{"min":4}`, "47#", time.Second, 0, `{"digits":"47","collected":2,"ended_by":"terminator","complete":false,"note":"At least 4 digits are needed. Ask the caller to key them in again from the beginning, and use the tool again."}`, "", "47#"},
	} {
		t.Run(x.name, func(t *testing.T) {
			inBubble(t, collecting, func(b *bubble) {
				c, p := b.connected()
				uses(p, "t1", builtin.CollectDigits, x.arguments)
				b.pass(time.Second)
				p.Events <- agent.Interrupted{} // changes nothing
				b.keysIn(c, x.keys, x.gap)
				b.pass(x.rest)
				if a := p.Answers(); len(a) != 1 || a[0].Content != x.want || a[0].Error != "" {
					b.Errorf("the agent is answered %+v, want %s", a, x.want)
				}
				if got := strings.Join(p.Told(), " "); got != x.told {
					b.Errorf("the agent is told %q, want %q", got, x.told)
				}
				c.HangUp()
				<-c.Done()
				if got := digitsLogged(b, c); got != x.log {
					b.Errorf("the log has the keys %q, want %q", got, x.log)
				}
			})
		})
	}
}

// Who presses nothing is given the time to hear what is asked, and then twice the usual.
func TestCollectNothing(t *testing.T) {
	inBubble(t, collecting, func(b *bubble) {
		c, p := b.connected()
		speaks(p, "a", "Please key in your number, and then the hash key.", sound(6*time.Second, 1))
		uses(p, "t1", builtin.CollectDigits, `{"timeout_ms":4000}`)
		uses(p, "t2", builtin.CollectDigits, `{}`)
		if a := p.Answers(); len(a) != 1 || a[0].ID != "t2" || a[0].Error == "" {
			b.Fatalf("a second collection beside the first is answered %+v", a)
		}
		b.pass(13 * time.Second)
		if n := len(p.Answers()); n != 1 {
			b.Fatal("the first key is not waited for")
		}
		b.pass(1500 * time.Millisecond)
		if a := p.Answers(); len(a) != 2 || a[1].Error != "" || !strings.Contains(a[1].Content, `"digits":"","collected":0,"ended_by":"timeout","complete":false,"note":"The caller pressed no key.`) {
			b.Errorf("%+v", a)
		}
		c.HangUp()
		<-c.Done()
	})
}

// The agent is lost, then the stream: the digits so far stay, and whoever comes next is answered.
func TestCollectAndLost(t *testing.T) {
	inBubble(t, collecting, func(b *bubble) {
		c, p := b.connected()
		uses(p, "t1", builtin.CollectDigits, `{"secret":false}`)
		b.keysIn(c, "47", time.Second)
		p.Leave(errLost)
		b.pass(20 * time.Millisecond)
		b.keysIn(c, "1", 0)
		b.agents.Answers <- nil
		next := <-b.agents.Dialled
		b.pass(time.Second)
		b.agents.Answers <- nil
		c.CutStream()
		third := <-b.agents.Dialled
		b.await(c, twiliotest.Started, "")
		b.pass(3 * time.Second)
		b.keysIn(c, "1#", time.Second)
		want := `{"digits":"4711","collected":4,"ended_by":"terminator","complete":true}`
		if a := third.Answers(); len(a) != 1 || a[0].ID != "t1" || a[0].Content != want {
			b.Errorf("answered %+v, want %s", a, want)
		}
		if n := len(p.Answers()) + len(next.Answers()); n != 0 {
			b.Errorf("%d other answers", n)
		}
		uses(third, "t2", builtin.CollectDigits, `{}`)
		b.keysIn(c, "12", time.Second)
		c.HangUp()
		<-c.Done()
		if tool := entries(b.record(c), calllog.KindTool); len(tool) != 2 || tool[0].Result != want || tool[1].Error == "" || tool[1].Result != "" {
			b.Errorf("the log has %+v", tool)
		}
	})
}

// On a call that we placed the key 9 opts out, whatever is being collected.
func TestCollectAndStop(t *testing.T) {
	atDesk(t, func(_ *desk, _ *call.Config, p *call.Profile) { p.Builtins = []string{builtin.CollectDigits} }, func(d *desk) {
		head, c, p := d.opened()
		uses(p, "t1", builtin.CollectDigits, `{"secret":true}`)
		d.keysIn(c, "479", time.Second)
		<-c.Done()
		rec := d.outcome(head.ID, call.OptedOut)
		var keys string
		for _, e := range entries(rec, calllog.KindDTMF) {
			keys += e.Digit
		}
		if keys != "••9" {
			d.Errorf("the log has the keys %q", keys)
		}
		if len(p.Answers()) != 0 {
			d.Errorf("answered %+v", p.Answers())
		}
	})
}

// shown is everything that an agent and a log get to see of a call.
func shown(b *bubble, c *twiliotest.Call, agents ...*call.Puppet) string {
	b.Helper()
	log, err := json.Marshal(b.record(c))
	if err != nil {
		b.Fatal(err)
	}
	all := string(log)
	for _, p := range agents {
		told, err := json.Marshal([]any{p.Answers(), p.Told(), p.Said()})
		if err != nil {
			b.Fatal(err)
		}
		all += string(told)
	}
	return all
}
