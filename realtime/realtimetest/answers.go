package realtimetest

import (
	"strings"
	"time"
)

// Act is one thing that a model does in an answer.
type Act func(*Response) error

// Turn is all of one answer.
type Turn []Act

// Answers makes a Model that gives the turns in order, in each session from the first;
// after the last it says nothing. What a client asks to be said word for word, out of
// band or not, is said so, and is no turn.
func Answers(turns ...Turn) func(*Response) error {
	return func(r *Response) error {
		if words, ok := r.Exact(); ok {
			return r.Say(Speech{Text: words})
		}
		if r.OutOfBand {
			return nil
		}
		r.conn.mu.Lock()
		n := r.conn.turn
		r.conn.turn++
		r.conn.mu.Unlock()
		if n >= len(turns) {
			return nil
		}
		for _, act := range turns[n] {
			if err := act(r); err != nil {
				return err
			}
		}
		return nil
	}
}

// Exact is the text that an answer's instructions have between two bars.
func (r *Response) Exact() (string, bool) {
	s, _ := r.Asked["instructions"].(string)
	_, s, ok := strings.Cut(s, "|")
	words, _, too := strings.Cut(s, "|")
	return words, ok && too
}

// Speak says text, as a tone of a length, at once.
func Speak(text string, d time.Duration) Act {
	return func(r *Response) error { return r.Say(Speech{Text: text, For: d}) }
}

// Talk says text, as a tone of a length, four times as fast as it sounds, in deltas of
// 100 ms of µ-law: there is time to interrupt it.
func Talk(text string, d time.Duration) Act {
	return func(r *Response) error { return r.Say(Speech{Text: text, For: d, Sizes: []int{800}, Pace: 4}) }
}

// Call asks for a tool.
func Call(name, arguments string) Act {
	return func(r *Response) error {
		_, err := r.CallTool(name, arguments)
		return err
	}
}

// Fails ends the answer as failed.
func Fails(kind, code string) Act { return func(r *Response) error { return r.Fail(kind, code) } }

// Stops ends the answer as incomplete.
func Stops(reason string) Act { return func(r *Response) error { return r.Stop(reason) } }
