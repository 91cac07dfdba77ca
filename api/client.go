package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/patchcord/patchcord/consent"
)

// Client asks a running service with one key. Its methods are the routes of /v1, and safe for
// use by several goroutines. An answer that is not one of 2xx is an error, a *Problem; a service
// that gives none is an *UnreachableError. Numbers are in E.164 form.
type Client struct {
	URL string // of the service, such as http://127.0.0.1:8080
	Key string // the secret of an API key
	// by which route what it records has come: consent.ViaCLI or consent.ViaImport. Defaults to
	// consent.ViaAPI
	Via consent.Via
	// for a whole answer that is no stream. Defaults to 30 s
	Timeout time.Duration
}

// Bounds of asking.
const (
	defaultTimeout = 30 * time.Second
	maxAnswer      = 64 << 20 // bytes of an answer that is no stream
)

// web follows no redirect: a key goes to the address that was given and to no other.
var web = &http.Client{
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// request is one question to the service.
type request struct {
	method, path string
	query        any // a struct with tags of its parameters; nil for none
	header       http.Header
	body         any           // as JSON; nil for none
	timeout      time.Duration // at least; see Client.Timeout
}

// ask sends a request, and reads the answer.
func ask[T any](ctx context.Context, c *Client, q request) (answer T, err error) {
	ctx, cancel := context.WithTimeout(ctx, max(q.timeout, c.timeout()))
	defer cancel()
	res, err := c.send(ctx, q)
	if err != nil {
		return answer, err
	}
	defer res.Body.Close()
	b, err := readAnswer(res.Body, maxAnswer)
	if err == nil {
		err = json.Unmarshal(b, &answer)
	}
	if err != nil {
		return answer, fmt.Errorf("ask the service: %w", err) // without the path, which may name a person
	}
	return answer, nil
}

func (c *Client) timeout() time.Duration { return cmp.Or(c.Timeout, defaultTimeout) }

// send sends a request; the caller closes the body of the answer, which is one of 2xx. It is
// bounded by ctx alone.
func (c *Client) send(ctx context.Context, q request) (*http.Response, error) {
	var body io.Reader
	if q.body != nil {
		b, err := json.Marshal(q.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(b)
	}
	base := strings.TrimRight(c.URL, "/")
	r, err := http.NewRequestWithContext(ctx, q.method, base+q.path, body)
	if err != nil {
		return nil, err
	}
	r.URL.RawQuery = encodeQuery(q.query)
	if q.header != nil {
		r.Header = q.header
	}
	r.Header.Set("Authorization", "Bearer "+c.Key)
	if c.Via != "" && c.Via != consent.ViaAPI {
		r.Header.Set(ViaHeader, string(c.Via))
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	res, err := web.Do(r)
	if err != nil {
		return nil, &UnreachableError{base, err}
	}
	if res.StatusCode/100 == 2 {
		return res, nil
	}
	defer res.Body.Close()
	return nil, readProblem(res)
}

// readProblem reads the error that an answer is.
func readProblem(res *http.Response) error {
	b, err := readAnswer(res.Body, maxAnswer)
	if err != nil {
		return fmt.Errorf("the service answered %d: %w", res.StatusCode, err)
	}
	p := &Problem{}
	_ = json.Unmarshal(b, p) // what is no problem document has no words for us
	if p.Status = res.StatusCode; p.Status/100 == 3 {
		p.Detail = "it points to another address, which is not followed"
	}
	return p
}

// readAnswer reads an answer of at most so many bytes to its end.
func readAnswer(r io.Reader, most int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(b)) > most {
		err = fmt.Errorf("the answer is larger than %d bytes", most)
	}
	return b, err
}

// Ready asks whether the service takes calls: GET /readyz. It is nil if so.
func (c *Client) Ready(ctx context.Context) error {
	_, err := ask[json.RawMessage](ctx, c, request{method: "GET", path: "/readyz"})
	return err
}
