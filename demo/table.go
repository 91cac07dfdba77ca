package demo

import (
	"github.com/patchcord/patchcord/internal/plain"
)

// The columns of the table: a mark, the claim, what was measured.
const (
	claimBegins  = 4
	claimWidth   = 40
	figureBegins = claimBegins + claimWidth
)

// tooLate is how late the telephone may be, in ms, before the machine is to blame: it is
// less than the half second that waits for the ear.
const tooLate = 250

// result ends the conversation and says what it proved.
func (t *textShow) result(r result) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.finish()

	plain.Fprintf(t.out, "\nWhat was proved\n\n")
	for _, c := range r.Claims {
		mark := "✓"
		if !c.OK {
			mark = "✗"
		}
		for i, part := range wrap(c.Figure, t.screen.width-figureBegins) {
			if i == 0 {
				plain.Fprintf(t.out, "  %s %-*s%s\n", t.screen.paint(mark, mark), claimWidth, c.Text, part)
			} else {
				plain.Fprintf(t.out, "%*s%s\n", figureBegins, "", part)
			}
		}
	}
	if !r.OK && r.Late > tooLate {
		plain.Fprintf(t.out, "\nThis machine was too busy to run the demo in real time: the simulated telephone\nwas up to %.1f s late. Try again when the machine is less busy.\n", r.Late/1000)
	}
	plain.Fprintf(t.out, "\nWhat both ends heard (caller left, agent right): %s\n", r.WAV)
}

// kept says how to reach what is left running.
func (t *textShow) kept(k kept) {
	t.mu.Lock()
	defer t.mu.Unlock()
	plain.Fprintf(t.out, `
The service, the simulated Twilio and the scripted agent run until Ctrl-C;
their files are in %s. To reach them with bridge, use these settings:

`, k.Folder)
	for _, v := range k.Env {
		plain.Fprintf(t.out, "  export %s\n", v)
	}
	plain.Fprintf(t.out, "\n  bridge calls show %s\n", k.Call)
	for _, path := range append([]string{"/v1/calls/" + k.Call, "/metrics"}, k.Look...) {
		plain.Fprintf(t.out, "  curl -H \"Authorization: Bearer $BRIDGE_API_TOKEN\" $PUBLIC_URL%s\n", path)
	}
	if k.Enter {
		plain.Fprintf(t.out, "\nPress Enter to make the telephone ring again.\n")
	}
}
