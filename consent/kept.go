package consent

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/patchcord/patchcord/phone"
)

// What decisions and calls name by a digest is kept in the ledger, once each, in rows of
// its own: the policy's whole text, the sellers' records, the openings' words.

// keptKey tells one kept text from another.
type keptKey struct {
	kind   Type
	digest string
}

// PolicyText is the row that keeps a policy: what [Policy.Print] writes, under its hash.
func PolicyText(p *Policy) (Fact, error) {
	var text bytes.Buffer
	if err := p.Print(&text); err != nil {
		return Fact{}, err
	}
	return Fact{Type: PolicyKept, TextSHA256: p.Hash(), Note: text.String()}, nil
}

// SellerText is the row that keeps a seller's record.
func SellerText(s Seller) Fact {
	text, digest := s.record()
	return Fact{Type: SellerKept, Seller: s.Name, TextSHA256: digest, Note: text}
}

// OpeningText is the row that keeps the words of an opening, under their SHA-256.
func OpeningText(text string) Fact {
	sum := sha256.Sum256([]byte(text))
	return Fact{Type: OpeningKept, TextSHA256: hex.EncodeToString(sum[:]), Note: text}
}

// KeepTexts writes those texts down that the ledger does not have yet, each once,
// whichever instances try at the same time.
func (g *Gate) KeepTexts(ctx context.Context, texts ...Fact) error {
	texts = slices.DeleteFunc(slices.Clone(texts), func(f Fact) bool {
		_, known := g.texts.Load(keptKey{f.Type, f.TextSHA256})
		return known
	})
	if len(texts) == 0 {
		return nil
	}
	_, err := g.Ledger.Transact(ctx, phone.Number{}, func(s Snapshot) []Fact {
		var fresh []Fact
		for _, f := range texts {
			if !slices.ContainsFunc(s.Facts, func(k Fact) bool { return k.Type == f.Type && k.TextSHA256 == f.TextSHA256 }) {
				f.OccurredAt, f.Source, f.Actor = g.now(), "gate", "gate"
				fresh = append(fresh, f)
			}
		}
		return fresh
	})
	if err != nil {
		return fmt.Errorf("consent: store a text: %w", &LedgerError{err})
	}
	for _, f := range texts {
		g.texts.Store(keptKey{f.Type, f.TextSHA256}, true)
	}
	return nil
}
