package server_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/consent"
)

// told is the facts of some types that the caller's texts have left, in order.
func (s *site) told(types ...consent.Type) []consent.Fact {
	s.Helper()
	facts, err := s.book.Ledger.History(s.ctx, mustNumber(caller))
	if err != nil {
		s.Fatal(err)
	}
	return slices.DeleteFunc(facts, func(f consent.Fact) bool { return !slices.Contains(types, f.Type) })
}

// kinds is what a text leaves in the ledger, of all that it may.
func (s *site) kinds() string {
	s.Helper()
	var list []string
	for _, f := range s.told(consent.Revoke, consent.DNCAdd, consent.OptOutUnclear, consent.Preference, consent.NumberFact, consent.Grant, consent.DNCRemove, consent.Resolve) {
		if f.Via != consent.ViaSMS || f.From != number {
			s.Errorf("%s came via %q, to %q", f.Type, f.Via, f.From)
		}
		list = append(list, string(f.Type))
	}
	return strings.Join(list, " ")
}

// What a text says of being called is written down for what it is.
func TestTextedKinds(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"Stop sending me text messages":     "revoke dnc_add",
		"This is the wrong number":          "number_fact dnc_add",
		"She passed away last month":        "dnc_add optout_unclear",
		"Please don't call me until Monday": "preference",
		"You keep calling me":               "optout_unclear",
		"My stitches need to be removed":    "",
		"Liked “Riverbend Dental: see you Tuesday at 3. Reply STOP to unsubscribe.”": "",
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			verbs(t, s.text("SM1", number, body))
			if got := s.kinds(); got != want {
				t.Errorf("the ledger has %q, want %q", got, want)
			}
		})
	}
}

// What is unclear holds, and is asked about once in a day; what the person answers decides.
func TestTextedUnclear(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		"Yes":         "optout_unclear resolve revoke dnc_add",
		"Y":           "optout_unclear resolve revoke dnc_add",
		"STOP":        "optout_unclear revoke dnc_add",
		"no":          "optout_unclear resolve",
		"Maybe later": "optout_unclear",
	} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			asked := verbs(t, s.text("SM1", number, "You keep calling me"))
			if len(asked) != 1 || !strings.Contains(asked[0].Text, "Do you want us to stop") || len(asked[0].Text) > 160 {
				t.Fatalf("asked %+v", asked)
			}
			change := []string{}
			if answer == "Yes" {
				change = []string{"OptOutType", "START"} // as Twilio takes it
			}
			verbs(t, s.text("SM2", number, answer, change...))
			if got := s.kinds(); got != want {
				t.Errorf("the ledger has %q, want %q", got, want)
			}
		})
	}
	for answer, want := range map[string]string{"no": "optout_unclear", "yes": "optout_unclear resolve revoke dnc_add"} {
		t.Run("days later: "+answer, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			doubt := consent.Fact{Type: consent.OptOutUnclear, Number: mustNumber(caller), Seller: "riverbend", OccurredAt: time.Now().Add(-48 * time.Hour),
				Source: "sms", Via: consent.ViaSMS, From: number, Words: "You keep calling me"}
			if _, err := s.gate.Record(s.ctx, doubt); err != nil {
				t.Fatal(err)
			}
			verbs(t, s.text("SM1", number, answer))
			if got := s.kinds(); got != want {
				t.Errorf("the ledger has %q, want %q", got, want)
			}
		})
	}
	t.Run("twice", func(t *testing.T) {
		t.Parallel()
		s := open(t)
		verbs(t, s.text("SM1", number, "You keep calling me"))
		if again := verbs(t, s.text("SM2", number, "This is harassment")); len(again) != 0 {
			t.Errorf("asked again: %+v", again)
		}
		if got := s.kinds(); got != "optout_unclear optout_unclear" {
			t.Errorf("the ledger has %q", got)
		}
	})
}

