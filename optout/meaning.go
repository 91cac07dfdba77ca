package optout

// Kind is what words mean.
type Kind string

// The kinds. Where words mean several things, the one that counts is the first of this order:
// a refusal, the wrong number, a death, a minor, a lawyer, stop recording, unclear, preference.
const (
	None          Kind = ""               // nothing of this package's concern
	Refusal       Kind = "refusal"        // no more calls
	WrongNumber   Kind = "wrong_number"   // somebody else is at this number
	Deceased      Kind = "deceased"       // the person we called has died
	Minor         Kind = "minor"          // the person we called is a child
	Represented   Kind = "represented"    // the person has a lawyer
	StopRecording Kind = "stop_recording" // the call may go on, but isn't to be recorded
	Unclear       Kind = "unclear"        // may be a refusal: a careful listener would ask
	Preference    Kind = "preference"     // no calls for a time, or at some hours: see When
)

// Meaning is what words mean. It is comparable; its zero value is None.
type Meaning struct {
	Kind Kind
	When When // of a Preference
}

// Speech tells what an utterance on a call means, interim or final.
func Speech(text string) Meaning {
	if saysStop(text) {
		return Meaning{Kind: Refusal}
	}
	return Meaning{}
}

// Joined tells what two utterances mean that a pause of up to 3 s came between, and that only
// both together mean; None for what each of them says alone.
func Joined(first, second string) Meaning {
	if Speech(first).Kind != None || Speech(second).Kind != None {
		return Meaning{}
	}
	return Speech(first + " " + second)
}

// Text tells what the body of a text message means. The keywords of the carriers count as the
// whole message; a reaction to a text of ours, or a quotation of it, means nothing.
func Text(body string) Meaning {
	if textsStop(body) {
		return Meaning{Kind: Refusal}
	}
	return Meaning{}
}

// Help tells whether the body of a text message asks who is writing: HELP, INFO, AYUDA.
func Help(body string) bool { return asksHelp(body) }

// Start tells whether the body of a text message is a keyword of those who want to be called
// again: START, UNSTOP, YES.
func Start(body string) bool {
	return whole(sentences(body), startWords)
}

var startWords = many.all("start", "unstop", "yes", "opt in", "subscribe", "resume", "continue", "si", "iniciar", "comenzar", "alta", "suscribir", "suscribirme")
