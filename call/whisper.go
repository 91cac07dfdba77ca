package call

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/patchcord/patchcord/twilio"
	"github.com/patchcord/patchcord/twiml"
)

// whisperWait is how long whoever is rung may think before the call is not theirs.
const whisperWait = 5 * time.Second

// dialDocument is the TwiML that puts a call through. A summary is whispered to whoever
// answers before the caller is joined. A conference would do that, too, but its second
// leg has to be created over REST, which rings somebody without a consent permit and is
// what nothing here may do; <Dial> rings on behalf of who is on the line already.
func (b *Switchboard) dialDocument(c *Call, h *handover) string {
	head := c.journal.head
	d := twiml.Dial{Number: h.Number.E164(), Timeout: transferRing, Action: b.cfg.PublicURL + "/twilio/next"}
	if c.outbound() {
		d.CallerID = head.From
	} else if _, err := twilio.Party(head.From).Number(); err != nil { // nothing that a telephone could show
		d.CallerID = head.To
	}
	try := strconv.Itoa(c.refusals + 1)
	whisper := b.cfg.PublicURL + "/twilio/whisper?call=" + url.QueryEscape(head.ID) + "&try=" + try
	if h.summary == "" {
		d.Answered = whisper + "&answered=1"
	} else {
		d.Screen = whisper
		b.keepWhisper(head.ID, try, twiml.Screen(introduce(c.profile, h.summary), whisper+"&accepted=1", whisperWait))
	}
	return twiml.PutThrough(d)
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
func whisperOf(id, try string) twilio.CallSID { return twilio.CallSID("whisper/" + id + "/" + try) }

// keepWhisper keeps what whoever is rung shall hear, here and where the other instances
// find it. What is said of a caller never travels in a URL.
func (b *Switchboard) keepWhisper(id, try, text string) {
	b.mu.Lock()
	b.next[whisperOf(id, try)] = document{text: text, expires: time.Now().Add(nextLife), asked: true}
	b.mu.Unlock()
	b.keeper.do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), askWait)
		defer cancel()
		if err := b.cfg.Shared.SetNext(ctx, string(whisperOf(id, try)), text); err != nil {
			b.cfg.Logger.Warn().Err(err).Str("call", id).Msg("only this instance knows what to whisper of a call")
		}
	})
}

// Whisper says what somebody hears to whom a call is put through, on whichever instance. A
// call may be put through several times; try is which of them, as the URL has it.
// If nothing is known of it any more they are hung up: there is nobody to join.
func (b *Switchboard) Whisper(ctx context.Context, id, try string) string {
	b.mu.Lock()
	d, found := b.next[whisperOf(id, try)]
	b.mu.Unlock()
	if found {
		return d.text
	}
	ctx, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	text, found, err := b.cfg.Shared.TakeNext(ctx, string(whisperOf(id, try)))
	switch {
	case err != nil:
		b.cfg.Logger.Warn().Err(err).Str("call", id).Msg("what to whisper of a call could not be asked for")
	case found: // kept, since Twilio may ask again
		b.keepWhisper(id, try, text)
		return text
	}
	return twiml.Hangup()
}

// Taken takes the word that somebody took a call that is put through, and returns what
// they follow: to be joined with the caller.
func (b *Switchboard) Taken(id string) string {
	if !b.takenHere(id) {
		b.keeper.do(func() { b.tellOwner(id, verbTakenUp, "") })
	}
	return twiml.Empty()
}
