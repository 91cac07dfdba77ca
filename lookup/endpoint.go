package lookup

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/patchcord/patchcord/internal/loopback"
	"github.com/patchcord/patchcord/phone"
)

// Endpoint is where something about a number is asked.
//
// A URL with {number} in it is asked with GET; {number} is the number in E.164, {date}
// and {yyyymmdd} the day of the consent, {state} the state whose list is asked. Any other
// URL gets a POST with a JSON object: lookup, number, seller, date, state. Redirects are
// not followed.
type Endpoint struct {
	URL     string
	Headers map[string]string // go to the URL's host alone
}

// Bounds of a look-up.
const (
	maxAnswer  = 64 << 10        // bytes
	askWait    = 3 * time.Second // for all that is asked before one decision
	recordWait = time.Second     // for the ledger
	maxAsked   = 32              // requests at once; others wait their turn
)

// Check tells what is wrong with an endpoint. The error does not quote the URL.
func (e Endpoint) Check() error {
	u, err := url.Parse(e.fill(question{}, phone.Number{}))
	switch {
	case e.URL == "":
		return errors.New("required")
	case err != nil:
		return errors.New("not a URL")
	case u.Hostname() == "":
		return errors.New("no host")
	case u.Scheme != "https" && (u.Scheme != "http" || !loopback.Is(u.Hostname())):
		return errors.New("want https; http is for a host on loopback")
	case strings.ContainsAny(e.fill(question{}, phone.Number{}), "{}"):
		return errors.New("want no placeholders but {number}, {date}, {yyyymmdd} and {state}")
	case u.User != nil:
		return errors.New("must not contain a user or password; use headers: {Authorization: \"Basic ${NAME}\"}")
	}
	return nil
}

// Host is the host that is asked, for the source of a fact.
func (e Endpoint) Host() string {
	u, err := url.Parse(e.fill(question{}, phone.Number{}))
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// fill puts what is asked into the URL.
func (e Endpoint) fill(q question, n phone.Number) string {
	return strings.NewReplacer("{number}", url.QueryEscape(n.E164()), "{date}", q.date, "{yyyymmdd}",
		strings.ReplaceAll(q.date, "-", ""),
		"{state}", url.QueryEscape(q.state)).Replace(e.URL)
}

// ask sends a question and returns the body of the answer. No error holds the URL or
// the number.
func (e Endpoint) ask(ctx context.Context, c *http.Client, q question, n phone.Number, seller string) ([]byte, error) {
	method, body := http.MethodGet, []byte(nil)
	if !strings.Contains(e.URL, "{number}") {
		method = http.MethodPost
		// of texts: it can't fail
		body, _ = json.Marshal(map[string]string{"lookup": string(q.kind), "number": n.E164(), "seller": seller,
			"date": q.date, "state": q.state})
	}
	r, err := http.NewRequestWithContext(ctx, method, e.fill(q, n), bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("can't send the request")
	}
	r.Header.Set("Accept", "application/json")
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, v := range e.Headers {
		r.Header.Set(name, v)
	}
	res, err := c.Do(r)
	var transfer *url.Error
	switch {
	case errors.As(err, &transfer):
		return nil, transfer.Err // without the URL, which names a person
	case err != nil:
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the status is %d", res.StatusCode)
	}
	b, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the answer: %w", err)
	case len(b) > maxAnswer:
		return nil, fmt.Errorf("the answer is longer than %d bytes", maxAnswer)
	}
	return b, nil
}
