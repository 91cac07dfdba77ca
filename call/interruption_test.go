package call

import "testing"

// What words interrupt an agent, by the settings; and which of them, said over its goodbye,
// keep the call.
func TestWordsThatInterrupt(t *testing.T) {
	t.Parallel()
	one, two, four := Interruption{Words: 1}, Interruption{}, Interruption{Words: 4}
	for _, c := range []struct {
		text                    string
		one, two, four, goodbye bool // interrupts at one, two, four words; keeps the call
	}{
		{"", false, false, false, false},
		{"mhm", false, false, false, false},
		{"Mm-hmm.", false, false, false, false},
		{"Uh-huh, uh-huh, okay, yeah, right, sure, I see.", false, false, false, false},
		{"Hmm, OK. Got it! That's right.", false, false, false, false},
		{"Sí, ajá, claro que sí, está bien.", false, false, false, false},
		{"No problem, go on.", false, false, false, false},
		{"But", true, false, false, false},
		{"Okay, so", true, false, false, false},
		{"But not", true, true, false, true},
		{"And then what happens", true, true, true, true},
		{"Wait", true, true, true, true},
		{"No.", true, true, true, true},
		{"Yeah, no", true, true, true, true},
		{"Hold on", true, true, true, true},
		{"Stop!", true, true, true, true},
		{"Espere", true, true, true, true},
		{"¡Pare!", true, true, true, true},
		{"Un momento", true, true, true, true},
		{"Wait, one more thing, can you move it to Friday?", true, true, true, true},
		{"Thank you", true, true, false, false},
		{"Okay, thank you so much for your help, you too, bye bye!", true, true, true, false},
		{"No, thanks, that's all. Have a great day!", true, true, true, false},
		{"No, that's it, goodbye", true, true, true, false},
		{"Muchas gracias, igualmente, hasta luego.", true, true, true, false},
		{"Que tenga un buen día", true, true, true, false},
		{"Thanks, but what about Friday?", true, true, true, true},
		{"No, I need to change the date", true, true, true, true},
		{"Gracias, pero espere", true, true, true, true},
	} {
		if a, b, d := one.counts(c.text), two.counts(c.text), four.counts(c.text); a != c.one || b != c.two || d != c.four {
			t.Errorf("%q interrupts at one word: %t, at two: %t, at four: %t; want %t, %t, %t", c.text, a, b, d, c.one, c.two, c.four)
		}
		if got := two.keeps(c.text); got != c.goodbye {
			t.Errorf("%q over a goodbye keeps the call: %t, want %t", c.text, got, c.goodbye)
		}
	}
}
