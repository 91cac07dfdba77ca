package phone

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/rs/zerolog"
	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	for _, s := range []string{"+1234567", "+14155550142", "+442079460000", "+123456789012345"} {
		n, err := Parse(s)
		if err != nil || n.E164() != s || n.IsZero() {
			t.Errorf("Parse(%q) = %q, %v", s, n.E164(), err)
		}
	}
	for name, s := range map[string]string{
		"empty":          "",
		"plus alone":     "+",
		"six digits":     "+123456",
		"sixteen digits": "+1234567890123456",
		"no plus":        "14155550142",
		"leading zero":   "+04155550142",
		"spaces":         "+1 415 555 0142",
		"dashes":         "+1-415-555-0142",
		"brackets":       "+1(415)5550142",
		"space at end":   "+14155550142 ",
		"letters":        "+1415555CALL",
		"other digits":   "+1415555٠١٤٢",
		"tel":            "tel:+14155550142",
		"sip":            "sip:+14155550142@example.com",
	} {
		t.Run(name, func(t *testing.T) {
			n, err := Parse(s)
			if !errors.Is(err, ErrNotE164) || !n.IsZero() {
				t.Errorf("Parse(%q) = %q, %v", s, n.E164(), err)
			}
		})
	}
}

func TestString(t *testing.T) {
	for in, want := range map[string]string{
		"+14155550142":     "+1415…0142",
		"+1234567":         "+…4567",
		"+12345678":        "+1…5678",
		"+123456789012345": "+1234…2345",
	} {
		n, err := Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := n.String(); got != want {
			t.Errorf("%s prints as %s, want %s", in, got, want)
		}
	}
	if got := (Number{}).String(); got != "" {
		t.Errorf("the zero Number prints as %q", got)
	}
}

// A number must not leave by any of the ways in which a program writes things down.
func TestNothingWritesTheWholeNumber(t *testing.T) {
	n, err := Parse("+14155550142")
	if err != nil {
		t.Fatal(err)
	}
	type holder struct {
		To Number
		By map[Number]int
	}
	h := holder{To: n, By: map[Number]int{n: 1}}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%20s", "%T"} {
		fmt.Fprintf(&out, verb+"\n", n)
		fmt.Fprintf(&out, verb+"\n", &n)
		fmt.Fprintf(&out, verb+"\n", h)
	}
	fmt.Fprintln(&out, n, h)
	if err := json.NewEncoder(&out).Encode(h); err != nil {
		t.Fatal(err)
	}
	log := zerolog.New(&out)
	log.Info().Stringer("to", n).Interface("h", h).Any("n", n).Msg("")
	slog.New(slog.NewTextHandler(&out, nil)).Info("", "to", n, "h", h)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("", "to", n, "h", h)

	if strings.Contains(out.String(), "4155550142") || strings.Contains(out.String(), fmt.Sprintf("%x", "4155550142")) {
		t.Errorf("the number is in\n%s", &out)
	}
	if got := strings.Count(out.String(), "+1415…0142"); got < 20 {
		t.Errorf("the redacted number is written %d times in\n%s", got, &out)
	}
	if b, err := json.Marshal(n); err != nil || string(b) != `"+1415…0142"` {
		t.Errorf("as JSON: %s, %v", b, err)
	}
	if err := json.Unmarshal([]byte(`"+14155550142"`), &n); err == nil {
		t.Error("a Number can be read from JSON past Parse")
	}
}

func TestRedact(t *testing.T) {
	for in, want := range map[string]string{
		"":                       "",
		"+14155550142":           "+1415…0142",
		"anonymous":              "anonymous",
		"RESTRICTED":             "RESTRICTED",
		"sip:alice@example.com":  "sip:…",
		"client:bob":             "client:…",
		"whatsapp:+14155550142":  "whatsapp:+1415…0142",
		"tel:+1-415-555-0142":    "tel:…",
		"+1 415 555 0142":        "…",
		"alice:secret":           "…",
		"Alice <+14155550142>":   "…",
		"sip:+14155550142@h.com": "sip:…",
	} {
		if got := Redact(in); got != want {
			t.Errorf("Redact(%q) = %q, want %q", in, got, want)
		}
	}
}

// Whatever the number, three digits or more cannot be read back.
func TestRedactionHides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`\+[1-9][0-9]{6,14}`).Draw(t, "number")
		n, err := Parse(s)
		if err != nil {
			t.Fatalf("Parse(%s): %v", s, err)
		}
		shown := strings.Count(n.String(), "") - 1 - len("+") - 1 // runes without "+" and "…"
		if digits := len(s) - 1; digits-shown < 3 {
			t.Fatalf("%s shows %d digits of %d", n, shown, digits)
		}
		if Redact(s) != n.String() {
			t.Fatalf("Redact gives %s, String %s", Redact(s), n)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "+", "+14155550142", "+1 415", "sip:a@b", "whatsapp:+14155550142", "anonymous",
		"+١٢٣٤٥٦٧"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := Parse(s)
		if err != nil && (err != ErrNotE164 || !n.IsZero()) || err == nil && n.E164() != s {
			t.Errorf("Parse(%q) = %q, %v", s, n.E164(), err)
		}
		// The longest text that passes as it is: a scheme of eight letters, ":…".
		if got := Redact(s); got == s && len(s) > len("whatsapp:…") {
			t.Errorf("Redact returned %q as it is", s)
		}
	})
}
