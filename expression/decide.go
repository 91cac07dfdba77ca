package expression

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strconv"
	"time"
)

// Bounds of what is read.
const (
	maxAnswer  = 256 << 10 // bytes
	maxRefusal = 16 << 10  // bytes of an answer that is an error
)

// refusal is an answer with an error's status.
type refusal struct {
	status int
	code   string        // the service's own word, if it gave one
	after  time.Duration // that it asks to be left alone
}

func (r *refusal) Error() string {
	if r.code != "" {
		return fmt.Sprintf("status %d, %s", r.status, r.code)
	}
	return fmt.Sprintf("status %d", r.status)
}

// decide asks about one clip: POST /v0/decisions/file. It returns the answer's body.
func (a *Account) decide(ctx context.Context, questions []Question, wav []byte) ([]byte, error) {
	body, kind, err := decideBody(questions, wav)
	if err != nil {
		return nil, err
	}
	u := *a.base
	u.Path = "/v0/decisions/file"
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header = a.header()
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Accept", "application/json")
	res, err := a.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, readRefusal(res)
	}
	b, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, err
	case len(b) > maxAnswer:
		return nil, fmt.Errorf("the answer is longer than %d bytes", maxAnswer)
	}
	if kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")); kind == "text/html" {
		return nil, errors.New("the answer is a web page, not JSON")
	}
	return b, nil
}

// decideBody is the multipart body: the part request must come before the part file.
func decideBody(questions []Question, wav []byte) ([]byte, string, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, part := range []struct {
		disposition, kind string
		content           []byte
	}{
		{`form-data; name="request"`, "application/json", wireQuestions(questions)},
		{`form-data; name="file"; filename="turn.wav"`, "audio/wav", wav},
	} {
		p, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {part.disposition}, "Content-Type": {part.kind}})
		if err != nil {
			return nil, "", err
		}
		if _, err := p.Write(part.content); err != nil {
			return nil, "", err
		}
	}
	if err := w.Close(); err != nil {
		return nil, "", err
	}
	return b.Bytes(), w.FormDataContentType(), nil
}

// readRefusal reads the code of an error's body. Its message is not repeated: it may
// quote what was sent.
func readRefusal(res *http.Response) error {
	r := &refusal{status: res.StatusCode}
	if seconds, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && seconds > 0 {
		r.after = min(time.Duration(min(seconds, 3600))*time.Second, maxRest)
	}
	var body struct {
		Code string `json:"code"`
	}
	if b, err := io.ReadAll(io.LimitReader(res.Body, maxRefusal)); err == nil && json.Unmarshal(b, &body) == nil &&
		questionID.MatchString(body.Code) {
		r.code = body.Code
	}
	return r
}
