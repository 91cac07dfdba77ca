package server

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
	"github.com/patchcord/patchcord/twilio"
	"github.com/patchcord/patchcord/twiml"
)

// Bounds of what is asked about a call before it is answered. Twilio waits 15 s.
const (
	callClaimWait = time.Second     // for the database; then this instance's own memory has to do
	callClaimIdle = 8 * time.Second // no answer takes longer: whoever began it is gone
	callBusyWait  = 9 * time.Second // for the answer of another attempt
)

// onceForCall answers the webhook that makes a call. A call's identifier makes one call:
// Twilio's next attempt, which has the same I-Twilio-Idempotency-Token, gets within a day
// the same answer, byte for byte, from any instance, so that an answer that was lost costs
// no call. Any other repetition gets <Hangup/> and starts nothing: the signature of a
// webhook holds for ever, so whoever has seen one could send it again.
func (s *Server) onceForCall(w http.ResponseWriter, r *http.Request, v twilio.Voice, answer func() carrier.Step) {
	token := r.Header.Get("I-Twilio-Idempotency-Token")
	call, body := s.secret("call", []byte(v.CallSID)), s.secret("attempt", []byte(r.URL.RequestURI()+"\x00"+token))
	first, mine := s.repeats.begin(call, body, time.Now())
	if !mine {
		s.twiml(w, s.repeatedHere(r.Context(), first, token != "" && first.body == body), nil)
		return
	}
	var kept []byte
	defer func() { s.repeats.end(call, first, kept) }() // also of a panic: others wait
	doc, its, err := s.onceAnywhere(context.WithoutCancel(r.Context()), call, body, token, v, answer)
	if err == nil && its {
		kept = []byte(doc)
		if err := s.cfg.Seen.Add(call, time.Now()); err != nil {
			s.log.Warn().Err(err).Msg("answered call not recorded for restarts")
		}
	}
	s.twiml(w, doc, err)
}

// repeatedHere is what another attempt at a call of this instance gets.
func (s *Server) repeatedHere(ctx context.Context, first *attempt, same bool) string {
	ctx, cancel := context.WithTimeout(ctx, callBusyWait)
	defer cancel()
	if same {
		select {
		case <-first.done:
			if first.answer != nil {
				return string(first.answer)
			}
		case <-ctx.Done():
		}
	}
	s.refusals.Warn().Msg("duplicate call webhook; hanging up")
	return twiml.Hangup()
}

// onceAnywhere is onceForCall among all instances. Its is true of the call's one answer,
// false of what another attempt gets in its place.
func (s *Server) onceAnywhere(ctx context.Context, call, body [32]byte, token string, v twilio.Voice, answer func() carrier.Step) (doc string, its bool, err error) {
	claim, err := s.claimCall(ctx, call, body)
	switch {
	case err != nil && s.cfg.Seen.Has(call):
		s.refusals.Warn().Msg("duplicate call webhook; hanging up")
		return twiml.Hangup(), false, nil
	case err != nil:
		s.log.Warn().Err(err).Msg("database unavailable; duplicate webhooks are only detected on this instance")
		doc, err = s.cfg.Documents.Write(answer())
		return doc, true, err
	}
	switch {
	case !claim.Mine:
		doc, its = s.repeated(call, claim, token != "" && claim.Body == body)
		return doc, its, nil
	case !claim.Taken && s.loggedBefore(ctx, v):
		return twiml.Hangup(), false, nil
	}
	if doc, err = s.cfg.Documents.Write(answer()); err != nil {
		s.keepForCall(ctx, func(ctx context.Context) error { return s.cfg.Answers.DropClaim(ctx, call) })
		return "", false, err
	}
	sealed, with := s.seal(call, answer200(doc)), v.From
	if v.Direction != "inbound" {
		with = v.To
	}
	number, _ := with.Number() // zero of one that is withheld
	s.keepForCall(ctx, func(ctx context.Context) error { return s.cfg.Answers.KeepAnswer(ctx, call, sealed, s.person(number)) })
	return doc, true, nil
}

// repeated is what another attempt at a call gets: what the first got, if it is the same one.
func (s *Server) repeated(call [32]byte, c Claim, same bool) (doc string, its bool) {
	if same && c.Answer != nil {
		if a, err := s.unseal(call, c.Answer); err == nil {
			return string(a.Body), true
		}
		s.refusals.Error().Msg("stored answer not decrypted; was BRIDGE_MASTER_KEY changed?")
	}
	s.refusals.Warn().Msg("duplicate call webhook; hanging up")
	return twiml.Hangup(), false
}

// claimCall takes a call, or waits for the answer of the attempt that has it.
func (s *Server) claimCall(ctx context.Context, call, body [32]byte) (Claim, error) {
	ctx, cancel := context.WithTimeout(ctx, callBusyWait)
	defer cancel()
	tick := time.NewTicker(busyEvery)
	defer tick.Stop()
	for {
		once, done := context.WithTimeout(ctx, callClaimWait)
		c, err := s.cfg.Answers.Claim(once, call, body, rand.Text(), callClaimIdle)
		done()
		if err != nil || c.Mine || c.Answer != nil || c.Body != body {
			return c, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return c, nil
		}
	}
}

// loggedBefore tells whether the log has a call that comes in already: what was answered
// about it is kept for a day alone.
func (s *Server) loggedBefore(ctx context.Context, v twilio.Voice) bool {
	ctx, cancel := context.WithTimeout(ctx, callClaimWait)
	defer cancel()
	head, err := s.cfg.Calls.BySID(ctx, string(v.CallSID))
	if err != nil && !errors.Is(err, calllog.ErrNotFound) {
		s.log.Warn().Err(err).Msg("call log lookup failed")
	}
	return err == nil && head.Direction == calllog.Inbound
}

// keepForCall writes down what became of a call's webhook. A failure costs the answer to
// another instance alone.
func (s *Server) keepForCall(ctx context.Context, write func(context.Context) error) {
	ctx, cancel := context.WithTimeout(ctx, callClaimWait)
	defer cancel()
	if err := write(ctx); err != nil {
		s.log.Warn().Err(err).Msg("answer to a call's webhook not stored")
	}
}

// answer200 is TwiML as an answer that is kept.
func answer200(doc string) answer {
	return answer{Status: http.StatusOK, Type: twimlType, Body: []byte(doc)}
}
