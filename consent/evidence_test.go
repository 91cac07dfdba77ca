package consent

import "testing"

func TestTheSameEvidenceIsKnownAgain(t *testing.T) {
	t.Parallel()
	const first = "I agree that Riverbend may call me. Signed 2026-11-20T10:00:00Z."
	for _, x := range []struct {
		name, text string
		same       bool
	}{
		{"to the letter", first, true},
		{"with another time", "I agree that Riverbend may call me. Signed 2026-11-29T18:30:12.123-05:00.", true},
		{"with a date as people write it", "I agree that Riverbend may call me. Signed November 3rd, 2026, 4:15 PM", true},
		{"with a date the other way about", "I agree that Riverbend may call me. Signed Friday, 3 Nov 2026 at", false},
		{"with a day", "I agree that Riverbend may call me. Signed Friday, 3 Nov 2026", true},
		{"with slashes", "I agree that Riverbend may call me. Signed 11/3/26 3 p.m.", true},
		{"with a time of computers", "I agree that Riverbend may call me. Signed 1795000000", true},
		{"without the time", "I agree that Riverbend may call me. Signed", true},
		{"in capitals, with other spaces and signs", "I AGREE, that Riverbend\n may call me!  Signed", true},
		{"with typographic signs and no-break spaces", "I\u00a0agree — that Riverbend may call “me”. Signed", true},
		{"in other words", "Riverbend may call me again. Signed", false},
		{"with a number in it", "I agree that Riverbend may call me at +12125552671. Signed", false},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			a, ok := (&Evidence{Text: first}).Digest()
			b, ok2 := (&Evidence{Text: x.text}).Digest()
			if !ok || !ok2 || (a == b) != x.same {
				t.Errorf("the same: %v, want %v", a == b, x.same)
			}
		})
	}
	for _, ev := range []*Evidence{nil, {}, {Text: " – 2026-11-20 10:00"}} {
		if _, ok := ev.Digest(); ok {
			t.Errorf("%+v has a digest", ev)
		}
	}
}

func TestEvidenceThatNamesAPerson(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"call me at +12125552671": true, "call me at (212) 555-2671": true, "my cell is 212.555.2671": true,
		"call me at +12125552672": false, "call me": false, "": false,
	} {
		if got := (&Evidence{Text: text}).NamesNumber(dana); got != want {
			t.Errorf("%q names the number: %v, want %v", text, got, want)
		}
	}
}
