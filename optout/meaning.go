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

// Speech tells what an utterance on a call means, interim or final. Of more than 64 KiB it looks
// at the first and the last 32.
func Speech(text string) Meaning { return read(sentences(text)) }
