package server

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
	"github.com/patchcord/patchcord/twiml"
)

// sms takes a text that somebody has sent to one of our numbers. STOP and its kin
// end all automated calls as well: people answer on the channel they have at hand
// (47 CFR 64.1200(a)(10)). Where the number reached is none that bridge.yaml knows,
// it is every seller's.
func (s *Server) sms(w http.ResponseWriter, r *http.Request) {
	f := form(r)
	from, err := party(f.Get("From"))
	if err != nil { // a short code, or a name: nobody whom we could call
		s.log.Info().Msg("a text came from what is no number")
		s.twiml(w, twiml.Empty(), nil)
		return
	}
	to, _ := party(f.Get("To")) // none if it came by a messaging service
	sellers := s.cfg.Directory.sellersAt(to)
	switch body := f.Get("Body"); {
	case f.Get("OptOutType") == "STOP" || consent.TextOptOut(body): // Twilio's own list of words may be longer than ours
		if len(sellers) == 0 {
			sellers = s.cfg.Directory.allSellers()
			s.log.Warn().Int("sellers", len(sellers)).Msg("somebody texted STOP to a number that bridge.yaml does not know; it counts for every seller")
		}
		if err := s.textedStop(r, f.Get("MessageSid"), from, sellers); err != nil {
			s.log.Error().Err(err).Msg("a STOP by text could be kept in memory alone")
			problem(w, http.StatusServiceUnavailable, "unavailable", "") // Twilio asks its fallback
			return
		}
		s.twiml(w, twiml.Empty(), nil)
	case f.Get("OptOutType") == "" && consent.TextHelp(body) && len(sellers) > 0:
		s.twiml(w, twiml.Message(help(sellers)), nil)
	default:
		s.twiml(w, twiml.Empty(), nil)
	}
}

// party reads From or To: a number, on whichever channel the text came.
func party(s string) (phone.Number, error) {
	if _, n, ok := strings.Cut(s, ":"); ok { // whatsapp:+1…, rcs:+1…
		s = n
	}
	return phone.Parse(strings.TrimSpace(s))
}

// seenWait bounds finding out, and noting, that a text was seen before.
const seenWait = time.Second

// textedStop writes down that somebody wants no more calls. A text that Twilio
// announces again is written once; if that can't be found out, twice, which is one
// time too many and no harm.
func (s *Server) textedStop(r *http.Request, sid string, from phone.Number, sellers []consent.Seller) error {
	ctx, cancel := settling(r)
	defer cancel()
	id := s.secret("sms", []byte(sid))
	claimed := false
	if sid != "" {
		brief, done := context.WithTimeout(ctx, seenWait)
		c, err := s.cfg.Answers.Claim(brief, id, id, "", claimStale)
		done()
		if err != nil {
			s.log.Warn().Err(err).Msg("whether a text is new could not be looked up")
		} else if c.Answer != nil {
			return nil
		} else {
			claimed = c.Mine
		}
	}
	now := s.cfg.now()
	var facts []consent.Fact
	for _, seller := range sellers {
		fact := consent.Fact{Type: consent.Revoke, Number: from, Seller: seller.Name, OccurredAt: now, Source: "sms", Actor: "sms", Scope: consent.AllAutomated}
		facts = append(facts, fact)
		fact.Type, fact.Scope = consent.DNCAdd, ""
		facts = append(facts, fact)
	}
	spooled, err := s.cfg.Gate.Keep(ctx, facts...)
	if err != nil {
		return err
	}
	if spooled {
		s.log.Warn().Msg("a STOP by text waits on disk for the ledger; it counts already")
	}
	if claimed {
		keep, cancel := context.WithTimeout(context.WithoutCancel(ctx), seenWait)
		defer cancel()
		if err := s.cfg.Answers.KeepAnswer(keep, id, []byte{1}); err != nil {
			s.log.Warn().Err(err).Msg("a text could not be marked as seen")
		}
	}
	return nil
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
