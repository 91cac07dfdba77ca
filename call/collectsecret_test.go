package call_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/call/builtin"
	"github.com/patchcord/patchcord/tools"
)

type payment struct {
	Card string `json:"card"`
	Note string `json:"note,omitempty"`
}

// cashier is a tool that is given cards, and repeats them.
func cashier(t *testing.T, charged *[]string) tools.Set {
	t.Helper()
	registry, err := tools.NewRegistry(tools.Config{})
	if err != nil {
		t.Fatal(err)
	}
	tool, err := tools.New("charge", "Charges a card.", func(_ context.Context, in payment) (string, error) {
		*charged = append(*charged, in.Card+" "+in.Note)
		if in.Note == "declined" {
			return "", &tools.Error{Say: "The card " + in.Card + " is declined.", Err: errors.New("declined: " + in.Card)}
		}
		return "charged to " + in.Card[:4] + " " + in.Card[4:], nil
	})
	if err == nil {
		err = registry.Add(tool)
	}
	set, err2 := registry.Only("charge")
	if err = errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	return set
}

// Secret digits reach the tool that is given their reference, and nobody else: neither the agent
// nor the log, whatever the tool answers, and however slowly or early they are keyed in.
func TestSecretDigits(t *testing.T) {
	var charged []string
	inBubble(t, func(c *call.Config, p *call.Profile) {
		collecting(c, p)
		p.Tools = cashier(t, &charged)
	}, func(b *bubble) {
		c, p := b.connected()
		uses(p, "t0", "charge", `{"card":"digits:card_number"}`)
		b.keysIn(c, "55", 100*time.Millisecond) // before the agent has come to its tool
		uses(p, "t1", builtin.CollectDigits, `{"secret":true,"name":"Card number","max":8,"min":8}`)
		b.pass(20 * time.Millisecond)
		c.Speak(sound(3*time.Second, 20))
		b.keysIn(c, "551234", time.Second)
		if n := count(p.Heard(), 20); n > 40*time.Millisecond {
			b.Errorf("the agent hears %v of the keys' tones", n)
		}
		b.keysIn(c, "77#", 4*time.Second) // too many
		b.pass(20 * time.Second)
		uses(p, "t2", "charge", `{"card":"digits:card_number"}`)
		uses(p, "t3", "charge", `{"card":"digits:card_number","note":"declined"}`)
		uses(p, "t4", "charge", `{"card":"the one of digits:card_number"}`)
		uses(p, "t5", builtin.CollectDigits, `{"secret":true,"name":"pin","min":4,"timeout_ms":1000}`)
		b.keysIn(c, "66", 500*time.Millisecond)
		b.pass(1100 * time.Millisecond)
		b.keysIn(c, "66", 500*time.Millisecond) // too late
		b.pass(5 * time.Second)
		uses(p, "t6", "charge", `{"card":"digits:pin"}`)
		c.Speak(sound(time.Second, 20))
		b.pass(2 * time.Second)
		if n := count(p.Heard(), 20); n < 960*time.Millisecond {
			b.Errorf("afterwards the agent hears %v of a second", n)
		}
		b.keysIn(c, "8", 0)
		b.pass(90 * time.Second)
		for range 6 {
			p.Events <- agent.CallerSaid{Text: "Hm."}
			b.pass(100 * time.Second)
		}
		uses(p, "t7", "charge", `{"card":"digits:card_number"}`)
		answers := map[string]string{}
		for _, a := range p.Answers() {
			answers[a.ID] = a.Content
			if bad := a.ID == "t0" || a.ID == "t3" || a.ID == "t6" || a.ID == "t7"; bad != (a.Error != "") {
				b.Errorf("%s is answered %+v", a.ID, a)
			}
		}
		for id, want := range map[string]string{
			"t1": `{"collected":8,"ended_by":"max","complete":true,"reference":"digits:card_number"}`,
			"t2": "charged to digits:card_number",
			"t3": "The card digits:card_number is declined.",
			"t5": `{"collected":2,"ended_by":"timeout","complete":false,"note":"At least 4 digits are needed. Ask the caller to key them in again from the beginning, and use the tool again."}`,
		} {
			if answers[id] != want {
				b.Errorf("%s is answered %q, want %q", id, answers[id], want)
			}
		}
		if got := strings.Join(charged, "; "); got != "55551234 ; 55551234 declined; the one of digits:card_number " {
			b.Errorf("the tool was given %q", got)
		}
		c.HangUp()
		<-c.Done()
		all := shown(b, c, p)
		for _, secret := range []string{"55551234", "1234", "\"5\"", "\"6\"", "\"7\"", "pressed the keys"} {
			if strings.Contains(all, secret) {
				b.Errorf("%q is shown: %s", secret, all)
			}
		}
		if got := digitsLogged(b, c); got != strings.Repeat("•", 15)+"8" {
			b.Errorf("the log has the keys %q", got)
		}
		synctest.Wait()
	})
}
