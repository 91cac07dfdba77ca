package server

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// A text with a one-time link has a code, too, for a telephone that opens no links. Texted back
// from that very number it does what the link does: one of them, once, within the hour.
const (
	codeDigits = 6
	codeTries  = 5 // of one code: then only its link is left
)

func newCode() string {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		panic("internal error: " + err.Error()) // crypto/rand never fails
	}
	return fmt.Sprintf("%0*d", codeDigits, n)
}

// typedCode is the code that a text consists of, however its digits are grouped.
func typedCode(body string) (string, bool) {
	code := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\r\n.-–", r) {
			return -1
		}
		return r
	}, body)
	return code, len(code) == codeDigits && strings.Trim(code, "0123456789") == ""
}

// ask is the text by which a person is asked to confirm an offer; without a link, as their consent
// keeps it.
func (of offer) ask(seller consent.Seller, link string) string {
	return fmt.Sprintf("%s: you asked for our calls by an AI voice again, for: %s. To agree, reply %s or open %s within an hour. It is not a condition of any purchase. If you did not ask, do nothing.",
		named(seller), english.says(of.Purposes), of.Code, link)
}

// codePlace is where the offer waits whose code a number may text to one of ours: the newest one.
func (s *Server) codePlace(person, ours phone.Number) [32]byte {
	return s.secret("one-time code", []byte(person.E164()+" "+ours.E164()))
}

// keepCode has an offer wait for its code.
func (s *Server) keepCode(ctx context.Context, of offer, person, ours phone.Number) error {
	b, err := json.Marshal(of)
	if err != nil {
		return fmt.Errorf("store a one-time code: %w", err)
	}
	place := s.codePlace(person, ours)
	c, err := s.cfg.Answers.Claim(ctx, place, place, "", 0)
	if err == nil && c.Answer != nil {
		_, err = s.cfg.Answers.Reopen(ctx, place, c.Answer, "")
	}
	if err != nil {
		return err
	}
	return s.cfg.Answers.KeepAnswer(ctx, place, s.aead().Seal(nil, nil, b, place[:]), s.person(person))
}

// codeWaits is the offer that waits for a code; false if there is none.
func (s *Server) codeWaits(ctx context.Context, person, ours phone.Number) (of offer, waits bool, err error) {
	place := s.codePlace(person, ours)
	c, err := s.cfg.Answers.Claim(ctx, place, place, "", 24*time.Hour)
	if err == nil && c.Mine {
		err = s.cfg.Answers.DropClaim(ctx, place)
	}
	if err != nil || c.Answer == nil {
		return of, false, err
	}
	b, err := s.aead().Open(nil, nil, c.Answer, place[:])
	if err == nil {
		err = json.Unmarshal(b, &of)
	}
	if err != nil {
		return of, false, fmt.Errorf("can't read a pending one-time code: %w", err)
	}
	return of, s.cfg.now().Unix() <= of.Until, nil
}

// mayTry tells whether a code may be compared once more, by whichever instance.
func (s *Server) mayTry(ctx context.Context, of offer) (bool, error) {
	for i := range codeTries {
		id := s.secret("one-time code try", fmt.Appendf(nil, "%s %d", of.ID, i))
		c, err := s.cfg.Answers.Claim(ctx, id, id, "", 2*linkLife)
		if err != nil || c.Mine {
			return err == nil, err
		}
	}
	return false, nil
}

const sayCodeGone = "This code is not valid any more. Nothing was changed."

// textedCode takes a code. To who was sent none, nothing is answered.
func (s *Server) textedCode(ctx context.Context, t text) (string, error) {
	of, waits, err := s.codeWaits(ctx, t.from, t.to)
	seller, known := s.cfg.Directory.seller(of.Seller)
	if err != nil || !waits || !known {
		return "", err
	}
	switch more, err := s.mayTry(ctx, of); {
	case err != nil:
		return "", err
	case !more:
		return sayCodeGone, nil
	}
	code, _ := typedCode(t.body)
	if subtle.ConstantTimeCompare([]byte(code), []byte(of.Code)) != 1 {
		return "This is not the code that we sent. Nothing was changed.", nil
	}
	fact := of.fact(s.cfg.now(), seller, t.from)
	fact.Actor, fact.Source, fact.From = "sms", "one_time_code", t.to.E164()
	fact.Evidence = &consent.Evidence{Method: "one_time_code", Text: of.ask(seller, "the link") + "\n" + t.words(), VerifiedBy: "a one-time code that was texted to the number came back from it"}
	switch taken, err := s.takeOffer(ctx, of, fact); {
	case err != nil:
		return "", err
	case !taken:
		return sayCodeGone, nil
	}
	return english.taken[0] + ". " + english.taken[1], nil
}
