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
		{"with a time as browsers write it",
			"I agree that Riverbend may call me. Signed Fri Nov 20 2026 10:00:00 GMT-0500 (Eastern Standard Time)", true},
		{"with one of the summer",
			"I agree that Riverbend may call me. Signed Mon Jul 06 2026 9:00:00 GMT-0400 (Eastern Daylight Time)", true},
		{"with a time as mail has it", "I agree that Riverbend may call me. Signed Sat, 21 Nov 2026 10:00:00 +0000", true},
		{"with a time as Unix writes it", "I agree that Riverbend may call me. Signed Sat Nov 21 10:00:00 UTC 2026", true},
		{"with a time of a web server's log", "I agree that Riverbend may call me. Signed 21/Nov/2026:10:00:00 +0000", true},
		{"with dashes and a name", "I agree that Riverbend may call me. Signed 21-Nov-26 10.30 pm EST", true},
		{"with nothing between", "I agree that Riverbend may call me. Signed 21Nov2026 1430 hrs", true},
		{"with a day and a month", "I agree that Riverbend may call me. Signed 11/20 at", false},
		{"with a month", "I agree that Riverbend may call me. Signed November 2026", true},
		{"with a Spanish date", "I agree that Riverbend may call me. Signed viernes, 20 de noviembre de 2026", true},
		{"with a time of computers and its parts", "I agree that Riverbend may call me. Signed 1795000000.123", true},
		{"with signs that nobody sees",
			"I\u200b agree that River\u00adbend may call\u2060 me. Si\u3164gned 2026-11-2\u200b1T10:0\u200d0Z", true},
		{"with wide letters and digits", "Ｉ ａｇｒｅｅ that Riverbend may call me. Signed ２０２６-１１-２１", true},
		{"with letters of another alphabet", "I аgrее thаt Rivеrbеnd mау саll mе. Sіgnеd", true},
		{"with accents", "I agree that Rivérbend may call mé. Si\u0301gned", true},
		{"as HTML has it", "I&nbsp;agree that&#32;Riverbend may call me. Signed&hellip; 2026&#45;11&#45;21", true},
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
	for _, ev := range []*Evidence{nil, {}, {Text: " – 2026-11-20 10:00"}, {Text: "Fri, 20 Nov 2026 10:00:00 GMT"},
		{Text: "\u3164"}, {Text: "👍"}} {
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
