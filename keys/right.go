package keys

import (
	"fmt"
	"slices"
	"strings"
)

// Right is one thing that a key may do.
type Right string

// The rights. A right that is not here opens nothing.
const (
	Read       Right = "read"       // calls, consent, reminders, campaigns and tools, with numbers masked
	Numbers    Right = "numbers"    // telephone numbers in full
	Recordings Right = "recordings" // kept sound
	Listen     Right = "listen"     // live sound
	Speak      Right = "speak"      // on a live call: say, transfer, take over, hang up
	Place      Right = "place"      // calls, permits, reminders
	Stop       Right = "stop"       // record a refusal
	Consent    Right = "consent"    // record every other fact, too: it includes Stop
	Export     Right = "export"     // the ledger's rows
	Erase      Right = "erase"      // a person's data; legal holds
	Metrics    Right = "metrics"    // GET /metrics
	Admin      Right = "admin"      // create, list and revoke keys; read who did what
)

// Rights is all of them.
var Rights = []Right{Read, Numbers, Recordings, Listen, Speak, Place, Stop, Consent, Export, Erase, Metrics, Admin}

// Whole tells whether a right is about all sellers at once: a key that is limited to
// one can't have it. An erasure reaches what every seller knows of a person.
func (r Right) Whole() bool { return r == Erase || r == Metrics || r == Admin }

// Recorded tells whether every use of a right is written into the ledger before the
// answer. Of Admin only changes are.
func (r Right) Recorded() bool {
	return slices.Contains([]Right{Recordings, Listen, Speak, Export, Erase}, r)
}

// ParseRights reads rights by their names. The error names the first that there is not.
func ParseRights(names []string) ([]Right, error) {
	var list []Right
	for _, name := range names {
		r := Right(name)
		if !slices.Contains(Rights, r) {
			return nil, fmt.Errorf("%q is not a right: want some of %s", name, Listed(Rights))
		}
		if !slices.Contains(list, r) {
			list = append(list, r)
		}
	}
	return list, nil
}

// Listed is rights with commas between them.
func Listed(rights []Right) string {
	names := make([]string, len(rights))
	for i, r := range rights {
		names[i] = string(r)
	}
	return strings.Join(names, ",")
}
