package hume

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// APIError is an answer other than 2xx.
type APIError struct {
	Status     int           // of HTTP
	Code       string        // Hume's own, such as "E0101"; empty if the answer was not Hume's
	Message    string        // Hume's sentence, at most 500 bytes
	Fields     []FieldError  // of a 422: what is wrong where, at most 20
	RetryAfter time.Duration // how long Hume asks us to wait, up to an hour; 0 if it does not
}

// FieldError is one thing wrong with a request.
type FieldError struct {
	Path    string // such as "body.parameters"
	Message string
}

// Error is one line.
func (e *APIError) Error() string {
	text := fmt.Sprintf("the API returned status %d %s", e.Status, http.StatusText(e.Status))
	if e.Code != "" {
		text += ", " + e.Code
	}
	if e.Message != "" {
		text += ": " + e.Message
	}
	for i, f := range e.Fields {
		text += map[bool]string{true: ": ", false: "; "}[i == 0] + f.Path + ": " + f.Message
	}
	return text
}

// Gone reports a thing that is not there, or an API that is not there any more: 404 or 410.
func (e *APIError) Gone() bool {
	return e.Status == http.StatusNotFound || e.Status == http.StatusGone
}

// Denied reports a key that is wrong, or may not do this: 401 or 403.
func (e *APIError) Denied() bool {
	return e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden
}

const (
	maxMessage    = 500 // bytes
	maxFields     = 20
	maxRetryAfter = time.Hour
)

// refusal reads an answer other than 2xx: Hume's ErrorResponse, the detail list
// of a 422, or whatever a proxy says.
func (c *Client) refusal(res *http.Response) *APIError {
	e := &APIError{Status: res.StatusCode, RetryAfter: retryAfter(res.Header.Get("Retry-After"), time.Now())}
	b, err := io.ReadAll(io.LimitReader(res.Body, maxRefusal))
	if err != nil {
		return e // the status says enough
	}
	var answer struct {
		Code, Error, Message json.RawMessage
		Detail               json.RawMessage
	}
	if json.Unmarshal(b, &answer) != nil {
		return e // a page of HTML has no words for us
	}
	e.Code = c.plain(text(answer.Code))
	e.Message = c.plain(text(answer.Message))
	if said := c.plain(text(answer.Error)); e.Message == "" {
		e.Message = said
	} else if said != "" && said != e.Message {
		e.Message = said + ": " + e.Message
	}
	var detail []struct {
		Loc []any
		Msg string
	}
	if json.Unmarshal(answer.Detail, &detail) != nil {
		if e.Message == "" {
			e.Message = c.plain(text(answer.Detail))
		}
		return e
	}
	for _, d := range detail[:min(len(detail), maxFields)] {
		var path []string
		for _, p := range d.Loc {
			path = append(path, fmt.Sprint(p))
		}
		e.Fields = append(e.Fields, FieldError{c.plain(strings.Join(path, ".")), c.plain(d.Msg)})
	}
	return e
}

// text is a JSON string or number as text.
func text(raw json.RawMessage) string {
	var s string
	var n json.Number
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	if json.Unmarshal(raw, &n) == nil {
		return n.String()
	}
	return ""
}

// plain is what a server said, fit for one line of a terminal and without the key.
func (c *Client) plain(s string) string {
	s = strings.ReplaceAll(s, c.key, "…")
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, s)
	if len(s) > maxMessage {
		s = strings.ToValidUTF8(s[:maxMessage], "") + "…"
	}
	return strings.TrimSpace(s)
}

// retryAfter reads the header, seconds or a date (RFC 9110, 10.2.3).
func retryAfter(header string, now time.Time) time.Duration {
	if s, err := strconv.ParseInt(header, 10, 32); err == nil {
		return max(0, min(time.Duration(s)*time.Second, maxRetryAfter))
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(0, min(at.Sub(now), maxRetryAfter))
	}
	return 0
}
