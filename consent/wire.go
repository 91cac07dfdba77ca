package consent

import (
	"encoding/json"
	"fmt"

	"github.com/patchcord/patchcord/phone"
)

// wire is a fact with its number, as the API and an export show it.
type wire struct {
	Number string `json:"number,omitempty"`
	Fact
}

// Encode writes a fact with its number in full: for the ledger's API, never for a
// log line.
func Encode(f Fact) ([]byte, error) { return json.Marshal(wire{f.Number.E164(), f}) }

// Decode reads what [Encode] wrote. A number that is there must be E.164.
func Decode(b []byte) (Fact, error) {
	var w wire
	if err := json.Unmarshal(b, &w); err != nil {
		return Fact{}, fmt.Errorf("consent: read a fact: %w", err)
	}
	if w.Number != "" {
		n, err := phone.Parse(w.Number)
		if err != nil {
			return Fact{}, fmt.Errorf("consent: read a fact: number: %w", err)
		}
		w.Fact.Number = n
	}
	return w.Fact, nil
}
