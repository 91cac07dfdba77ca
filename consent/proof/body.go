package proof

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// The body of a row, after what its columns say (see Row.AppendHead):
//
//	"id":      16 random bytes in hex
//	"fact":    what is not personal
//	"decided": of a decision, what is not personal
//	"private": the SHA-256 of what is personal, which begins with a salt
//	"key":     the data key that this is sealed under
//	"sealed":  it, sealed, in base64
//
// What is personal goes when the key goes. Its sum lets an export show that it is
// what was recorded; the salt, gone with it, keeps anybody from guessing it after.

// Sealed is the personal part of a fact, on its way into or out of a body.
type Sealed struct {
	ID     string // of the row, in hex; it and what the columns say bind what is sealed to its place
	Key    string // the data key's id, in hex
	Sealed []byte // empty if nothing of the row is personal
	Sum    string // of what was sealed, in hex
}

// private is what is personal in a fact. Salt comes first, and is never empty.
type private struct {
	Salt     string            `json:"salt"`
	Number   string            `json:"number,omitempty"`
	Note     string            `json:"note,omitempty"`
	Evidence *consent.Evidence `json:"evidence,omitempty"`
	State    string            `json:"state,omitempty"`
	Zone     string            `json:"zone,omitempty"`
	Subject  string            `json:"subject,omitempty"`
	Words    string            `json:"words,omitempty"`
	Reason   string            `json:"reason,omitempty"`
	Name     string            `json:"name,omitempty"`
	Decision *consent.Decision `json:"decision,omitempty"` // its reasons tell of the person

	Inputs json.RawMessage `json:"inputs,omitempty"`
}

// decidedPart is what of a decision is kept when the person is erased.
type decidedPart struct {
	Outcome     consent.Outcome `json:"outcome"`
	Failing     []ruleID        `json:"failing,omitempty"`
	NotBefore   *time.Time      `json:"not_before,omitempty"`
	Policy      string          `json:"policy"`
	AsOf        int64           `json:"as_of"`
	EvaluatedAt time.Time       `json:"evaluated_at"`
	Build       string          `json:"build,omitempty"` // of the program that decided
}

type ruleID struct {
	Rule         string         `json:"rule"`
	Jurisdiction string         `json:"jurisdiction"`
	Status       consent.Status `json:"status"`
	Effect       consent.Effect `json:"effect"`
}

// clearFact is a fact without what the columns say.
type clearFact struct {
	Type   *struct{} `json:"type,omitempty"` // hides the fact's own, which can't be left out
	Seller *struct{} `json:"seller,omitempty"`
	consent.Fact
}

// Private is what is personal in a fact, with a salt that nobody can guess.
func Private(f consent.Fact, salt string) ([]byte, error) {
	p := private{salt, f.Number.E164(), f.Note, f.Evidence, f.State, f.Zone, f.Subject, f.Words, f.Reason, f.Name,
		f.Decision, f.Inputs}
	b, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("consent: can't encode a fact: %w", err)
	}
	return b, nil
}

// Impersonal is a fact without what is personal: what is left of it when the person
// is erased.
func Impersonal(f consent.Fact) consent.Fact {
	if f.Decision != nil {
		f.Decision = partOf(f.Decision, "").decision(f.Seq)
	}
	f.Number, f.Note, f.Evidence, f.State, f.Zone, f.Subject, f.Words, f.Reason = phone.Number{}, "", nil, "", "", "",
		"", ""
	f.Name, f.Inputs = "", nil
	return f
}

func partOf(d *consent.Decision, build string) *decidedPart {
	p := &decidedPart{d.Outcome, nil, d.NotBefore, d.Policy, d.AsOf, d.EvaluatedAt, build}
	for _, r := range d.Failing() {
		p.Failing = append(p.Failing, ruleID{r.Rule, r.Jurisdiction, r.Status, r.Effect})
	}
	return p
}

