package call_test

import (
	"testing"
	"time"

	"github.com/patchcord/patchcord/carrier"
)

// A token that nobody has used is worth nothing once its call is over: no agent is dialed for it,
// whether this instance remembers the end or the log alone does.
func TestAStreamOfACallThatIsOver(t *testing.T) {
	for name, later := range map[string]time.Duration{"at once": time.Second, "in its last seconds": 59 * time.Second} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, nil, func(b *bubble) {
				b.agents.Answers <- nil
				token := b.announce(someSID)
				<-b.agents.Dialled
				b.board.Status("", carrier.Status{Call: someSID, State: carrier.Completed})
				b.pass(later)
				ws := b.socket()
				say(b, ws, started(someSID, token))
				b.refused(ws)
				if n := len(b.agents.Sessions()); n != 1 {
					b.Errorf("%d dials, want the first alone", n)
				}
			})
		})
	}
}
