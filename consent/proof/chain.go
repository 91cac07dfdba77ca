package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/patchcord/patchcord/consent"
)

// Sum is a SHA-256.
type Sum [sha256.Size]byte

// String is the sum in hex, as sha256sum prints it.
func (s Sum) String() string { return hex.EncodeToString(s[:]) }

// chainDomain begins what every row's hash is made of, so that it is no other
// program's hash.
const chainDomain = "patchcord consent ledger 1\n"

// Row is one row of the ledger as it is stored. All that its columns say stands in
// the body, too, in bytes that are never written a second time.
type Row struct {
	Seq        int64
	Prev, Hash Sum
	RecordedAt time.Time // to the microsecond
	Token      Sum       // stands for the number
	Type       consent.Type
	Seller     string
	Mark       Mark
	Body       []byte
	MAC        Sum // by whoever keeps the ledger; it is not looked at here
}

// Mark is what a row is found by without reading it.
type Mark string

// The marks.
const (
	MarkStop      Mark = "stop"      // a person said no: live calls have to end
	MarkAnswered  Mark = "answered"  // a person answered a call
	MarkAbandoned Mark = "abandoned" // a person answered, and heard nothing for too long
)

// MarkOf is the mark of a fact.
func MarkOf(f consent.Fact) Mark {
	switch f.Type {
	case consent.Revoke, consent.DNCAdd, consent.OptOutInCall:
		return MarkStop
	case consent.NumberFact:
		if f.Reassigned == consent.Yes || f.Reassigned == consent.Suspected {
			return MarkStop
		}
	case consent.Permitted:
		if f.PermitStatus != consent.PermitEnded {
			return ""
		}
		if f.Abandoned {
			return MarkAbandoned
		}
		switch f.Outcome {
		case "caller_hung_up", "agent_ended", "transferred", "opted_out", "time_limit", "drained":
			return MarkAnswered
		case "failed":
			if f.FirstAudioMS > 0 {
				return MarkAnswered
			}
		}
	}
	return ""
}

// Leaf is what stands for a body in the chain: whoever has it can follow the chain
// past the row without reading it.
func Leaf(body []byte) Sum { return sha256.Sum256(body) }

// Link is the hash of a row: of text alone, so that any tool can make it.
//
//	sha256( "patchcord consent ledger 1\n" + hex(prev) + "\n" + hex(sha256(body)) + "\n" )
func Link(prev, leaf Sum) Sum {
	var buf [len(chainDomain) + 2*(2*sha256.Size+1)]byte
	b := append(buf[:0], chainDomain...)
	b = append(hex.AppendEncode(b, prev[:]), '\n')
	b = append(hex.AppendEncode(b, leaf[:]), '\n')
	return sha256.Sum256(b)
}

// The versions of a body. What is sealed in one of the first is bound to the number
// and the row's id alone; in one of the second to all that the columns say.
const (
	firstVersion  = 1
	secondVersion = 2
)

// Version is that of the body, or of the one to be composed.
func (r *Row) Version() int {
	if len(r.Body) < len(`{"v":1`) {
		return secondVersion
	}
	return int(r.Body[len(`{"v":`)]) - '0'
}

// AppendHead appends the beginning of the body: all that the columns say.
func (r *Row) AppendHead(dst []byte) []byte {
	dst = strconv.AppendInt(append(dst, `{"v":`...), int64(r.Version()), 10)
	dst = strconv.AppendInt(append(dst, `,"seq":`...), r.Seq, 10)
	dst = append(dst, `,"recorded_at":"`...)
	dst = r.RecordedAt.UTC().AppendFormat(dst, "2006-01-02T15:04:05.000000Z")
	dst = append(dst, `","token":"`...)
	dst = hex.AppendEncode(dst, r.Token[:])
	dst = append(dst, `","type":`...)
	dst = appendQuoted(dst, string(r.Type))
	dst = append(dst, `,"seller":`...)
	dst = appendQuoted(dst, r.Seller)
	dst = append(dst, `,"mark":`...)
	dst = appendQuoted(dst, string(r.Mark))
	return append(dst, ',')
}

// appendQuoted appends a JSON string.
func appendQuoted(dst []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			quoted, _ := json.Marshal(s) // never fails for a string
			return append(dst, quoted...)
		}
	}
	return append(append(append(dst, '"'), s...), '"')
}

// What is wrong with a row.
var (
	ErrRowHash    = errors.New("its hash does not match its content")
	ErrRowColumns = errors.New("its columns do not match its body")
	ErrRowPrev    = errors.New("its previous hash does not match the row before it")
	ErrRowClock   = errors.New("it was recorded earlier than the row before it")
	ErrRowSeq     = errors.New("it is out of sequence: a row is missing or added")
)

// Check holds a row to itself: the hash to the body, and the columns to the body.
func (r *Row) Check() error {
	var buf [512]byte
	return r.check(buf[:0])
}

func (r *Row) check(buf []byte) error {
	if v := r.Version(); v != firstVersion && v != secondVersion || !bytes.HasPrefix(r.Body, r.AppendHead(buf)) {
		return ErrRowColumns
	}
	if Link(r.Prev, Leaf(r.Body)) != r.Hash {
		return ErrRowHash
	}
	return nil
}

// Chain follows rows from the first on. The zero Chain is before it.
type Chain struct {
	Seq  int64 // of the last row
	Hash Sum

	at  time.Time
	buf [512]byte
}

// Next takes the row that follows. Its error is one of those above, wrapped in
// nothing; the chain is then where it was.
func (c *Chain) Next(r *Row) error {
	if r.Seq != c.Seq+1 {
		return ErrRowSeq
	}
	if r.Prev != c.Hash {
		return ErrRowPrev
	}
	if err := r.check(c.buf[:0]); err != nil {
		return err
	}
	if r.RecordedAt.Before(c.at) {
		return ErrRowClock
	}
	c.Seq, c.Hash, c.at = r.Seq, r.Hash, r.RecordedAt
	return nil
}