func (p *decidedPart) decision(seq int64) *consent.Decision {
	d := &consent.Decision{Outcome: p.Outcome, Results: []consent.Result{}, NotBefore: p.NotBefore,
		Duties: []consent.Result{}, Policy: p.Policy, AsOf: p.AsOf, EvaluatedAt: p.EvaluatedAt, Seq: seq}
	for _, r := range p.Failing {
		d.Results = append(d.Results, consent.Result{Rule: r.Rule, Jurisdiction: r.Jurisdiction, Status: r.Status,
			Effect: r.Effect})
	}
	return d
}

// Compose writes the body of a row whose columns are filled, and its hash. Build
// names the program, for decisions.
func (r *Row) Compose(f consent.Fact, s Sealed, build string) error {
	part := struct {
		ID      string       `json:"id"`
		Fact    clearFact    `json:"fact"`
		Decided *decidedPart `json:"decided,omitempty"`
		Private string       `json:"private,omitempty"`
		Key     string       `json:"key,omitempty"`
		Sealed  []byte       `json:"sealed,omitempty"`
	}{ID: s.ID, Fact: clearFact{Fact: f}, Private: s.Sum, Key: s.Key, Sealed: s.Sealed}
	if f.Decision != nil {
		part.Decided = partOf(f.Decision, build)
	}
	c := &part.Fact.Fact
	*c = Impersonal(*c)
	c.Seq, c.Hash, c.RecordedAt, c.Decision = 0, "", time.Time{}, nil
	rest, err := json.Marshal(&part)
	if err != nil {
		return fmt.Errorf("consent: can't encode a fact: %w", err)
	}
	r.Body = append(r.AppendHead(make([]byte, 0, 256+len(rest))), rest[1:]...)
	r.Hash = Link(r.Prev, Leaf(r.Body))
	return nil
}

// Stored is a body that was read: the fact without what is personal, and that,
// still sealed.
type Stored struct {
	Fact  consent.Fact
	Token string // in hex
	Sealed
}

// ReadBody reads a body. It does not check it; see [Row.Check]. The fact's Hash is
// the caller's to fill.
func ReadBody(body []byte) (Stored, error) {
	var b struct {
		V          int          `json:"v"`
		Seq        int64        `json:"seq"`
		RecordedAt time.Time    `json:"recorded_at"`
		Token      string       `json:"token"`
		Type       consent.Type `json:"type"`
		Seller     string       `json:"seller"`
		ID         string       `json:"id"`
		Fact       consent.Fact `json:"fact"`
		Decided    *decidedPart `json:"decided"`
		Private    string       `json:"private"`
		Key        string       `json:"key"`
		Sealed     []byte       `json:"sealed"`
	}
	if err := json.Unmarshal(body, &b); err != nil {
		return Stored{}, errors.New("consent: can't read the body of a row") // the cause would repeat parts of it
	}
	if b.V != firstVersion && b.V != secondVersion {
		return Stored{}, fmt.Errorf("consent: the body of a row has the unknown version %d", b.V)
	}
	f := b.Fact
	f.Seq, f.RecordedAt, f.Type, f.Seller = b.Seq, b.RecordedAt, b.Type, b.Seller
	if d := b.Decided; d != nil {
		f.Decision = d.decision(b.Seq)
	}
	return Stored{f, b.Token, Sealed{b.ID, b.Key, b.Sealed, b.Private}}, nil
}

// Reveal adds what was sealed to the fact. It is an error if it is not what was
// recorded.
func (s *Stored) Reveal(opened []byte) error {
	if sum := Leaf(opened); hex.EncodeToString(sum[:]) != s.Sum {
		return errors.New("consent: the personal data of a row is not what was recorded")
	}
	var p private
	if err := json.Unmarshal(opened, &p); err != nil {
		return errors.New("consent: can't read the personal data of a row")
	}
	f := &s.Fact
	if p.Number != "" {
		n, err := phone.Parse(p.Number)
		if err != nil {
			return errors.New("consent: can't read the personal data of a row")
		}
		f.Number = n
	}
	f.Note, f.Evidence, f.State, f.Zone, f.Subject, f.Words, f.Reason = p.Note, p.Evidence, p.State, p.Zone, p.Subject,
		p.Words, p.Reason
	f.Name, f.Inputs = p.Name, p.Inputs
	if p.Decision != nil {
		p.Decision.Seq = f.Seq
		f.Decision = p.Decision
	}
	return nil
}
