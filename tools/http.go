package tools

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// HTTPConfig describes a tool that is an address.
type HTTPConfig struct {
	Description string
	Parameters  json.RawMessage // JSON Schema of the arguments. Defaults to an object of anything

	URL         string            // http or https; without user and password, which belong into Headers
	Method      string            // GET, POST, PUT, PATCH or DELETE. Defaults to POST
	Headers     map[string]string // sent to URL's host alone, not after a redirect away; nothing in them is expanded
	Timeout     time.Duration     // of the whole call, with redirects and the retry, at most 5 minutes. Defaults to 8 s
	MaxResponse int               // bytes of answer read before it is an error, at most MaxResult. Defaults to MaxResult

	AllowPrivateRedirects bool   // follow redirects into private networks too; otherwise they are errors
	Idempotent            bool   // may be asked twice for one call: once more after a lost connection or a 5xx
	SigningKey            []byte // 24 to 64 bytes; signs by the Standard Webhooks specification. Not with GET
}

// HTTP makes a tool from an address. Every fault of the configuration is in the error, with the tool's and the field's name.
//
// The arguments are sent as a JSON body, or with GET as the query: a string as it is, anything else as its JSON text.
// The call's Key goes along as the header Idempotency-Key. The body of a 2xx answer is the result; any other status is
// an error that tells the agent the tool's Failure and the log the number. No error text holds the URL, the value of a
// header, the arguments or the answer.
//
// The tool keeps connections open between calls. [Registry.Close] closes them.
func HTTP(name string, c HTTPConfig, opts ...Option) (Tool, error) {
	h, problems := newHTTPTool(c)
	t, err := newTool(name, c.Description, c.Parameters, h.call, append([]Option{Timeout(c.Timeout)}, opts...))
	for i, problem := range problems {
		problems[i] = fmt.Errorf("tools: %s: %w", name, problem)
	}
	if err := errors.Join(append(problems, err)...); err != nil {
		return Tool{}, err
	}
	t.close = h.client.CloseIdleConnections
	return t, nil
}

// httpTool is the checked form of an HTTPConfig.
type httpTool struct {
	url         *url.URL
	method      string
	header      http.Header
	maxResponse int
	idempotent  bool
	signingKey  []byte
	client      *http.Client
}

var methods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// newHTTPTool checks c field by field.
func newHTTPTool(c HTTPConfig) (*httpTool, []error) {
	h := &httpTool{
		method:      c.Method,
		maxResponse: c.MaxResponse,
		idempotent:  c.Idempotent,
		signingKey:  slices.Clone(c.SigningKey),
		client:      newClient(c.AllowPrivateRedirects),
	}
	var problems []error
	bad := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }

	var err error
	switch h.url, err = url.Parse(c.URL); {
	case err != nil: // its text would quote the URL, which may hold a key
		bad("url: not a URL")
	case h.url.Scheme != "http" && h.url.Scheme != "https":
		bad("url: scheme %q is neither http nor https", h.url.Scheme)
	case h.url.Hostname() == "":
		bad("url: has no host")
	case h.url.User != nil:
		bad("url: must not hold a user or password; use an Authorization header")
	}
	if h.method == "" {
		h.method = http.MethodPost
	}
	if !slices.Contains(methods, h.method) {
		bad("method: %q is not one of %s", h.method, strings.Join(methods, ", "))
	}
	if h.maxResponse == 0 {
		h.maxResponse = MaxResult
	}
	if h.maxResponse < 0 || h.maxResponse > MaxResult {
		bad("max response: %d is not between 1 and %d bytes", c.MaxResponse, MaxResult)
	}
	if n := len(c.SigningKey); n != 0 && (n < minSigningKey || n > maxSigningKey) {
		bad("signing key: %d bytes is not between %d and %d", n, minSigningKey, maxSigningKey)
	}
	if len(c.SigningKey) > 0 && h.method == http.MethodGet {
		bad("signing key: GET requests have no body to sign")
	}
	h.header, err = checkHeaders(c.Headers)
	if err != nil {
		problems = append(problems, err)
	}
	return h, problems
}

var (
	headerName = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$") // a token of RFC 9110, 5.6.2
	ownHeaders = []string{
		"Host", "Content-Length", "Transfer-Encoding", "Connection",
		keyHeader, idHeader, timestampHeader, signatureHeader,
		"X-Idempotency-Key", // at which net/http repeats a request by itself
	}
)

// checkHeaders refuses what net/http would refuse at the first call, and what the tool sets itself. It names headers,
// never values.
func checkHeaders(headers map[string]string) (http.Header, error) {
	checked := http.Header{"User-Agent": {"patchcord (+https://github.com/patchcord/patchcord)"}}
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		switch value := headers[name]; {
		case !headerName.MatchString(name):
			return nil, fmt.Errorf("headers: %q is not a header name", name)
		case slices.Contains(ownHeaders, http.CanonicalHeaderKey(name)):
			return nil, fmt.Errorf("headers: %s cannot be set", name)
		case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }):
			return nil, fmt.Errorf("headers: the value of %s contains a control character", name)
		default:
			checked.Set(name, value)
		}
	}
	return checked, nil
}

// call asks the address, and once more if that may help and does no harm.
func (h *httpTool) call(ctx context.Context, c Call) (string, error) {
	text, again, err := h.ask(ctx, c)
	if err == nil || !again || !h.idempotent {
		return text, err
	}
	select {
	case <-time.After(retryPause):
	case <-ctx.Done():
		return "", err
	}
	text, _, err = h.ask(ctx, c)
	return text, err
}
