package call_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/patchcord/patchcord/call/builtin"
)

// When the last of so many secret digits has come, the agent soon hears the caller again: it
// has its answer, and talks with them. A key too many is as secret as the others.
func TestHeardAfterSecretDigits(t *testing.T) {
	inBubble(t, collecting, func(b *bubble) {
		c, p := b.connected()
		uses(p, "t1", builtin.CollectDigits, `{"secret":true,"name":"pin","max":4,"timeout_ms":30000}`)
		c.Speak(sound(2*time.Second, 20))
		b.keysIn(c, "1234", 300*time.Millisecond)
		b.pass(3 * time.Second)
		if n := count(p.Heard(), 20); n > 40*time.Millisecond {
			b.Errorf("the agent hears %v of the keys' tones", n)
		}
		c.Speak(sound(time.Second, 21))
		b.pass(1200 * time.Millisecond)
		if n := count(p.Heard(), 21); n < 960*time.Millisecond {
			b.Errorf("afterwards the agent hears %v of a second", n)
		}
		b.keysIn(c, "5", 0)
		c.Speak(sound(time.Second, 22))
		b.pass(1200 * time.Millisecond)
		if n := count(p.Heard(), 22); n > 40*time.Millisecond {
			b.Errorf("the agent hears %v of the tone of a key too many", n)
		}
		c.HangUp()
		<-c.Done()
		if got := digitsLogged(b, c); got != "•••••" {
			b.Errorf("the log has the keys %q", got)
		}
		synctest.Wait()
	})
}
