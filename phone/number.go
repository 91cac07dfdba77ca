package phone

import (
	"errors"
	"fmt"
)

// Bounds on the digits of a number after its "+". 15 is ITU-T E.164's; below 7 there
// are only short codes, which cannot be called from abroad.
const (
	minDigits = 7
	maxDigits = 15
)

// ErrNotE164 is what [Parse] returns for anything else. It does not repeat the input,
// which may be somebody's number with a space in it.
var ErrNotE164 = errors.New("phone: not an E.164 number: want +, a first digit of 1-9, " +
	"and 7 to 15 digits in all with nothing between them, such as +14155550123")

// Number is a telephone number in E.164 form. The zero value is no number; every other
// one came from [Parse] or [Read]. Numbers are comparable and may be map keys.
//
// It has no UnmarshalText on purpose: what it marshals to is redacted, and reading that
// back would lose the number.
type Number struct {
	e164 string
}

// Parse takes a number in strict E.164 form and nothing looser: spaces, dashes,
// brackets, "tel:" or a missing "+" give [ErrNotE164]. It looks at the shape alone;
// whether anyone has the number is not its question.
func Parse(s string) (Number, error) {
	if len(s) < 1+minDigits || len(s) > 1+maxDigits || s[0] != '+' || s[1] == '0' {
		return Number{}, ErrNotE164
	}
	for i := 1; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return Number{}, ErrNotE164
		}
	}
	return Number{e164: s}, nil
}

// E164 is the whole number, such as "+14155550142", for the wire and the database. It
// is "" for the zero Number. It must not reach a log line or an error text.
func (n Number) E164() string { return n.e164 }

// IsZero reports whether n is no number.
func (n Number) IsZero() bool { return n.e164 == "" }

// String is the number as a reader of logs may see it: at most the first four digits
// and the last four, with three or more hidden between. It is "" for the zero Number.
func (n Number) String() string {
	if n.IsZero() {
		return ""
	}
	const tail, hidden = 4, 3
	digits := n.e164[1:]
	head := min(4, len(digits)-tail-hidden)
	return "+" + digits[:head] + "…" + digits[len(digits)-tail:]
}

// MarshalText writes the redacted form. encoding/json, zerolog and slog all come here.
func (n Number) MarshalText() ([]byte, error) { return []byte(n.String()), nil }

// Format prints the redacted form for every verb, so that not even %#v shows the field.
func (n Number) Format(f fmt.State, verb rune) {
	fmt.Fprintf(f, fmt.FormatString(f, verb), n.String())
}
