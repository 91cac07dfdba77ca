package expressiontest

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"slices"
	"time"

	"github.com/patchcord/patchcord/media"
)

// Clip is one request to Audio Decisions.
type Clip struct {
	Questions map[string]Question
	Order     []string // of the questions' ids, as sent
	WAV       []byte
	Rate      int           // Hz
	Length    time.Duration // of the sound
}

// Question is one question of a request.
type Question struct {
	Type         string          `json:"type"`
	Instructions string          `json:"instructions"`
	Criteria     json.RawMessage `json:"criteria"`
}

// Answer sets the answers, by the questions' ids, as they are sent.
func (s *Server) Answer(answers map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = maps.Clone(answers)
}

// Clips are the requests so far.
func (s *Server) Clips() []Clip {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.clips)
}

// AwaitClips waits for so many requests.
func (s *Server) AwaitClips(n int, long time.Duration) bool {
	return s.wait(long, func() bool { return len(s.clips) >= n })
}

// maxRequest is the largest body, in bytes: https://dev.hume.ai/audio-decisions/docs/limits.
const maxRequest = 25_000_000

func (s *Server) decide(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Hume-Api-Key") != s.Key {
		s.fault("a request without the right key")
		http.Error(w, `{"message":"Unauthorized"}`, http.StatusUnauthorized)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
	c, code := s.read(r)
	if code == gaveUp {
		return
	}
	if code != "" {
		s.fault("a request with %s", code)
		w.WriteHeader(http.StatusBadRequest)
		json.NewEncoder(w).Encode(map[string]string{"type": "error", "code": code})
		return
	}
	s.note(func() { s.clips = append(s.clips, c) })
	if s.misbehaves(w, r) {
		return
	}
	s.mu.Lock()
	answers := map[string]any{}
	for id := range c.Questions {
		if a, ok := s.answers[id]; ok {
			answers[id] = a
		}
	}
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{"run_id": "0197f0de-0000-7000-8000-000000000000", "answers": answers,
		"received": map[string]int{"file_bytes": len(c.WAV), "input_tokens": 120}})
}

// read reads a request, or names what is wrong with it.
func (s *Server) read(r *http.Request) (c Clip, code string) {
	m, err := r.MultipartReader()
	if err != nil {
		return c, "no multipart body"
	}
	request, code := part(m, "request")
	if code != "" {
		return c, code
	}
	var body struct {
		Questions map[string]Question `json:"questions"`
	}
	if json.Unmarshal(request, &body) != nil {
		return c, "request_invalid"
	}
	if code := checkQuestions(body.Questions); code != "" {
		return c, code
	}
	c.Questions, c.Order = body.Questions, order(request)
	if c.WAV, code = part(m, "file"); code != "" {
		return c, code
	}
	wav, err := media.ParseWAV(c.WAV)
	if err != nil || wav.Headerless {
		return c, "audio_format_unsupported"
	}
	c.Rate = wav.Rate
	c.Length = time.Duration(len(wav.Data)/2/wav.Channels) * time.Second / time.Duration(wav.Rate)
	switch {
	case c.Length < time.Second:
		return c, "audio_too_short"
	case c.Length > 5*time.Minute:
		return c, "audio_too_long"
	}
	return c, ""
}

// gaveUp is a body that ends in the middle.
const gaveUp = "the client gave up"

func part(m *multipart.Reader, name string) ([]byte, string) {
	var large *http.MaxBytesError
	p, err := m.NextPart()
	if err == nil && p.FormName() != name || errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, "part_order_invalid"
	}
	var b []byte
	if err == nil {
		b, err = io.ReadAll(p)
	}
	switch {
	case errors.As(err, &large):
		return nil, "payload_too_large"
	case err != nil:
		return nil, gaveUp
	}
	return b, ""
}

func checkQuestions(all map[string]Question) string {
	spans := 0
	for id, q := range all {
		var levels []string
		var options map[string]any
		switch q.Type {
		case "noul":
		case "span":
			spans++
		case "score":
			if json.Unmarshal(q.Criteria, &levels) != nil || len(levels) < 2 {
				return "question_invalid"
			}
		case "choice":
			if json.Unmarshal(q.Criteria, &options) != nil || len(options) < 2 {
				return "question_invalid"
			}
		default:
			return "question_invalid"
		}
		if id == "" || len(id) > 256 || q.Instructions == "" {
			return "question_invalid"
		}
	}
	if len(all) == 0 || spans > 5 || len(all)-spans > 20 {
		return "questions_invalid"
	}
	return ""
}
