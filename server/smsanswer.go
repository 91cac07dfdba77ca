package server

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// The answers to a question of ours.
var (
	yeses = []string{"yes", "y", "yes please", "yes stop", "si", "sí", "yeah", "yep", "ok stop"}
	nays  = []string{"no", "n", "nope", "no thanks", "no thank you", "no gracias"}
)

// maxAnswer is how long after the doubt a no by text ends it.
const maxAnswer = 24 * time.Hour

// says tells whether a text is one of some words, whatever its case and punctuation.
func says(body string, list []string) bool {
	words := strings.FieldsFunc(strings.ToLower(body), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return slices.Contains(list, strings.Join(words, " "))
}

// textedAnswer takes a bare yes or no: the answer to whether we shall stop, if that was unclear and
// nobody has decided. A yes without a question asks for nothing: it lifts no refusal, though
// carriers take it for START.
func (s *Server) textedAnswer(ctx context.Context, t text) (string, error) {
	snapshots, err := s.cfg.Gate.Ledger.Snapshot(ctx, t.from)
	if err != nil {
		return "", err
	}
	stop := says(t.body, yeses)
	var facts []consent.Fact
	for _, seller := range t.sellers {
		for _, u := range consent.Unresolved(snapshots[0].Facts, seller) {
			if late := !stop && t.at.Sub(u.OccurredAt) > maxAnswer; late || u.Via != consent.ViaSMS || u.Note != "" || slices.ContainsFunc(facts, func(f consent.Fact) bool { return f.Renews == u.Seq }) {
				continue // what a person has to look at is not for a text to decide, and a late no answers something else
			}
			if !stop && u.From != t.to.E164() {
				continue // so does a no to another number: "reply NO to cancel your appointment"
			}
			f := t.fact(consent.Resolve, seller)
			f.Renews, f.Result, f.Note = u.Seq, consent.MeantNoRefusal, "answered by text: "+t.words()
			if stop {
				f.Result = consent.MeantRefusal
			}
			facts = append(facts, f)
		}
	}
	if len(facts) == 0 {
		return s.textedConfirm(ctx, t, stop)
	}
	if err := s.keepText(ctx, facts); err != nil || !stop {
		return "", err
	}
	return "You are off our list: no more automated calls or texts.", nil
}

// Confirmer knows the callbacks that wait for the person's YES.
type Confirmer interface {
	// Confirm takes the YES of a person to what the sellers asked them by text: the consent is
	// written down and the call scheduled. It counts the calls.
	Confirm(ctx context.Context, from phone.Number, seller func(name string) bool, answer string, now time.Time) (confirmed int, err error)
}

// textedConfirm takes a yes that is no answer about stopping for the answer to the last text that
// asked whether somebody may be called back. Who is on a list is not called for it: the gate asks.
func (s *Server) textedConfirm(ctx context.Context, t text, yes bool) (string, error) {
	if !yes || s.cfg.Confirmer == nil {
		return "", nil
	}
	mine := func(name string) bool {
		return slices.ContainsFunc(t.sellers, func(s consent.Seller) bool { return s.Owns(name) })
	}
	n, err := s.cfg.Confirmer.Confirm(ctx, t.from, mine, t.words(), t.at)
	if err != nil || n == 0 {
		return "", err
	}
	return "Thank you. We'll call you then. Reply STOP for no calls.", nil
}

// textedStart lifts what the person has refused of the sellers at the number that they texted
// START to, and gives again the consent that they had given before. Where nobody knows whose
// number that is, it takes back what was said by text to that number alone.
func (s *Server) textedStart(ctx context.Context, t text) (string, error) {
	snapshots, err := s.cfg.Gate.Ledger.Snapshot(ctx, t.from)
	if err != nil {
		return "", err
	}
	known := snapshots[0].Facts
	if len(s.cfg.Directory.sellersAt(t.to)) == 0 {
		known = slices.DeleteFunc(slices.Clone(known), func(f consent.Fact) bool {
			refusal := f.Type == consent.Revoke || f.Type == consent.DNCAdd || f.Type == consent.OptOutInCall
			return refusal && (f.Via != consent.ViaSMS || f.From != t.to.E164())
		})
	}
	var facts []consent.Fact
	for _, seller := range t.sellers {
		act := t.fact("", seller)
		act.Evidence = &consent.Evidence{Method: "sms", Text: t.words(), VerifiedBy: "a text from the number itself"}
		facts = append(facts, consent.Renewals(known, seller, act)...)
	}
	if len(facts) == 0 {
		return "", nil
	}
	_, err = s.cfg.Gate.Record(ctx, facts...) // what lifts a refusal does not count before the ledger has it
	return "", err
}
