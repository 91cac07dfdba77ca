package tools

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// mcpStreamWait is how long a server may take to begin the stream of its notifications. The SDK waits for it without a
// bound before the first call; one that does not begin is taken for one that is not offered.
const mcpStreamWait = 5 * time.Second

var errNoStream = errors.New("no stream of notifications")

// mcpHTTP carries a link over streamable HTTP. It is the http.RoundTripper of the SDK's client: it adds the headers, ends
// all requests with the link and bounds what comes back.
type mcpHTTP struct {
	link    *mcpLink
	url     string
	header  http.Header
	network *http.Transport
	ctx     context.Context // of all requests; it outlasts the link's, for the goodbye
	cancel  context.CancelFunc
}

func newMCPHTTP(m *MCP, link *mcpLink) *mcpHTTP {
	network := newTransport(nil)
	network.Proxy = http.ProxyFromEnvironment
	h := &mcpHTTP{link: link, url: m.url.String(), header: m.header, network: network}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	return h
}

// transport implements mcpWire.
func (h *mcpHTTP) transport() mcp.Transport {
	return &mcp.StreamableClientTransport{
		Endpoint:     h.url,
		HTTPClient:   &http.Client{Transport: h, CheckRedirect: stayHome},
		MaxEventSize: mcpMaxMessage,
	}
}

// stayHome follows redirects within the configured host alone: the requests carry its secrets, and callers' words.
func stayHome(r *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return fmt.Errorf("%w: more than %d in a row", errRedirect, maxRedirects)
	}
	if home := via[0].URL; r.URL.Scheme != home.Scheme || r.URL.Host != home.Host {
		return fmt.Errorf("%w: it leads to another host", errRedirect)
	}
	r.Header.Del("Referer") // the last URL, query and all
	return nil
}

// RoundTrip implements http.RoundTripper.
func (h *mcpHTTP) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := h.link.meter.take(0, 1); err != nil { // streams that end at once are asked for again by the SDK
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(r.Context())
	release := context.AfterFunc(h.ctx, func() { cancel(nil) })
	over := func() { release(); cancel(nil) }
	request := r.Clone(ctx)
	for name, values := range h.header {
		request.Header[name] = values
	}
	late := func() bool { return true }
	if r.Method == http.MethodGet {
		late = time.AfterFunc(mcpStreamWait, func() { cancel(errNoStream) }).Stop
	}
	response, err := h.network.RoundTrip(request)
	if !late() && errors.Is(context.Cause(ctx), errNoStream) {
		if err == nil {
			response.Body.Close()
		}
		over()
		return noStream(r), nil
	}
	if err != nil {
		over()
		return nil, err
	}
	if r.Method == http.MethodPost {
		h.link.status.Store(int32(response.StatusCode))
	}
	left := mcpMaxMessage
	if strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream") {
		left = -1 // the SDK bounds each event
	}
	body := &metered{ReadCloser: response.Body, meter: h.link.meter, left: left}
	if r.Method == http.MethodGet { // a stream of notifications that ends may be the first sign of the server's end
		body.ended = func(error) { poke(h.link.doubt) }
	}
	response.Body = released{body, over}
	return response, nil
}

// noStream is the answer of a server that offers no stream of notifications.
func noStream(r *http.Request) *http.Response {
	return &http.Response{
		Status: "405 Method Not Allowed", StatusCode: http.StatusMethodNotAllowed,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Body: http.NoBody, Request: r,
	}
}

// released is a body that gives its context back when it is closed.
type released struct {
	io.ReadCloser
	over func()
}

func (b released) Close() error {
	defer b.over()
	return b.ReadCloser.Close()
}

// cut implements mcpWire.
func (h *mcpHTTP) cut() { h.cancel() }

// close implements mcpWire.
func (h *mcpHTTP) close() {
	h.cancel()
	h.network.CloseIdleConnections()
}

// epitaph implements mcpWire.
func (h *mcpHTTP) epitaph() error { return nil }
