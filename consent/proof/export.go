package proof

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Exported is one line of an export. A row that is somebody else's may stand there
// as the sum of its body alone, so that the chain can be followed past it.
type Exported struct {
	Seq     int64           `json:"seq"`
	Prev    string          `json:"prev"`                  // hex
	Hash    string          `json:"hash"`                  // hex
	Body    string          `json:"body,omitempty"`        // the exact text that was hashed
	BodySum string          `json:"body_sha256,omitempty"` // where the body is left out
	Private string          `json:"private,omitempty"`     // the exact text of what is personal, where it was not erased
	Fact    json.RawMessage `json:"fact,omitempty"`        // both together, to be read
}

// ExportFilter says which rows an export holds. The zero filter is all of them.
type ExportFilter struct {
	Number   phone.Number // one person's
	Seller   string       // one seller's
	Sellers  []string     // of these alone; nil for all
	From, To int64        // by Seq, both included; 0 for no bound
	Linked   bool         // the other rows, too, as sums: the chain can be followed from end to end
	Sealed   bool         // nothing personal is opened
}

// Matches tells whether a row is one of those asked for. Token stands for the
// filter's number.
func (f ExportFilter) Matches(r *Row, token Sum) bool {
	if f.Sellers != nil && !slices.Contains(f.Sellers, r.Seller) {
		return false
	}
	return (f.Number.IsZero() || r.Token == token) && (f.Seller == "" || r.Seller == f.Seller) && r.Seq >= f.From &&
		(f.To == 0 || r.Seq <= f.To)
}

// AppendExported appends a row as a line of an export. Private is the opened
// personal part of s, or nil. A row that does not hold has nothing but its body.
func AppendExported(dst []byte, r *Row, s *Stored, private []byte, holds bool) ([]byte, error) {
	e := Exported{Seq: r.Seq, Prev: r.Prev.String(), Hash: r.Hash.String(), Body: string(r.Body)}
	if holds {
		fact, err := consent.Encode(s.Fact)
		if err != nil {
			return nil, err
		}
		e.Private, e.Fact = string(private), fact
	}
	line, err := encodeLine(e)
	return append(dst, line...), err
}

// AppendLink appends a row as a line that tells nothing of it but its place.
func AppendLink(dst []byte, r *Row) ([]byte, error) {
	line, err := encodeLine(Exported{Seq: r.Seq, Prev: r.Prev.String(), Hash: r.Hash.String(),
		BodySum: Leaf(r.Body).String()})
	return append(dst, line...), err
}

func encodeLine(e Exported) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false) // the same text either way, and easier to read
	if err := enc.Encode(e); err != nil {
		return nil, fmt.Errorf("consent: export: %w", err)
	}
	return buf.Bytes(), nil
}
