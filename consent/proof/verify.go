package proof

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/patchcord/patchcord/consent"
)

// VerifyResult is what came of computing a chain again.
type VerifyResult struct {
	OK       bool   `json:"ok"`
	Rows     int64  `json:"rows"`              // that hold; where one does not, those before it
	Head     string `json:"head"`              // hash of the last of them, hex
	Problem  string `json:"problem,omitempty"` // what is wrong, in a sentence
	FirstBad int64  `json:"bad_seq,omitempty"` // the row it was found at
	// rows that were there and are missing: the ledger is an older copy of itself
	Lost     *consent.Rows `json:"lost,omitempty"`
	First    int64         `json:"first,omitempty"`    // of an export: its first row
	Last     int64         `json:"last,omitempty"`     // of an export: its last row
	Gaps     int           `json:"gaps,omitempty"`     // of an export: places where rows are left out
	Withheld int64         `json:"withheld,omitempty"` // of an export: rows that stand there as sums
}

// maxExportLine bounds a line of an export that is read.
const maxExportLine = 64 << 20

// VerifyExport computes an export's chain again, with nothing but the export. Rows
// that are left out are counted; whether the last row is the ledger's last one only
// an anchor can tell. An error is one of reading.
func VerifyExport(r io.Reader) (VerifyResult, error) { return verifyExport(r, nil, true, false) }

// verifyExport holds rows to anchors as well: to hashes by Seq. Only with links a row may be
// withheld. With erasures, all rows of each person are there, so that what is personal may be
// missing only where an erasure says so.
func verifyExport(r io.Reader, anchors map[int64]string, links, erasures bool) (VerifyResult, error) {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 64<<10), maxExportLine)
	v := exportCheck{anchors: anchors, links: links, shut: map[string]shutRow{}}
	for lines.Scan() {
		if err := v.line(lines.Bytes()); err != nil {
			v.result.Problem, v.result.FirstBad = fmt.Sprintf("line %d: %v", v.lines, err), v.bad
			return v.result, nil
		}
	}
	if err := lines.Err(); err != nil {
		return VerifyResult{}, fmt.Errorf("consent: read an export: %w", err)
	}
	if erasures && len(v.shut) > 0 {
		first := slices.MinFunc(slices.Collect(maps.Values(v.shut)), func(a, b shutRow) int { return a.line - b.line })
		v.result.Problem, v.result.FirstBad = fmt.Sprintf("line %d: its personal data is missing, and no later record "+
			"says that the person was erased", first.line), first.seq
		return v.result, nil
	}
	v.result.OK = true
	return v.result, nil
}

type exportCheck struct {
	anchors map[int64]string
	links   bool

	result VerifyResult
	lines  int
	bad    int64
	hash   Sum // of the row before
	at     time.Time

	shut map[string]shutRow // by token: the first row whose personal part is missing
}

// shutRow is a row of an export.
type shutRow struct {
	line int
	seq  int64
}

func (v *exportCheck) line(b []byte) error {
	v.lines++
	var e Exported
	if err := json.Unmarshal(b, &e); err != nil {
		return errors.New("not a record of an export")
	}
	v.bad = e.Seq
	prev, err := parseSum(e.Prev)
	if err != nil {
		return err
	}
	hash, err := parseSum(e.Hash)
	if err != nil {
		return err
	}
	last := v.result.Last
	switch {
	case e.Seq < 1 || e.Seq <= last:
		return ErrRowSeq
	case e.Seq == 1 && prev != Sum{}, last > 0 && e.Seq == last+1 && prev != v.hash:
		return ErrRowPrev
	case e.Seq > last+1 && (last > 0 || e.Seq > 1):
		v.result.Gaps++
	}
	leaf, err := v.leaf(&e)
	if err != nil {
		return err
	}
	if Link(prev, leaf) != hash {
		return ErrRowHash
	}
	if a, ok := v.anchors[e.Seq]; ok && a != e.Hash {
		return errors.New("an anchor has a different hash for it")
	}
	// else readers may differ on what it says
	if again, err := encodeLine(e); err != nil || !bytes.Equal(again, append(bytes.Clone(b), '\n')) {
		return errors.New("not a record of an export")
	}
	if v.result.Rows == 0 {
		v.result.First = e.Seq
	}
	v.hash, v.result.Last, v.result.Head = hash, e.Seq, e.Hash
	v.result.Rows++
	return nil
}

// leaf is the sum of the line's body, which is held to what else the line says.
func (v *exportCheck) leaf(e *Exported) (Sum, error) {
	if e.Body == "" {
		if !v.links {
			return Sum{}, errors.New("it is withheld from an export that should include it")
		}
		v.result.Withheld++
		return parseSum(e.BodySum)
	}
	s, err := ReadBody([]byte(e.Body))
	if err != nil {
		return Sum{}, err
	}
	if s.Fact.Seq != e.Seq {
		return Sum{}, ErrRowColumns
	}
	if s.Fact.RecordedAt.Before(v.at) {
		return Sum{}, ErrRowClock
	}
	v.at = s.Fact.RecordedAt
	if e.Private != "" {
		if err := s.Reveal([]byte(e.Private)); err != nil {
			return Sum{}, err
		}
	} else if _, known := v.shut[s.Token]; s.Sum != "" && !known {
		v.shut[s.Token] = shutRow{v.lines, e.Seq}
	}
	if s.Fact.Type == consent.Erased {
		delete(v.shut, s.Token)
	}
	if len(e.Fact) == 0 {
		return Sum{}, errors.New("the ledger that wrote it found that it does not verify")
	}
	s.Fact.Hash = e.Hash
	want, err := consent.Encode(s.Fact)
	if err != nil {
		return Sum{}, err
	}
	if !bytes.Equal(want, e.Fact) {
		return Sum{}, errors.New("its fact does not match its body and its personal data")
	}
	return Leaf([]byte(e.Body)), nil
}

func parseSum(text string) (s Sum, err error) {
	if len(text) != 2*len(s) {
		return s, errors.New("a hash is not 64 hex digits")
	}
	if _, err := hex.Decode(s[:], []byte(text)); err != nil {
		return s, errors.New("a hash is not 64 hex digits")
	}
	return s, nil
}
