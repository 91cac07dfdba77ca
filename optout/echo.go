package optout

import "slices"

// echoLeast is how many words in a row must repeat what was played; fewer may be an answer in
// the same words.
const echoLeast = 4

// Echo tells whether what was said is what the bridge has just played, or a run of it: a
// telephone on loudspeaker gives our own voice back, and a recognizer takes it for the person's.
func Echo(said, played string) bool {
	s, p := slices.Concat(sentences(said)...), slices.Concat(sentences(played)...)
	if len(s) < echoLeast {
		return false
	}
	for i := 0; i+len(s) <= len(p); i++ {
		if slices.Equal(s, p[i:i+len(s)]) {
			return true
		}
	}
	return false
}
