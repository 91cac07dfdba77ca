package phone

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Numbers as files have them. Where says is empty the number is taken for want.
func TestRead(t *testing.T) {
	t.Parallel()
	const us = "+12122352616"
	for _, x := range []struct{ written, want, says string }{
		// In the order of a file that went wrong, by its lines.
		2:  {"+2122352616", "", "country code 1 is missing"},
		3:  {"2352616 / 123", "", "not grouped"},
		4:  {"235-2616.101", "", "not grouped"},
		5:  {"0612345678", "", "begins with 0"},
		6:  {"1234567890", "", "area codes and exchanges do not begin with 0 or 1"},
		7:  {"+44 (0)20 7946 0123", "", "(0)"},
		8:  {"+12122352616,,5", "", "separator"},
		9:  {"212-235-2616 x12", "", "letters"},
		10: {"212-235-2616 (cell)", "", "letters"},
		11: {"Home: 212-235-2616", "", "letters"},
		12: {"2122352616 ::: 2122352617", "", "keys or labels"},
		13: {"212-235-2616; 212-235-2617", "", "separator"},
		14: {"\u202a+1\u00a0 212\u2011235\u20112616\u202c", us, ""},
		15: {"\u200e+12122352616", us, ""},
		16: {"+1 212\u2013235\u20132616", us, ""},
		17: {"+1\u2009212\u2009235\u20092616", us, ""},
		18: {"\ufeff2122352616", us, ""},
		19: {"２１２２３５２６１６", us, ""},
		20: {"tel:+12122352616", us, ""},
		21: {"001 212 235 2616", "", "begins with an international prefix: write + and the country code instead"},
		22: {"+1+12122352616", "", "has a + in the middle: is it two numbers?"},
		23: {"1 (212) 235-2616", us, ""},
		24: {"+1 (212) 235-2616\u200b", us, ""},
		25: {"212\u00ad235\u00ad2616", us, ""},
		26: {"(212)235-2616\t", us, ""},
		27: {"+1-212-235-2616.", us, ""},
		28: {"1.212.235.2616", us, ""},
		29: {"+ 1 212 235 2616", us, ""},
		30: {"00442079460123", "", "begins with an international prefix: write + and the country code instead"},
		31: {"+1 212 235 261", "", "9 digits"},

		// Numbers that a spreadsheet took for quantities.
		32: {"1.21224E+10", "", "scientific"},
		33: {"2.12235E+09", "", "scientific"},
		34: {"12122352608.0", "", "decimals"},
		35: {"2122352608.0", "", "decimals"},
		36: {"212235260.0", "", "decimals"},
		37: {"2,12235E+09", "", "scientific"},

		// Others of these kinds.
		40: {"2122352616", us, ""},
		41: {"12122352616", us, ""},
		42: {" (212) 235 - 2616 ", us, ""},
		43: {"212/235-2616", us, ""},
		44: {"(+1) 212.235.2616", us, ""},
		45: {"TEL: +1 (212) 235‑26‑16", us, ""},
		46: {"＋１（２１２）２３５－２６１６", us, ""},
		47: {"212−235−2616", us, ""},
		48: {"\u2066212\u2060235\u20602616\u2069", us, ""},
		49: {"212•235•2616", us, ""},
		50: {"+1\u202f212\u202f235\u202f2616", us, ""},
		51: {"212\u3000235\u30002616", us, ""},
		52: {"٢١٢٢٣٥٢٦١٦", us, ""},
		53: {"(212) 235-2616\r\n", us, ""},
		54: {"415-555-0142", "+14155550142", ""}, // fictional, which is the gate's to say
		55: {"800-235-2616", "+18002352616", ""},
		56: {"416-235-2616", "+14162352616", ""}, // Toronto: a refusal is taken
		57: {"+44 20 7946 0123", "+442079460123", ""},
		58: {"+34 912 34 56 78", "+34912345678", ""},
		59: {"+39 06 698 12345", "+390669812345", ""}, // its 0 belongs to the number

		70:  {"", "", "not a number"},
		71:  {"+", "", "not a number"},
		72:  {"n/a", "", "letters"},
		73:  {"anonymous", "", "letters"},
		74:  {"12", "", "2 digits"},
		75:  {"235-2616", "", "no area code"},
		76:  {"22122352616", "", "11 digits"},
		77:  {"212235261", "", "9 digits"},
		78:  {"212-235-26161", "", "11 digits"},
		79:  {"212-235-CALL", "", "letters"},
		80:  {"2122352616 12", "", "12 digits"},
		81:  {"212-235-2616/212-235-2617", "", "20 digits"},
		82:  {"2122352616 2122352617", "", "20 digits"},
		83:  {"2122352616\n2122352617", "", "20 digits"},
		84:  {"212 235 2616 & 2617", "", "separator"},
		85:  {"212-235-2616 ext. 12", "", "letters"},
		86:  {"212-235-2616#12", "", "keys"},
		87:  {"212-235-2616 ☎", "", "has a character that is not part of a number"},
		88:  {"tel:+1-212-235-2616;ext=5", "", "separator"},
		89:  {"sip:+12122352616@example.com", "", "letters"},
		90:  {"(212 235-2616", "", "bracket"},
		91:  {"212) 235-2616", "", "has a character that is not part of a number"},
		92:  {"21 22 35 26 16", "", "not grouped"},
		93:  {"2352616 101", "", "not grouped"},
		94:  {"+3122352616", "", "country code 1 is missing"}, // Chicago's area code, or the Netherlands
		95:  {"+4582352616", "", "country code 1 is missing"}, // Oregon's, or Denmark
		96:  {"+999123456789", "", "does not exist"},
		97:  {"+44207", "", "too short"},
		98:  {"+442079460123456", "", "too long"},
		99:  {"+44 020 7946 0123", "", "a 0 after its country code"},
		100: {"+44 20 7946 0123 / 24", "", "a /"},
		101: {"442079460123", "", "12 digits"},
		102: {"011 44 20 7946 0123", "", "begins with an international prefix: write + and the country code instead"},
		103: {"555-235-2616", "", "does not exist"},
		104: {"212-135-2616", "", "area codes and exchanges do not begin with 0 or 1"},
		105: {"#NAME?", "", "keys"},
		106: {strings.Repeat("2122352616 ", 1000), "", "longer than any number"},
	} {
		if x.says == "" && x.want == "" {
			continue
		}
		n, err := Read(x.written)
		switch {
		case x.says == "" && (err != nil || n.E164() != x.want):
			t.Errorf("%q: %q, %v, want %s", x.written, n.E164(), err, x.want)
		case x.says != "" && (err == nil || !n.IsZero() || !strings.Contains(err.Error(), x.says)):
			t.Errorf("%q: %q, %v, want %q", x.written, n.E164(), err, x.says)
		case err != nil && (strings.Contains(err.Error(), "2352616") || strings.Contains(err.Error(), "7946")):
			t.Errorf("%q: the reason has the number: %v", x.written, err)
		}
	}
}

