package optout

// mayCall tells whether a sentence says that calls are welcome.
func mayCall(s sentence) bool {
	for w := range windows(s) {
		for i := range w.words {
			for _, rule := range []string{"CALLOK", "ELSEWHERE"} {
				if w.at(w.grammar.rules[rule], i) != 0 && !w.behind(w.grammar.rules["CALLNO"], i) {
					return true
				}
			}
		}
	}
	return false
}

// ofTexts tells whether words from one place to another are about texts and no calls.
func (w *window) ofTexts(from, to int) bool {
	written := false
	for _, word := range w.text[from:to] {
		switch word {
		case "mensaje", "mensajes", "texto", "textos", "text", "texts", "texting", "texted", "message", "messages",
			"messaging", "sms", "messaged":
			written = true
		case "call", "calls", "calling", "called", "phone", "contact", "list", "ring", "dial", "everything",
			"llamadas", "llame", "llamen":
			return false
		}
	}
	return written
}

// ofOne tells whether words are about one telephone of the person's, not the person, and the
// sentence goes on to another.
func (w *window) ofOne(from, to int) bool {
	for _, word := range w.text[from:to] {
		if word == "me" || word == "us" || word == "list" {
			return false
		}
	}
	for i := to; i < len(w.words); i++ {
		if w.at(w.grammar.rules["ELSEWHERE"], i) != 0 {
			return true
		}
	}
	return false
}
