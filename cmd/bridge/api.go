package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// api talks to a running service.
type api struct {
	base, token string
}

// apiFlags say where the service is. Defaults come from its own settings, so
// that a command beside the service needs none.
type apiFlags struct {
	URL  string `help:"Address of the service. Defaults to BRIDGE_LISTEN on this machine." placeholder:"URL"`
	JSON bool   `help:"Print one JSON object a line."`
}

func (f *apiFlags) open() (*api, error) {
	c, err := loadEnvironment()
	if err != nil {
		return nil, err
	}
	if c.APIToken == "" {
		return nil, &configError{[]error{errors.New("BRIDGE_API_TOKEN: it is needed to ask the service")}}
	}
	base := strings.TrimRight(f.URL, "/")
	if base == "" {
		host, port, err := net.SplitHostPort(c.Listen)
		if err != nil {
			return nil, &configError{[]error{errors.New("BRIDGE_LISTEN: want host:port or :port")}}
		}
		if host == "" || net.ParseIP(host).IsUnspecified() {
			host = "127.0.0.1"
		}
		base = "http://" + net.JoinHostPort(host, port)
	}
	return &api{base, c.APIToken}, nil
}

// answerBound is the largest answer that is read, in bytes.
const answerBound = 64 << 20

// ask sends a request and reads the answer into out. A problem document becomes
// the error.
func (a *api) ask(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, a.base+path, body)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+a.token)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("ask the service at %s: %w; is it running?", a.base, errors.Unwrap(err))
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, answerBound))
	if err != nil {
		return fmt.Errorf("ask the service: %w", err)
	}
	if res.StatusCode/100 != 2 {
		var p struct{ Title, Detail string }
		_ = json.Unmarshal(b, &p) // what is no problem document has no words for us
		return fmt.Errorf("the service answered %d: %s", res.StatusCode, strings.Trim(p.Title+": "+p.Detail, ": "))
	}
	return json.Unmarshal(b, out)
}