// Whatever is read can be written down and read again, and only a number that was
// written whole is read.
func TestWhatIsReadIsThere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[+(]?[0-9 ()./\-]{5,20}`).Draw(t, "written")
		n, err := Read(s)
		if err != nil {
			return
		}
		digits := strings.Map(func(r rune) rune {
			if '0' <= r && r <= '9' {
				return r
			}
			return -1
		}, s)
		if n.E164() != "+"+digits && n.E164() != "+1"+digits {
			t.Fatalf("%q is taken for %s", s, n.E164())
		}
		if again, err := Read(n.E164()); err != nil || again != n {
			t.Fatalf("%q: again %v, %v", s, again.E164(), err)
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"", "+1 (212) 235-2616", "tel:+442079460123", "\u202a+1\u00a0 212\u2011235\u20112616",
		"2.12E+09", "２１２", "\xff+1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := Read(s)
		if (err == nil) == n.IsZero() {
			t.Errorf("%q: %q, %v", s, n.E164(), err)
		}
		if _, strict := Parse(n.E164()); err == nil && strict != nil {
			t.Errorf("%q is taken for %s, which is not E.164", s, n.E164())
		}
	})
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		if _, err := Read("(212) 235-2616"); err != nil {
			b.Fatal(err)
		}
	}
}
