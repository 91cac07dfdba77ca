package server

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/optout"
	"github.com/patchcord/patchcord/phone"
)

// maxText bounds what a fact keeps of a text, in bytes.
const maxText = 2000

// textedKind writes down what a text says of being called, for every seller at its number. No
// agent stands behind a text, so what is unclear is held, and asked about here.
func (s *Server) textedKind(ctx context.Context, t text, m optout.Meaning) (say string, err error) {
	var facts, known []consent.Fact
	words := t.words()
	if m.Kind == optout.Unclear || m.Kind == optout.Preference {
		known = s.knownOf(ctx, t.from)
	}
	for _, seller := range t.sellers {
		add := func(kind consent.Type) *consent.Fact {
			facts = append(facts, t.fact(kind, seller))
			return &facts[len(facts)-1]
		}
		switch m.Kind {
		case optout.Refusal:
			add(consent.Revoke).Scope = consent.AllAutomated
		case optout.WrongNumber:
			f := add(consent.NumberFact)
			f.Reassigned, f.Note = consent.Suspected, words
			add(consent.DNCAdd).Note = string(m.Kind)
		case optout.Deceased, optout.Minor, optout.Represented:
			add(consent.DNCAdd).Note = string(m.Kind)
			f := add(consent.OptOutUnclear)
			f.Words, f.Note = words, string(m.Kind)
		case optout.Unclear:
			if len(consent.Unresolved(known, seller)) < maxUnclear {
				add(consent.OptOutUnclear).Words = words
			}
		case optout.Preference:
			if f := t.preference(seller, m.When); (f.NotBefore != nil || f.After != "" || f.Before != "") && !lastWish(known, f) {
				facts = append(facts, f)
			}
		case optout.StopRecording, optout.None:
		}
	}
	if len(facts) == 0 {
		return "", nil
	}
	if err := s.keepText(ctx, facts); err != nil {
		return "", err
	}
	if m.Kind == optout.Unclear && s.mayAsk(ctx, t.from) {
		say = question(t.sellers)
	}
	return say, nil
}

// maxUnclear is how many texts that wait for a decision one number has with a seller: it is held
// by the first, and more say nothing new.
const maxUnclear = 10

// knownOf is what the ledger knows of a number; nothing if it is away: then all is written down.
func (s *Server) knownOf(ctx context.Context, n phone.Number) []consent.Fact {
	ctx, cancel := context.WithTimeout(ctx, seenWait)
	defer cancel()
	snapshots, err := s.cfg.Gate.Ledger.Snapshot(ctx, n)
	if err != nil {
		return nil
	}
	return snapshots[0].Facts
}

// lastWish tells whether the same wish about when to call is a seller's, and no other came after it.
func lastWish(known []consent.Fact, f consent.Fact) bool {
	for i := range slices.Backward(known) {
		k := &known[i]
		day := k.NotBefore == f.NotBefore || k.NotBefore != nil && f.NotBefore != nil && k.NotBefore.Equal(*f.NotBefore)
		switch {
		case k.Type != consent.Preference:
		case !day || k.Via != f.Via || k.After != f.After || k.Before != f.Before:
			return false
		case k.Seller == f.Seller:
			return true
		}
	}
	return false
}

// words is what a fact keeps of a text.
func (t text) words() string {
	b := t.body
	if len(b) > maxText {
		b = b[:maxText]
	}
	return strings.ToValidUTF8(b, "")
}

// preference is when somebody wants no calls: a day ends in the last zone of the number's area.
func (t text) preference(seller consent.Seller, w optout.When) consent.Fact {
	f := t.fact(consent.Preference, seller)
	f.After, f.Before, f.Note = w.After, w.Before, t.words()
	zones := []string{"Pacific/Pago_Pago"} // where the day of the United States ends last
	if area, ok := t.from.Area(); ok && len(area.Zones) > 0 {
		zones = area.Zones
	}
	for _, z := range zones {
		place, err := phone.LoadZone(z)
		if err != nil {
			continue
		}
		if at, ok := w.NotBefore(t.at.In(place)); ok && (f.NotBefore == nil || at.After(*f.NotBefore)) {
			at = at.UTC()
			f.NotBefore = &at
		}
	}
	return f
}

// mayAsk tells whether a person may be asked: once in a day, by whichever instance.
func (s *Server) mayAsk(ctx context.Context, n phone.Number) bool {
	ctx, cancel := context.WithTimeout(ctx, seenWait)
	defer cancel()
	id := s.secret("sms question", []byte(n.E164()))
	c, err := s.cfg.Answers.Claim(ctx, id, id, "", 24*time.Hour)
	if err == nil && c.Mine {
		err = s.cfg.Answers.KeepAnswer(ctx, id, []byte{1}, [32]byte{})
	}
	if err != nil {
		s.log.Warn().Err(err).Msg("lookup of the last question by text failed; not asking again")
	}
	return err == nil && c.Mine
}

// question asks what is unclear. STOP answers it on any phone, and so does a plain yes.
func question(sellers []consent.Seller) string {
	names := make([]string, len(sellers))
	for i, s := range sellers {
		names[i] = named(s)
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ") + ": Do you want us to stop calling and texting you? Reply STOP or YES to stop, NO to go on."
}
