package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/server"
)

// api talks to a running service.
type api struct {
	base, token string
	via         consent.Via // what it says of its requests: a command, or an import
}

// apiFlags say where the service is. Defaults come from its own settings, so
// that a command beside the service needs none.
type apiFlags struct {
	URL  string `help:"Address of the service. Defaults to BRIDGE_LISTEN on this machine." placeholder:"URL"`
	JSON bool   `help:"Print one JSON object a line."`
}

func (f *apiFlags) open() (*api, error) {
	c, err := config.LoadEnvironment()
	if err != nil {
		return nil, err
	}
	if c.APIToken == "" {
		return nil, &config.Error{Problems: []error{errors.New("BRIDGE_API_TOKEN: required to call the service")}}
	}
	base, err := c.ServiceAddress(strings.TrimRight(f.URL, "/"))
	if err != nil {
		return nil, &config.Error{Problems: []error{err}}
	}
	return &api{base, c.APIToken, consent.ViaCLI}, nil
}

// apiClient follows no redirect: a token goes to the address that was given and to no other.
var apiClient = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// answerBound is the largest answer that is read, in bytes.
const answerBound = 64 << 20

// apiError is an answer of the service that is none of 2xx.
type apiError struct {
	Status   int                 `json:"status"`
	Title    string              `json:"title"`
	Detail   string              `json:"detail"`
	Errors   []server.FieldError `json:"errors"`
	Decision *consent.Decision   `json:"decision"`
}

func (e *apiError) Error() string { return strings.Join(e.Lines(), "\n") }

// Lines are the wrong fields, one each.
func (e *apiError) Lines() []string {
	if len(e.Errors) == 0 {
		return []string{fmt.Sprintf("the service answered %d: %s", e.Status, strings.Trim(e.Title+": "+e.Detail, ": "))}
	}
	list := []string{fmt.Sprintf("the service answered %d: %d problem(s)", e.Status, len(e.Errors))}
	for _, f := range e.Errors {
		list = append(list, "  "+f.Field+": "+f.Detail)
	}
	return list
}

// askWait is how long an answer may take.
const askWait = 30 * time.Second

// ask sends a request and reads the answer into out. A problem document becomes
// the error, an *apiError.
func (a *api) ask(ctx context.Context, method, path string, in, out any) error {
	return a.askWith(ctx, method, path, nil, in, out)
}

// askWith is ask with more headers.
func (a *api) askWith(ctx context.Context, method, path string, header http.Header, in, out any) error {
	return a.askFor(ctx, askWait, method, path, header, in, out)
}

// askFor is askWith with another patience.
func (a *api) askFor(ctx context.Context, patience time.Duration, method, path string, header http.Header, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	res, err := a.send(ctx, method, path, header, body)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, answerBound))
	if err != nil {
		return fmt.Errorf("call the service: %w", err)
	}
	return json.Unmarshal(b, out)
}

// send sends a request; the caller closes the body of the answer, which is one of
// 2xx. It is bounded by ctx alone.
func (a *api) send(ctx context.Context, method, path string, header http.Header, body []byte) (*http.Response, error) {
	r, err := http.NewRequestWithContext(ctx, method, a.base+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	maps.Copy(r.Header, header)
	r.Header.Set("Authorization", "Bearer "+a.token)
	r.Header.Set(server.ViaHeader, string(a.via))
	if len(body) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	res, err := apiClient.Do(r)
	if err != nil {
		return nil, &unreachableError{a.base, err}
	}
	if res.StatusCode/100 == 2 {
		return res, nil
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, answerBound))
	if err != nil {
		return nil, fmt.Errorf("call the service: %w", err)
	}
	p := &apiError{}
	_ = json.Unmarshal(b, p) // what is no problem document has no words for us
	p.Status = res.StatusCode
	if p.Status/100 == 3 {
		p.Detail = "the service redirected to another address, which is not followed; set the right one with --url"
	}
	return nil, p
}

// unreachableError is a service that gave no answer.
type unreachableError struct {
	base string
	err  error
}

func (e *unreachableError) Error() string {
	cause := e.err
	if inner := errors.Unwrap(cause); inner != nil { // without the URL, which may name a person
		cause = inner
	}
	return fmt.Sprintf("call the service at %s: %v; is it running?", e.base, cause)
}

func (e *unreachableError) Unwrap() error { return e.err }
