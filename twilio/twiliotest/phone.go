package twiliotest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"
)

// Phone is a telephone line of a Twilio account, and whoever holds the receiver. Set
// its fields before the first call and don't copy it. Calls may be made side by side.
type Phone struct {
	// Bridge is where the product is reached on this machine, such as
	// http://127.0.0.1:8080.
	Bridge string

	// Public is what the product calls itself (PUBLIC_URL), and what is signed.
	// Requests for it go to Bridge. Defaults to Bridge.
	Public string

	// AuthToken signs the requests; it must not be empty.
	AuthToken string

	// AccountSID defaults to one made up.
	AccountSID string

	// VoiceURL and StatusCallback are the webhooks that the number dialled has at
	// Twilio: who answers, and who is told that a call is over. VoiceURL defaults to
	// Public + "/twilio/voice", StatusCallback to none.
	VoiceURL, StatusCallback string

	// Attestation is how far the carrier vouches for the number of calls that come in,
	// such as TN-Validation-Passed-A (StirVerstat). Without it Twilio says nothing.
	Attestation string

	// DialEnds is how a <Dial> ends (DialCallStatus). Defaults to "completed".
	DialEnds string

	// Dials is how the first <Dial>s of each new call go, for calls whose first TwiML may
	// come to one before [Call.Dials] could say so.
	Dials []DialEnd

	// Timeout bounds a webhook and the opening of a socket. Defaults to 15 s, as
	// Twilio's does.
	Timeout time.Duration

	// DialContext makes connections, such as over a pipe in a synctest bubble. Defaults
	// to that of a net.Dialer.
	DialContext func(ctx context.Context, network, address string) (net.Conn, error)

	mu    sync.Mutex
	calls map[string]*Call // by SID
}

// Dial calls from one number to another: it asks the voice webhook, and from there on
// the call lives by itself, in goroutines that end before [Call.Done] is closed. The end
// of ctx cuts the line, at any time. The error is a [*WebhookError] if the answer was not
// 200.
func (p *Phone) Dial(ctx context.Context, from, to string) (*Call, error) {
	if p.AuthToken == "" || p.Bridge == "" {
		return nil, errors.New("twiliotest: dial: the Phone needs a Bridge and an AuthToken")
	}
	c := newCall(ctx, p, from, to)
	voice := p.VoiceURL
	if voice == "" {
		voice = p.public() + "/twilio/voice"
	}
	doc, err := p.fetch(c.ctx, voice, c.form())
	if err != nil {
		c.cancel()
		return nil, fmt.Errorf("twiliotest: dial: %w", err)
	}
	p.add(c)
	go c.run(doc)
	return c, nil
}

// add makes a call known.
func (p *Phone) add(c *Call) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.calls == nil {
		p.calls = map[string]*Call{}
	}
	p.calls[c.SID] = c
}

// call finds a call by its SID; nil if there is none.
func (p *Phone) call(sid string) *Call {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls[sid]
}

func (p *Phone) public() string {
	if p.Public == "" {
		return strings.TrimRight(p.Bridge, "/")
	}
	return strings.TrimRight(p.Public, "/")
}

func (p *Phone) account() string {
	if p.AccountSID == "" {
		return "AC" + strings.Repeat("0", 31) + "1"
	}
	return p.AccountSID
}

func (p *Phone) timeout() time.Duration {
	if p.Timeout == 0 {
		return 15 * time.Second
	}
	return p.Timeout
}

func (p *Phone) dialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if p.DialContext != nil {
		return p.DialContext(ctx, network, address)
	}
	return new(net.Dialer).DialContext(ctx, network, address)
}

// sid makes up an identifier: a prefix and 32 hex digits.
func sid(prefix string) string {
	var b [16]byte
	rand.Read(b[:])
	return prefix + hex.EncodeToString(b[:])
}
