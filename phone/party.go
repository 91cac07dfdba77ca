package phone

import (
	"errors"
	"fmt"
)

// Party is one end of a call as its carrier writes it: an E.164 number, "sip:user@host",
// "client:name", or a word such as "anonymous" where the caller withholds the number.
// It prints and marshals redacted, as a [Number] does; string(p) is the whole.
type Party string

// Number is the party's number. There is none behind sip:, client: or a word, nor
// behind the digits with which some carriers spell such a word.
//
// A caller's number is what the caller's carrier claims. It identifies nobody.
func (p Party) Number() (Number, error) {
	if withheld[p] {
		return Number{}, errWithheld
	}
	n, err := Parse(string(p))
	if err != nil {
		return Number{}, fmt.Errorf("phone: party: %w", err)
	}
	return n, nil
}

// withheld are ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE on a keypad.
var withheld = map[Party]bool{
	"+266696687": true, "+7378742833": true, "+2562533": true, "+8656696": true, "+86282452253": true,
}

var errWithheld = errors.New("phone: party: the number is withheld")

// String is the party as a reader of logs may see it; see [Redact].
func (p Party) String() string { return Redact(string(p)) }

// MarshalText writes the redacted form. encoding/json, zerolog and slog all come here.
func (p Party) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// Format prints the redacted form for every verb.
func (p Party) Format(f fmt.State, verb rune) {
	fmt.Fprintf(f, fmt.FormatString(f, verb), p.String())
}
