package server

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Answers keeps the answers to requests that carried an Idempotency-Key, so that
// any instance can give them again. It sees neither keys nor bodies, but hashes
// that only who has our key can compute, and answers that only they can read.
type Answers interface {
	// Claim takes a key for the request with this body, which will make the call with
	// this id. A claim that is older than stale and has no answer is taken over.
	Claim(ctx context.Context, key, body [32]byte, callID string, stale time.Duration) (Claim, error)
	// Reopen takes a key again whose answer is still this one, for the call with this
	// id. It is true for one of several who try.
	Reopen(ctx context.Context, key [32]byte, answer []byte, callID string) (bool, error)
	// KeepAnswer ends a claim with the answer, which goes when its person is erased (zero:
	// it is about nobody), DropClaim without one.
	KeepAnswer(ctx context.Context, key [32]byte, answer []byte, person [32]byte) error
	DropClaim(ctx context.Context, key [32]byte) error
}

// Claim is how a key stands.
type Claim struct {
	Mine   bool     // whoever asked now has to do it
	Taken  bool     // over from somebody who never came to an end
	CallID string   // of the request that came first
	Body   [32]byte // likewise
	Answer []byte   // nil while it is under way
}

// Bounds of requests with a key.
const (
	maxKeyLength = 255             // bytes
	claimWait    = 3 * time.Second // for the database
	busyWait     = 4 * time.Second // for a request under way with the same key
	busyEvery    = 100 * time.Millisecond
	claimStale   = time.Minute // longer than any request can take
)

// idempotencyKey reads the header; empty if there is none.
func idempotencyKey(r *http.Request, wrong *[]api.FieldError) string {
	values := r.Header.Values("Idempotency-Key")
	switch {
	case len(values) == 0:
		return ""
	case len(values) > 1 || values[0] == "" || len(values[0]) > maxKeyLength || strings.ContainsFunc(values[0], func(c rune) bool { return c < ' ' || c > '~' }):
		*wrong = append(*wrong, fieldError("Idempotency-Key", fmt.Sprintf("want one of 1 to %d printable ASCII characters", maxKeyLength)))
		return ""
	}
	return values[0]
}

// once places a call once, however often it is asked for with the same key.
func (s *Server) once(r *http.Request, key string, order call.Order) answer {
	id, body := s.secret("key", []byte(s.space()+key)), s.secret("body", canonical(order))
	claim, err := s.claim(r.Context(), id, body)
	switch {
	case err != nil:
		s.log.Error().Err(err).Msg("Idempotency-Key lookup failed")
		return document{Title: "unavailable", Status: http.StatusServiceUnavailable, Detail: "the database can't check the Idempotency-Key at the moment; no call was placed"}.answer()
	case claim.Body != body:
		return document{Title: "conflict", Status: http.StatusConflict, Detail: "the Idempotency-Key was already used for another call"}.answer()
	case claim.Answer != nil:
		a, err := s.unseal(id, claim.Answer)
		if err != nil {
			s.log.Error().Err(err).Msg("stored answer not decrypted; was BRIDGE_MASTER_KEY changed?")
			return document{Title: "conflict", Status: http.StatusConflict, Detail: "the Idempotency-Key was already used, and its answer can no longer be read"}.answer()
		}
		return a
	case !claim.Mine:
		a := document{Title: "conflict", Status: http.StatusConflict, Detail: "a request with this Idempotency-Key is in progress"}.answer()
		a.RetryAfter = 1
		return a
	}
	order.ID = claim.CallID
	var a answer
	if claim.Taken {
		a = s.became(r, order)
	}
	if a.Status == 0 {
		a = s.place(r, order)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), claimWait)
	defer cancel()
	if a.Status >= 500 { // it was not decided
		err = s.cfg.Answers.DropClaim(ctx, id)
	} else {
		err = s.cfg.Answers.KeepAnswer(ctx, id, s.seal(id, a), s.person(order.To))
	}
	if err != nil {
		s.log.Error().Err(err).Msg("answer to an Idempotency-Key not stored")
	}
	return a
}

// space keeps apart the Idempotency-Keys of keys that don't see each other's calls.
func (s *Server) space() string {
	if len(s.key.Sellers) == 0 {
		return ""
	}
	return strings.Join(slices.Sorted(slices.Values(s.key.Sellers)), ",") + "\x00"
}

