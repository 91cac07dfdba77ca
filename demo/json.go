package demo

import (
	"encoding/json"
	"io"
	"sync"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/plain"
)

// jsonShow writes one object a line, as things happen. An error of writing shows in
// nothing: whoever read it is gone.
type jsonShow struct {
	mu sync.Mutex
	to io.Writer
}

func (s *jsonShow) put(v any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = plain.FprintJSON(s.to, v)
}

func (s *jsonShow) say(text string) {
	s.put(struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}{"setup", text})
}

func (s *jsonShow) scene(title string) {
	s.put(struct {
		Type  string `json:"type"`
		Title string `json:"title"`
	}{"scene", title})
}

func (s *jsonShow) note(at time.Duration, text string) {
	s.put(struct {
		Type string `json:"type"`
		AtMS int64  `json:"at_ms"`
		Text string `json:"text"`
	}{"stage", at.Milliseconds(), text})
}

func (s *jsonShow) fact(at time.Duration, person string, f consent.Fact) {
	raw, err := consent.Encode(f)
	if err != nil {
		return // it was decoded from JSON
	}
	s.put(struct {
		Type   string          `json:"type"`
		AtMS   int64           `json:"at_ms"`
		Person string          `json:"person"`
		Fact   json.RawMessage `json:"fact"`
	}{"fact", at.Milliseconds(), person, raw})
}

// entry leaves the entry's time as the log has it: since the call began.
func (s *jsonShow) entry(person string, _ time.Duration, e calllog.Entry) {
	s.put(struct {
		Type   string `json:"type"`
		Person string `json:"person,omitempty"`
		calllog.Entry
	}{"entry", person, e})
}

func (s *jsonShow) result(r result) { s.put(r) }
func (s *jsonShow) kept(k kept)     { s.put(k) }
func (s *jsonShow) close()          {}
