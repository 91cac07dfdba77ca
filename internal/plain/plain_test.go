package plain

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/patchcord/patchcord/internal/hostile"
)

func TestText(t *testing.T) {
	for in, want := range map[string]string{
		"":                      "",
		`Grüße, 世界 \n "x" 👩‍👧`:  `Grüße, 世界 \n "x" 👩‍👧`,
		"a\nb\r\tc":             `a\nb\r\tc`,
		"\x1b[2J\x00\x7f":       `\x1b[2J\x00\x7f`,
		"\u009b31m":             `\u009b31m`,
		"\u202eevil\u2066":      `\u202eevil\u2066`,
		"\u2028\u2029":          `\u2028\u2029`,
		"zero\u200bwidth\ufeff": `zero\u200bwidth\ufeff`,
		"tag\U000e0041":         `tag\U000e0041`,
		"\xff\x9b?\ufffd":       `\xff\x9b?` + "\ufffd",
	} {
		if got := Text(in); got != want {
			t.Errorf("%q is shown as %s, want %s", in, got, want)
		}
	}
}

func TestClean(t *testing.T) {
	if got := Clean("\x1b[1ma\r\nb\tc\x00\u202e\U000e0041\xff\u200d"); got != "[1ma\nb\tc\ufffd\u200d" {
		t.Errorf("a model gets %q", got)
	}
}

// dangerous tells whether a terminal would obey, hide or misplace something. It knows nothing of the code under test.
func dangerous(s string) bool {
	if !utf8.ValidString(s) {
		return true
	}
	return strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' || r >= 0x7f && r <= 0x9f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 ||
			r == 0x200e || r == 0x200f || r == 0x061c || r == 0x2028 || r == 0x2029 || r >= 0xe0000 && r <= 0xe007f
	})
}

func TestHostileWords(t *testing.T) {
	for _, in := range hostile.Texts() {
		t.Run(in.Name, func(t *testing.T) {
			var b bytes.Buffer
			Fprintf(&b, "%s|%v|%q|%-9s|%v|%v", in.Text, errors.New(in.Text), in.Text, in.Text, []string{in.Text}, struct{ A any }{in.Text})
			if s := b.String(); dangerous(s) {
				t.Errorf("printed: %.200q", s)
			}
			b.Reset()
			Fprintln(&b, in.Text, json.RawMessage(in.Text))
			if s, ok := strings.CutSuffix(b.String(), "\n"); !ok || dangerous(s) {
				t.Errorf("printed: %.200q", s)
			}
			b.Reset()
			if err := FprintJSON(&b, map[string]string{"a": in.Text}); err != nil {
				t.Fatal(err)
			}
			var back map[string]string
			if s, ok := strings.CutSuffix(b.String(), "\n"); !ok || dangerous(s) || json.Unmarshal([]byte(s), &back) != nil || back["a"] != strings.ToValidUTF8(in.Text, "\ufffd") && utf8.ValidString(in.Text) {
				t.Errorf("as JSON: %.200q", s)
			}
			if s := Clean(in.Text); dangerous(strings.NewReplacer("\n", "", "\t", "").Replace(s)) {
				t.Errorf("a model gets %.200q", s)
			}
			if s := string(Lines(in.Text)); dangerous(strings.ReplaceAll(s, "\n", "")) {
				t.Errorf("as lines: %.200q", s)
			}
		})
	}
}

func TestPrintingKeepsWhatIsOurs(t *testing.T) {
	var b bytes.Buffer
	Fprintf(&b, "%s %*s|%-5s|%3d|%.2f|%v\n", Ready("\x1b[1mbold\x1b[0m"), 3, "a", "ü", 7, 1.5, nil)
	if got := b.String(); got != "\x1b[1mbold\x1b[0m   a|ü    |  7|1.50|<nil>\n" {
		t.Errorf("got %q", got)
	}
}

// However lines are cut, they come out the same.
func TestJSONLinesInEveryCut(t *testing.T) {
	const text = "{\"a\":\"\u202e\u009b\"}\n{\"b\":\"\U000e0041\"}\n"
	const want = `{"a":"\u202e\u009b"}` + "\n" + `{"b":"\udb40\udc41"}` + "\n"
	for cut := range len(text) {
		var b bytes.Buffer
		w := &JSONLines{To: &b}
		for _, part := range []string{text[:cut], text[cut:]} {
			if n, err := w.Write([]byte(part)); n != len(part) || err != nil {
				t.Fatal(n, err)
			}
		}
		if b.String() != want {
			t.Errorf("cut at %d: %q", cut, b.String())
		}
	}
}
