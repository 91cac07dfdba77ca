package humetest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
)

// maxBody bounds a request, in bytes.
const maxBody = 1 << 20

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Hume-Api-Key") != s.key {
		refuse(w, http.StatusUnauthorized, "E0101", "Invalid API key")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		refuse(w, http.StatusRequestEntityTooLarge, "E0413", "The body is too long")
		return
	}
	path, ours := strings.CutPrefix(r.URL.Path, "/v0/evi")
	s.mu.Lock()
	s.requests = append(s.requests, Request{r.Method, path, r.URL.RawQuery, body})
	failure, fails := s.failure(r, path)
	var answer *httptest.ResponseRecorder
	if !fails || failure.Done {
		answer = httptest.NewRecorder()
		if ours {
			s.route(answer, r, strings.Split(strings.Trim(path, "/"), "/"), body)
		} else {
			refuse(answer, http.StatusNotFound, "E0404", "No such route")
		}
	}
	s.mu.Unlock() // an answer may be late, and must not hold up others
	if fails {
		failure.answer(w)
		return
	}
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes()) // the client may be gone
}

// route answers one request. s.mu is held.
func (s *Server) route(w http.ResponseWriter, r *http.Request, path []string, body []byte) {
	kind := path[0]
	shelf := s.kinds[kind]
	if shelf == nil {
		refuse(w, http.StatusNotFound, "E0404", "No such route")
		return
	}
	var t *thing
	if len(path) > 1 {
		if t = shelf.find(path[1]); t == nil {
			refuse(w, http.StatusNotFound, "E0705", "There is no such thing in this account")
			return
		}
	}
	switch {
	case r.Method == http.MethodGet && len(path) <= 2:
		s.list(w, r, kind, t)
	case r.Method == http.MethodGet && len(path) == 4 && path[2] == "version":
		n, err := strconv.Atoi(path[3])
		if err != nil || n < 0 || n >= len(t.versions) {
			refuse(w, http.StatusNotFound, "E0705", "There is no such version")
			return
		}
		reply(w, http.StatusOK, s.shown(kind, t, n))
	case r.Method == http.MethodPost && len(path) <= 2:
		s.post(w, r, kind, t, body)
	default:
		refuse(w, http.StatusMethodNotAllowed, "E0405", "This account is not changed so")
	}
}

// post creates a thing, or adds a version to one.
func (s *Server) post(w http.ResponseWriter, r *http.Request, kind string, t *thing, body []byte) {
	if mime, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); mime != "application/json" {
		refuse(w, http.StatusUnsupportedMediaType, "E0415", "Want application/json")
		return
	}
	var in map[string]any
	if json.Unmarshal(body, &in) != nil || in == nil {
		invalid(w, fault{"body", "Input should be a valid JSON object"})
		return
	}
	if faults := s.check(kind, t == nil, in); len(faults) > 0 {
		invalid(w, faults...)
		return
	}
	if t != nil {
		s.add(kind, t, in)
		reply(w, http.StatusCreated, s.shown(kind, t, len(t.versions)-1))
		return
	}
	name := in["name"].(string) // checked
	for _, other := range s.kinds[kind].things {
		if other.name == name {
			refuse(w, http.StatusBadRequest, "E0714", fmt.Sprintf("There is one named %s already", name))
			return
		}
	}
	reply(w, http.StatusCreated, s.shown(kind, s.create(kind, name, in), 0))
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the client may be gone
}

// refuse answers with Hume's ErrorResponse.
func refuse(w http.ResponseWriter, status int, code, message string) {
	reply(w, status, map[string]any{"code": code, "error": http.StatusText(status), "message": message})
}

// fault is one thing wrong with a body.
type fault struct{ at, say string }

// invalid answers with the detail of a 422.
func invalid(w http.ResponseWriter, faults ...fault) {
	var detail []map[string]any
	for _, f := range faults {
		detail = append(detail, map[string]any{"loc": strings.Split(f.at, "."), "msg": f.say, "type": "value_error"})
	}
	reply(w, http.StatusUnprocessableEntity, map[string]any{"detail": detail})
}
