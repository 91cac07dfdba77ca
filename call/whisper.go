package call

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/phone"
)

// whisperWait is how long whoever is rung may think before the call is not theirs.
const whisperWait = 5 * time.Second

// transferStep puts a call through. A summary is whispered to whoever answers before the
// caller is joined.
func (b *Switchboard) transferStep(c *Call, h *handover) carrier.Step {
	head := c.journal.head
	t := carrier.Transfer{To: h.Number, Ring: transferRing, Call: head.ID, Try: c.refusals + 1}
	if c.outbound() {
		t.CallerID = phone.Party(head.From)
	} else if _, err := phone.Party(head.From).Number(); err != nil { // nothing that a telephone could show
		t.CallerID = phone.Party(head.To)
	}
	if t.Screened = h.summary != ""; t.Screened {
		b.keepWhisper(head.ID, t.Try, carrier.Screen{Text: introduce(c.profile, h.summary), Call: head.ID, Try: t.Try, Patience: whisperWait})
	}
	return t
}

// introduce is what whoever is rung hears.
func introduce(p *Profile, summary string) string {
	say := "A call for you."
	if seller := p.Seller.RegisteredName + p.Seller.LegalName; seller != "" {
		if say = p.Seller.RegisteredName; say == "" {
			say = p.Seller.LegalName
		}
		say = "A call from " + say + "."
	}
	if summary = strings.TrimSpace(summary); summary != "" && !strings.HasSuffix(summary, ".") {
		summary += "."
	}
	return say + " " + summary + " Press 1 to take the call."
}

// whispers are kept beside what calls follow, under a name that is no call's SID, and is
// another for each try: an instance may still have what was whispered in the one before.
func whisperOf(id string, try int) carrier.CallID {
	return carrier.CallID("whisper/" + id + "/" + strconv.Itoa(try))
}

// keepWhisper keeps what whoever is rung shall hear, here and where the other instances
// find it. What is said of a caller never travels in a URL.
func (b *Switchboard) keepWhisper(id string, try int, s carrier.Step) {
	b.mu.Lock()
	now := time.Now()
	for of, d := range b.whispers {
		if now.After(d.expires) {
			delete(b.whispers, of)
		}
	}
	b.whispers[whisperOf(id, try)] = prepared{step: s, expires: now.Add(nextLife)}
	b.mu.Unlock()
	b.keeper.do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), askWait)
		defer cancel()
		if err := b.cfg.Shared.SetNext(ctx, whisperOf(id, try), s); err != nil {
			b.cfg.Logger.Warn().Err(err).Str("call", id).Msg("transfer screening not shared: only this instance has it")
		}
	})
}

// Whisper says what somebody hears to whom a call is put through, on whichever instance. A
// call may be put through several times; try is which of them, as the URL has it.
// If nothing is known of it any more they are hung up: there is nobody to join.
func (b *Switchboard) Whisper(ctx context.Context, id string, try int) carrier.Step {
	b.mu.Lock()
	d, found := b.whispers[whisperOf(id, try)]
	b.mu.Unlock()
	if found {
		return d.step
	}
	ctx, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	s, found, err := b.cfg.Shared.TakeNext(ctx, whisperOf(id, try))
	switch {
	case err != nil:
		b.cfg.Logger.Warn().Err(err).Str("call", id).Msg("transfer screening lookup failed")
	case found: // kept, since Twilio may ask again
		b.keepWhisper(id, try, s)
		return s
	}
	return carrier.HangUp{}
}

// Taken takes the word that somebody took a call that is put through, and returns what
// they follow: to be joined with the caller.
func (b *Switchboard) Taken(id string) carrier.Step {
	if !b.takenHere(id) {
		b.keeper.do(func() { b.tellOwner(id, verbTakenUp, "") })
	}
	return carrier.Join{}
}
