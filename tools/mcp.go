package tools

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

// MCPConfig describes a server that speaks the Model Context Protocol, by its address or as a command. Its tools join a
// registry as Name.TOOL.
type MCPConfig struct {
	Name string // 1 to 32 lower-case letters, digits, - and _; begins with a letter or a digit

	URL     string            // of the streamable HTTP endpoint: http or https, without user and password
	Headers map[string]string // sent with every request to URL's host; a redirect to another host is refused

	Command []string // the program and its arguments, run without a shell; it is spoken to over stdin and stdout
	Env     []string // NAME=value, beside PATH, HOME and LANG of this process; the command sees nothing else of it
	Dir     string   // the command's working folder. Defaults to this process's

	// Prepare is called with the command before each start, and may change how it is started, such as to keep it from what
	// it must not read. An error is one of the start.
	Prepare func(*exec.Cmd) error

	// Explain says why a command never began whose launcher ended with this exit code, by the first 1 KiB of its stderr.
	// Empty: it began, and what it wrote is forgotten, since it may hold what callers said. Optional.
	Explain func(code int, stderr string) string

	// Pins are what its tools were when somebody looked at them, by the server's own names. A tool that is another one by now,
	// or is not among them, is left out. Nil takes whatever the server offers.
	Pins map[string]Pin

	Timeout time.Duration // of one call of a tool, at most 5 minutes. Defaults to 8 s
	Start   time.Duration // from the start of a connection until its tools are listed, at most 5 minutes. Defaults to 30 s
}

// MCP is one server. Make it with [NewMCP] and hand it to [Registry.Join]. One goroutine keeps it connected: a server
// that does not come up, ends, floods us or falls silent is started or dialled again, after 250 ms at first and up to
// 30 s later. Meanwhile its tools answer with an error at once.
type MCP struct {
	config  MCPConfig
	url     *url.URL      // nil for a command
	header  http.Header   // nil for a command
	longest time.Duration // that a call may take
	log     zerolog.Logger

	mu      sync.Mutex // guards what follows
	tools   map[string]mcpTool
	leftOut []LeftOut // of the server's list
	link    *mcpLink  // nil while the server is down
	since   time.Time
	why     error // it is down
	flying  int   // calls in flight

	cancel  context.CancelFunc // ends the goroutine; nil before it has started
	tried   chan struct{}      // closed after the first attempt to connect
	stopped chan struct{}      // closed when the goroutine has ended
}

const (
	defaultMCPStart = 30 * time.Second // a package runner may fetch the server first
	maxMCPFlying    = 32               // calls of one server: half of a registry's MaxTotal, so that none takes all places
)

var mcpName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,31}$`)

// protocolHeaders are set by the protocol itself.
var protocolHeaders = []string{"Accept", "Content-Type", "Last-Event-Id", "Mcp-Session-Id", "Mcp-Protocol-Version"}

// NewMCP checks a configuration, and nothing else: the server is reached once the registry is started. Every fault is in
// the error, with the server's and the field's name; no value of a header or a variable is.
func NewMCP(c MCPConfig) (*MCP, error) {
	m := &MCP{config: c, log: zerolog.Nop(), tried: make(chan struct{}), stopped: make(chan struct{})}
	var problems []error
	bad := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf("tools: mcp %s: %w", c.Name, fmt.Errorf(format, args...)))
	}
	if !mcpName.MatchString(c.Name) {
		bad("name does not match %s", mcpName)
	}
	switch {
	case (c.URL == "") == (len(c.Command) == 0):
		bad("want either a url or a command")
	case c.URL != "":
		m.checkAddress(bad)
	case c.Command[0] == "":
		bad("command: empty")
	}
	if len(c.Command) > 0 && len(c.Headers) > 0 {
		bad("headers: only valid with a url")
	}
	for _, v := range c.Env {
		if name, _, ok := strings.Cut(v, "="); !ok || name == "" {
			bad("env: want NAME=value")
		}
	}
	if err := Timeout(c.Timeout)(&Info{}); err != nil { // the option of every tool knows the bounds
		bad("%w", err)
	}
	m.longest = cmp.Or(c.Timeout, defaultTimeout)
	if c.Start < 0 || c.Start > maxTimeout {
		bad("start %v is not between 0s and %v", c.Start, maxTimeout)
	}
	if c.Start == 0 {
		m.config.Start = defaultMCPStart
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	m.since, m.why = time.Now(), errors.New("not connected yet")
	return m, nil
}

// checkAddress checks what belongs to an address.
func (m *MCP) checkAddress(bad func(string, ...any)) {
	var err error
	switch m.url, err = url.Parse(m.config.URL); {
	case err != nil: // its text would quote the URL, which may hold a key
		bad("url: not a URL")
	case m.url.Scheme != "http" && m.url.Scheme != "https":
		bad("url: scheme %q is neither http nor https", m.url.Scheme)
	case m.url.Hostname() == "":
		bad("url: has no host")
	case m.url.User != nil:
		bad("url: must not hold a user or password; use an Authorization header")
	}
	if len(m.config.Env) > 0 || m.config.Dir != "" {
		bad("env and dir: only valid with a command")
	}
	for name := range m.config.Headers {
		if slices.Contains(protocolHeaders, http.CanonicalHeaderKey(name)) {
			bad("headers: %s cannot be set", name)
		}
	}
	if m.header, err = checkHeaders(m.config.Headers); err != nil {
		bad("%w", err)
	}
}

// start begins to keep the server connected.
func (m *MCP) start(log zerolog.Logger) {
	m.log = log.With().Str("server", m.config.Name).Logger()
	var ctx context.Context
	ctx, m.cancel = context.WithCancel(context.Background())
	go m.run(ctx)
}

// close ends the goroutine, and with it the connection and the process. It takes at most a few seconds.
func (m *MCP) close() {
	if m.cancel == nil {
		return
	}
	m.cancel()
	<-m.stopped
}
