package tools

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// mcpGoodbye is how long a session may take to close by itself.
const mcpGoodbye = 2 * time.Second

// mcpLink is one connection to a server, from its start to its end.
type mcpLink struct {
	session *mcp.ClientSession
	wire    mcpWire
	meter   *meter
	status  atomic.Int32    // of the last answer to a message; zero for a command
	ctx     context.Context // ends with the link; its cause says why
	cancel  context.CancelCauseFunc

	changed chan struct{} // the server says that its list changed
	doubt   chan struct{} // a call failed in a way that may be the server's end
	ended   chan struct{} // closed when the session is over
	err     error         // of the session, once ended is closed
}

// mcpWire is what carries a link: a process, or an HTTP client.
type mcpWire interface {
	transport() mcp.Transport
	cut()           // breaks the connection now, whoever is reading or writing
	close()         // gives everything back; nothing is left when it returns
	epitaph() error // why the wire itself ended, nil if it tells nothing
}

// poke leaves a message that one reader will find, whatever came before it.
func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// connect starts or dials the server, shakes hands and reads its list of tools.
func (m *MCP) connect(ctx context.Context) (*mcpLink, []*mcp.Tool, error) {
	link := &mcpLink{meter: newMeter(), changed: make(chan struct{}, 1), doubt: make(chan struct{}, 1), ended: make(chan struct{})}
	link.ctx, link.cancel = context.WithCancelCause(context.Background())
	var err error
	if m.url != nil {
		link.wire = newMCPHTTP(m, link)
	} else if link.wire, err = startProcess(m, link); err != nil {
		link.cancel(err)
		return nil, nil, err
	}
	client := mcp.NewClient(&mcp.Implementation{Name: "patchcord", Version: "1"}, &mcp.ClientOptions{
		Capabilities:           &mcp.ClientCapabilities{}, // it may ask nothing of us
		MultiRoundTrip:         &mcp.MultiRoundTripOptions{Disabled: true},
		ToolListChangedHandler: func(context.Context, *mcp.ToolListChangedRequest) { poke(link.changed) },
	})
	client.AddReceivingMiddleware(heeded)
	client.AddSendingMiddleware(unkept)

	begin, cancel := context.WithTimeoutCause(ctx, m.config.Start, errMCPSilent)
	defer cancel()
	stop := context.AfterFunc(begin, link.wire.cut) // the SDK does not bound all of its waiting by its context
	defer stop()
	link.session, err = client.Connect(begin, link.wire.transport(), nil)
	if err != nil {
		if begin.Err() != nil {
			err = context.Cause(begin)
		}
		err = link.reason(err)
		link.cancel(err)
		link.wire.close()
		return nil, nil, err
	}
	go func() {
		link.err = link.session.Wait()
		close(link.ended)
	}()
	list, err := link.list(begin, m.config.Start)
	if err != nil {
		if begin.Err() != nil {
			err = context.Cause(begin)
		}
		err = link.reason(err)
		link.close(err)
		return nil, nil, err
	}
	return link, list, nil
}

// close ends the calls in flight, says goodbye and leaves nothing behind.
func (l *mcpLink) close(cause error) {
	l.cancel(cause)
	closed := make(chan struct{})
	go func() {
		_ = l.session.Close() // what it may complain about is over
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(mcpGoodbye):
		l.wire.cut()
	}
	l.wire.close()
	<-closed
	<-l.ended
}

// reason turns what the SDK says into a text for the log. Its errors quote what the server sent, so none is passed on.
func (l *mcpLink) reason(err error) error {
	answer, answered := mcpAnswer(err)
	outer, onNetwork := errors.AsType[*url.Error](err)
	switch epitaph := l.wire.epitaph(); {
	case errors.Is(err, errMCPSilent), errors.Is(err, errMCPClosed), errors.Is(err, errMCPList):
		return err
	case l.meter.flooded.Load():
		return errFlood
	case epitaph != nil:
		return epitaph
	case answered:
		return fmt.Errorf("it returned error %d", answer.Code)
	case onNetwork:
		return describe(outer)
	case errors.Is(err, context.DeadlineExceeded):
		return errMCPSilent
	case errors.Is(err, mcp.ErrSessionMissing):
		return errors.New("it no longer knows the session")
	case l.status.Load() > 299:
		return fmt.Errorf("it returned status %d %s", l.status.Load(), http.StatusText(int(l.status.Load())))
	case err == nil, errors.Is(err, mcp.ErrConnectionClosed), errors.Is(err, io.EOF):
		return errors.New("the connection was closed by the server, or because it sent invalid MCP")
	default:
		return fmt.Errorf("it did not return a usable answer (%T)", err)
	}
}

// mcpAnswer finds the error that a server answered with. The SDK has codes of its own for requests that never got an
// answer: -32003 and -32004 for a connection that ends, -32005 for one that was not to be had.
func mcpAnswer(err error) (*jsonrpc.Error, bool) {
	answer, ok := errors.AsType[*jsonrpc.Error](err)
	return answer, ok && (answer.Code < -32005 || answer.Code > -32003)
}
