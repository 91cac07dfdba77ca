package server

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"github.com/patchcord/patchcord/consent"
)

// The answers to a question of ours.
var (
	yeses = []string{"yes", "y", "yes please", "yes stop", "si", "sí", "yeah", "yep", "ok stop"}
	nays  = []string{"no", "n", "nope", "no thanks", "no thank you", "no gracias"}
)

// says tells whether a text is one of some words, whatever its case and punctuation.
func says(body string, list []string) bool {
	words := strings.FieldsFunc(strings.ToLower(body), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return slices.Contains(list, strings.Join(words, " "))
}

// textedAnswer takes a bare yes or no: the answer to whether we shall stop, if that was unclear and
// nobody has decided. A yes without a question asks for nothing: it lifts no refusal, though
// carriers take it for START.
func (s *Server) textedAnswer(ctx context.Context, t text) (string, error) {
	snapshots, err := s.cfg.Gate.Ledger.Look(ctx, t.from)
	if err != nil {
		return "", err
	}
	stop := says(t.body, yeses)
	var facts []consent.Fact
	for _, seller := range t.sellers {
		for _, u := range consent.Unresolved(snapshots[0].Facts, seller) {
			if u.Via != consent.ViaSMS || u.Note != "" || slices.ContainsFunc(facts, func(f consent.Fact) bool { return f.Renews == u.Seq }) {
				continue // what a person has to look at is not for a text to decide
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
		return "", nil
	}
	if err := s.keepText(ctx, facts); err != nil || !stop {
		return "", err
	}
	return "You are off our list: no more automated calls or texts.", nil
}

// textedStart lifts what the person has refused of the sellers at the number that they texted
// START to, and gives again the consent that they had given before.
func (s *Server) textedStart(ctx context.Context, t text) (string, error) {
	snapshots, err := s.cfg.Gate.Ledger.Look(ctx, t.from)
	if err != nil {
		return "", err
	}
	var facts []consent.Fact
	for _, seller := range t.sellers {
		act := t.fact("", seller)
		act.Evidence = &consent.Evidence{Method: "sms", Text: t.words(), VerifiedBy: "a text from the number itself"}
		facts = append(facts, consent.Renewals(snapshots[0].Facts, seller, act)...)
	}
	if len(facts) == 0 {
		return "", nil
	}
	_, err = s.cfg.Gate.Record(ctx, facts...) // what lifts a refusal does not count before the ledger has it
	return "", err
}