// A no to one number is no answer to what was asked from another.
func TestTextedNoToAnotherNumber(t *testing.T) {
	t.Parallel()
	s := open(t)
	verbs(t, s.text("SM1", number, "You keep calling me"))
	verbs(t, s.text("SM2", callback, "no"))
	if got := s.told(consent.Resolve); len(got) != 0 {
		t.Errorf("resolved: %+v", got)
	}
	verbs(t, s.text("SM3", number, "no"))
	if got := s.told(consent.Resolve); len(got) != 1 {
		t.Errorf("not resolved: %+v", got)
	}
}

// START to a number of which nobody knows whose it is takes back what was said there, and
// nothing that was said to a seller elsewhere.
func TestTextedStartToAnUnknownNumber(t *testing.T) {
	t.Parallel()
	const unknown = "+14155550188"
	s := open(t)
	verbs(t, s.text("SM1", number, "STOP"))
	verbs(t, s.text("SM2", unknown, "START"))
	if got := s.told(consent.DNCRemove, consent.Grant); len(got) != 0 {
		t.Errorf("lifted: %+v", got)
	}
	verbs(t, s.text("SM3", unknown, "STOP"))
	verbs(t, s.text("SM4", unknown, "START"))
	rows := map[int64]string{}
	for _, f := range s.told(consent.Revoke, consent.DNCAdd) {
		rows[f.Seq] = f.From
	}
	lifts := s.told(consent.DNCRemove)
	for _, f := range lifts {
		if rows[f.Renews] != unknown {
			t.Errorf("lifted: what was said to %q", rows[f.Renews])
		}
	}
	if len(lifts) == 0 {
		t.Error("nothing that was said there is lifted")
	}
}

// Who texts all day fills no ledger: a number is held by the first text, and the same wish is one.
func TestTextsAllDay(t *testing.T) {
	t.Parallel()
	for body, most := range map[string]int{"You keep calling me": 10, "Please don't call me before nine": 1} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			for i := range 15 {
				verbs(t, s.text(fmt.Sprintf("SM%d", i), number, body))
			}
			if got := len(s.told(consent.OptOutUnclear, consent.Preference)); got != most {
				t.Errorf("the ledger has %d facts, want %d", got, most)
			}
		})
	}
}

// START lifts what it names, and a yes that answers nothing lifts nothing.
func TestTextedStart(t *testing.T) {
	t.Parallel()
	s := open(t)
	grant := consent.Fact{Type: consent.Grant, Number: mustNumber(caller), Seller: "riverbend", OccurredAt: time.Now().Add(-time.Hour), Source: "web_form", Via: consent.ViaAPI, From: number,
		Tier: consent.Express, Purposes: []consent.Purpose{consent.Informational}, Channels: []string{consent.VoiceAI}, Evidence: &consent.Evidence{Method: "web_form", Text: "Call me."}}
	if _, err := s.gate.Record(s.ctx, grant); err != nil {
		t.Fatal(err)
	}
	verbs(t, s.text("SM1", number, "STOP"))
	verbs(t, s.text("SM2", number, "Yes"))
	verbs(t, s.text("SM3", number, "START"))
	verbs(t, s.text("SM4", number, "START"))
	stops := s.told(consent.Revoke)
	lifts := s.told(consent.DNCRemove, consent.Grant)
	if len(stops) != 1 || len(lifts) != 3 {
		t.Fatalf("the ledger has %+v and %+v", stops, lifts)
	}
	for _, f := range lifts[1:] {
		if f.Renews != stops[0].Seq || f.Evidence.Text != "START" || f.Via != consent.ViaSMS || f.Seller != "riverbend" {
			t.Errorf("%s: %+v", f.Type, f)
		}
	}
	if g := lifts[2]; g.Type != consent.Grant || g.Tier != consent.Express || !slices.Equal(g.Purposes, grant.Purposes) {
		t.Errorf("%+v", g)
	}
}
