package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/optout"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/twiml"
)

// text is one that somebody has sent to one of our numbers.
type text struct {
	from    phone.Number
	to      phone.Number // zero if it came by a messaging service
	body    string
	sid     string
	sellers []consent.Seller // to whom somebody speaks who writes there
	at      time.Time
}

// sms takes a text. STOP and its kin, and a stop in other words, end all automated calls as
// well: people answer on the channel they have at hand (47 CFR 64.1200(a)(10)). What may be
// one holds them, and is asked about. Where the number reached is none that bridge.yaml knows,
// it is every seller's. What could not reach the ledger is kept on disk and answered by 503:
// Twilio then asks its fallback URL, where another instance does the same.
func (s *Server) sms(w http.ResponseWriter, r *http.Request) {
	f := form(r)
	from, err := party(f.Get("From"))
	if err != nil { // a short code, or a name: nobody whom we could call
		s.log.Info().Msg("text from an invalid number")
		s.twiml(w, twiml.Empty(), nil)
		return
	}
	to, _ := party(f.Get("To"))
	t := text{from: from, to: to, body: f.Get("Body"), sid: f.Get("MessageSid"), sellers: s.cfg.Directory.sellersAt(to), at: s.cfg.now()}
	if f.Get("OptOutType") == "" && optout.Help(t.body) && len(t.sellers) > 0 {
		s.twiml(w, twiml.Message(help(t.sellers)), nil)
		return
	}
	do := s.meant(&t, f)
	if do == nil {
		s.twiml(w, twiml.Empty(), nil)
		return
	}
	ctx, cancel := settling(r)
	defer cancel()
	say := ""
	if err := s.onceText(ctx, t, func() (err error) { say, err = do(ctx, t); return err }); err != nil {
		s.log.Error().Err(err).Msg("text not recorded in the ledger")
		problem(w, http.StatusServiceUnavailable, "unavailable", "") // Twilio asks its fallback
		return
	}
	if say == "" {
		s.twiml(w, twiml.Empty(), nil)
		return
	}
	s.twiml(w, twiml.Message(say), nil)
}

// deed does what a text means, and is what is answered.
type deed func(ctx context.Context, t text) (say string, err error)

// meant is what has to be done about a text; nil for nothing.
func (s *Server) meant(t *text, f url.Values) deed {
	m := optout.Text(t.body)
	stop := f.Get("OptOutType") == "STOP" // Twilio's own list of words may be longer than ours
	if stop {
		m.Kind = optout.Refusal
	}
	start := f.Get("OptOutType") == "START" || optout.Start(t.body)
	answers := m.Kind == optout.None && (says(t.body, yeses) || says(t.body, nays))
	if _, code := typedCode(t.body); code && m.Kind == optout.None && !start {
		return s.textedCode
	}
	if m.Kind == optout.None && !start && !answers {
		return nil
	}
	s.log.Info().Str("kind", string(m.Kind)).Bool("start", start).Msg("text about being called")
	if len(t.sellers) == 0 {
		t.sellers = s.cfg.Directory.allSellers()
		s.log.Warn().Int("sellers", len(t.sellers)).Msg("text to a number that is not in bridge.yaml; it applies to every seller")
	}
	switch {
	case m.Kind != optout.None:
		return func(ctx context.Context, t text) (string, error) { return s.textedKind(ctx, t, m) }
	case answers:
		return s.textedAnswer
	}
	return s.textedStart
}

// party reads From or To: a number, on whichever channel the text came.
func party(s string) (phone.Number, error) {
	if _, n, ok := strings.Cut(s, ":"); ok { // whatsapp:+1…, rcs:+1…
		s = n
	}
	return phone.Parse(strings.TrimSpace(s))
}

// Bounds of a text's way into the ledger; Twilio waits 15 s.
const (
	seenWait = time.Second     // for finding out, and noting, that it was seen before
	textWait = 2 * time.Second // for the ledger; then it is the spool's
)

// onceText does what a text wants, once: a text that Twilio announces again is done with. An
// identifier alone is not a text: no stop is lost because two came under one. If it
// can't be found out it is done twice, which is one time too many and no harm.
func (s *Server) onceText(ctx context.Context, t text, do func() error) error {
	if t.sid == "" {
		return do()
	}
	id := s.secret("sms", []byte(strings.Join([]string{t.sid, t.from.E164(), t.to.E164(), t.body}, "\x00")))
	brief, done := context.WithTimeout(ctx, seenWait)
	c, err := s.cfg.Answers.Claim(brief, id, id, "", claimStale)
	done()
	switch {
	case err != nil:
		s.log.Warn().Err(err).Msg("lookup of an earlier text failed")
	case c.Answer != nil:
		return nil
	}
	if err := do(); err != nil {
		return err
	}
	if c.Mine {
		keep, cancel := context.WithTimeout(context.WithoutCancel(ctx), seenWait)
		defer cancel()
		if err := s.cfg.Answers.KeepAnswer(keep, id, []byte{1}, [32]byte{}); err != nil {
			s.log.Warn().Err(err).Msg("text not marked as seen")
		}
	}
	return nil
}

var errSpooled = errors.New("ledger unavailable: consent records are on disk and already in effect")

// keepText writes facts of a text into the ledger, or the spool; then it is errSpooled.
func (s *Server) keepText(ctx context.Context, facts []consent.Fact) error {
	ctx, cancel := context.WithTimeout(ctx, textWait)
	defer cancel()
	spooled, err := s.cfg.Gate.RecordDurably(ctx, facts...)
	switch {
	case err != nil:
		return err
	case spooled:
		return errSpooled
	}
	return nil
}

// fact is one that a text tells a seller of.
func (t text) fact(kind consent.Type, seller consent.Seller) consent.Fact {
	return consent.Fact{Type: kind, Number: t.from, Seller: seller.Name, OccurredAt: t.at, Source: "sms", Actor: "sms", Via: consent.ViaSMS, From: t.to.E164()}
}

// help answers HELP, as the carriers' code of conduct wants it: who texts and calls,
// how to stop it, and where to ask.
func help(sellers []consent.Seller) string {
	var lines []string
	for _, s := range sellers {
		line := fmt.Sprintf("%s: reply STOP for no more calls or texts.", named(s))
		if n := s.TollfreeOptout; !n.IsZero() {
			line += " To stop by phone call " + n.E164() + "."
		}
		if n := s.Callback; !n.IsZero() {
			line += " Questions: " + n.E164() + "."
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func named(s consent.Seller) string {
	if s.RegisteredName != "" {
		return s.RegisteredName
	}
	return s.LegalName
}