// claim takes a key, or waits a little for the answer of whoever has it. A key whose
// kept answer was a "not now" is taken again, but not by those who waited for that
// very answer.
func (s *Server) claim(ctx context.Context, id, body [32]byte) (Claim, error) {
	ctx, cancel := context.WithTimeout(ctx, busyWait+claimWait)
	defer cancel()
	tick := time.NewTicker(busyEvery)
	defer tick.Stop()
	callID := "call_" + strings.ToLower(rand.Text())
	waited := false
	for began := time.Now(); ; waited = true {
		once, done := context.WithTimeout(ctx, claimWait)
		c, err := s.cfg.Answers.Claim(once, id, body, callID, claimStale)
		if err == nil && c.Body == body && c.Answer != nil && !waited && s.later(id, c.Answer) {
			if c.Mine, err = s.cfg.Answers.Reopen(once, id, c.Answer, callID); c.Mine {
				c.CallID, c.Answer = callID, nil
			} else if err == nil { // somebody else was quicker: theirs is the answer
				done()
				continue
			}
		}
		done()
		if err != nil || c.Mine || c.Answer != nil || c.Body != body || time.Since(began) > busyWait {
			return c, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return c, ctx.Err()
		}
	}
}

// later tells whether a kept answer is one that another time may change.
func (s *Server) later(id [32]byte, sealed []byte) bool {
	a, err := s.unseal(id, sealed)
	return err == nil && a.Later
}

// became is what has become of a call whose answer was never kept, because the
// instance died over it. The ledger knows: without a decision in it no call was
// placed, and the answer's status is 0.
func (s *Server) became(r *http.Request, order call.Order) answer {
	ctx, cancel := settling(r)
	defer cancel()
	facts, err := s.cfg.Ledger.History(ctx, order.To)
	if err != nil {
		return s.ledgerAway(err)
	}
	for _, f := range facts {
		if f.Type != consent.Decided || f.CallID != order.ID || f.Stage != consent.StageDial || f.Decision == nil {
			continue
		}
		d := *f.Decision
		d.Seq = f.Seq
		if d.Outcome != consent.Allow {
			return refused(d, s.cfg.now())
		}
		c, err := s.cfg.Calls.Get(ctx, order.ID)
		if err != nil { // it was allowed, and nothing more: it may have rung or not, and does so no more
			c = calllog.Call{ID: order.ID, Direction: calllog.Outbound, From: order.From.E164(), To: order.To.E164(), Agent: order.Agent, StartedAt: f.OccurredAt,
				Status: calllog.StatusCompleted, Outcome: calllog.OutcomeFailed, DecisionSeq: &d.Seq}
		}
		return answer{Status: http.StatusAccepted, Type: jsonType, Body: encode(api.Placed{Call: c, Decision: d})}
	}
	return answer{}
}

// person stands for a number beside a kept answer.
func (s *Server) person(n phone.Number) [32]byte {
	if s.cfg.Erasures == nil || n.IsZero() {
		return [32]byte{}
	}
	return s.cfg.Erasures.Person(n)
}

// secret is a hash that only who has our key can compute.
func (s *Server) secret(what string, b []byte) (sum [32]byte) {
	h := hmac.New(sha256.New, s.cfg.Key)
	fmt.Fprintf(h, "%s\x00", what)
	h.Write(b)
	return [32]byte(h.Sum(nil))
}

func (s *Server) aead() cipher.AEAD {
	key := s.secret("answers", nil)
	block, err := aes.NewCipher(key[:])
	if err == nil {
		var a cipher.AEAD
		if a, err = cipher.NewGCMWithRandomNonce(block); err == nil {
			return a
		}
	}
	panic("server: internal error: " + err.Error()) // the key is of the right length
}

func (s *Server) seal(id [32]byte, a answer) []byte {
	return s.aead().Seal(nil, nil, encode(a), id[:])
}

func (s *Server) unseal(id [32]byte, sealed []byte) (a answer, err error) {
	b, err := s.aead().Open(nil, nil, sealed, id[:])
	if err == nil {
		err = json.Unmarshal(b, &a)
	}
	if err == nil && a.Status == 0 {
		err = errors.New("empty")
	}
	return a, err
}
