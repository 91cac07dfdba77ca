package optout

import "slices"

// Bounds of an echo.
const (
	echoLeast = 4   // words; fewer may be an answer in the same words
	maxEcho   = 200 // words of each that are compared
	echoStop  = 8   // words of one that says stop: "take me off your list" is what we told them to say
)

// Echo tells whether what was said is what the bridge has just played, or a run of it: a
// telephone on loudspeaker gives our own voice back, and a recognizer takes it for the person's.
// One word in five may be heard wrong, but "stop calling me" repeats no "stop calling you". Fewer
// than four words are never an echo: "stop" is an answer to "say stop". Nor is a refusal of fewer
// than eight that says no "you", for it may be the person's in our words.
func Echo(said, played string) bool {
	s, p := slices.Concat(sentences(said)...), slices.Concat(sentences(played)...)
	s = slices.DeleteFunc(s, func(w string) bool { return w == "," })
	p = slices.DeleteFunc(p, func(w string) bool { return w == "," })
	s, p = s[:min(len(s), maxEcho)], p[max(0, len(p)-maxEcho):]
	persons := len(s) < echoStop && !slices.Contains(s, "you") && read(sentences(said)).Kind == Refusal
	if len(s) < echoLeast || persons {
		return false
	}
	wide := len(s) + len(s)/4
	for from := 0; from == 0 || from+len(s) <= len(p); from++ {
		run := p[from:min(len(p), from+wide)]
		own := func(w string) bool { return slices.Contains(ownWords, w) && !slices.Contains(run, w) }
		if !slices.ContainsFunc(s, own) && 5*common(s, run) >= 4*len(s) {
			return true
		}
	}
	return false
}

// ownWords are words of the person's where we said none of them.
var ownWords = []string{"i", "me", "my", "us", "our", "not", "no", "never", "stop", "quit", "remove", "mi", "nos",
	"nunca"}

// common is how many words two rows have in common, in their order.
func common(a, b []string) int {
	row := make([]int, len(b)+1)
	for _, w := range a {
		left := 0 // of the row above, one place to the left
		for j, v := range b {
			above := row[j+1]
			if w == v {
				row[j+1] = left + 1
			} else {
				row[j+1] = max(row[j+1], row[j])
			}
			left = above
		}
	}
	return row[len(b)]
}
