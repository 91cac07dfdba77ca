package call

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/patchcord/patchcord/agent"
)

// Puppet is an agent that does what a test tells it to. It is for virtual time:
// what an agent's wire does is tested over the wire.
type Puppet struct {
	Session agent.Session
	Events  chan agent.Event // what it does; nothing may be sent after Leave

	chat agent.Chat
	gone chan struct{} // closed by Leave
	why  error         // what Receive returns then

	mu         sync.Mutex
	said, told []string
	heard      []byte
	answers    []agent.ToolAnswer
	interrupts [][]agent.Heard
	knows      []string
	remembers  []agent.Memory
	untouched  bool  // nothing had come before it was to remember
	deaf       error // what every send returns

	close  sync.Once
	closed chan struct{}
}

// NewPuppet makes the nth agent of a call.
func NewPuppet(n int, s agent.Session) *Puppet {
	p := &Puppet{Session: s, Events: make(chan agent.Event, 1024), gone: make(chan struct{}), closed: make(chan struct{}),
		chat: agent.Chat{ID: fmt.Sprintf("chat-%d", n), Group: s.Resume, Voice: "evi", Resumed: s.Resume != ""}}
	if s.Resume == "" {
		p.chat.Group = fmt.Sprintf("group-%d", n)
	}
	return p
}

func (p *Puppet) Chat() agent.Chat { return p.chat }

// Receive returns the next event, and when there is none left, why the agent
// has gone.
func (p *Puppet) Receive(ctx context.Context) (agent.Event, error) {
	select {
	case ev := <-p.Events:
		return ev, nil
	default:
	}
	select {
	case ev := <-p.Events:
		return ev, nil
	case <-p.gone:
		return nil, p.why
	case <-ctx.Done():
		return nil, &agent.LostError{Op: "receive", Err: context.Cause(ctx)}
	}
}

// Leave ends the conversation from the agent's side.
func (p *Puppet) Leave(why error) {
	p.why = why
	close(p.gone)
}

// Deafen makes every send fail.
func (p *Puppet) Deafen() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.deaf = errors.New("the agent takes nothing more")
}

func (p *Puppet) note(f func()) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.deaf == nil {
		f()
	}
	return p.deaf
}

func (p *Puppet) SendAudio(ulaw []byte) error {
	return p.note(func() { p.heard = append(p.heard, ulaw...) })
}

func (p *Puppet) Say(text string) error {
	return p.note(func() { p.said = append(p.said, text) })
}

func (p *Puppet) SendTurn(text string) error {
	return p.note(func() { p.told = append(p.told, text) })
}

func (p *Puppet) SendContext(text string) error {
	return p.note(func() { p.knows = append(p.knows, text) })
}

func (p *Puppet) Remember(m agent.Memory) error {
	return p.note(func() {
		p.untouched = len(p.remembers)+len(p.heard)+len(p.said)+len(p.told)+len(p.knows)+len(p.answers)+len(p.interrupts) == 0
		p.remembers = append(p.remembers, m)
	})
}

func (p *Puppet) AnswerTool(a agent.ToolAnswer) error {
	return p.note(func() { p.answers = append(p.answers, a) })
}

func (p *Puppet) Interrupt(heard []agent.Heard) error {
	return p.note(func() { p.interrupts = append(p.interrupts, heard) })
}

func (p *Puppet) Close() error {
	p.close.Do(func() { close(p.closed) })
	return nil
}

// Closed is closed when the call has let the agent go.
func (p *Puppet) Closed() <-chan struct{} { return p.closed }

// Said is what the agent was asked to say, in order.
func (p *Puppet) Said() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.said)
}

// Told is what came in the place of the caller's words.
func (p *Puppet) Told() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.told)
}

// Heard is the caller's sound that reached the agent.
func (p *Puppet) Heard() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return bytes.Clone(p.heard)
}

// Answers is what came back of tools.
func (p *Puppet) Answers() []agent.ToolAnswer {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.answers)
}

// Interrupts is how often it was told that its reply is cut.
func (p *Puppet) Interrupts() int { return len(p.Cuts()) }

// Cuts is how far it was heard each time.
func (p *Puppet) Cuts() [][]agent.Heard {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.interrupts)
}

// Knows is what it was given as silent context.
func (p *Puppet) Knows() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.knows)
}

// Remembers is what it was given of the call so far, each time, and whether that came ahead
// of all else.
func (p *Puppet) Remembers() (all []agent.Memory, first bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.remembers), p.untouched
}

// Puppets is a dialer. Each dial is answered by the next of what the test sends
// to Answers, a *Puppet made by NewPuppet aside: nil stands for a new one, an
// error for a refusal, a duration for a wait before the one after it.
type Puppets struct {
	Answers  chan any
	Dialled  chan *Puppet  // each that was given to a call
	Lifetime time.Duration // of each; 0 for ever
	Forgets  bool          // none of them can resume a conversation
	Deaf     int           // so many of the next take nothing at all
	Now      func() time.Time
	Refuses  func(agent.Session) error // what Check returns; nil for nothing

	mu       sync.Mutex
	sessions []agent.Session
}

// NewPuppets makes a dialer that answers nothing until it is told.
func NewPuppets() *Puppets {
	return &Puppets{Answers: make(chan any, 64), Dialled: make(chan *Puppet, 64), Now: time.Now}
}

// Check refuses what the test says.
func (d *Puppets) Check(s agent.Session) error {
	if d.Refuses == nil {
		return nil
	}
	return d.Refuses(s)
}

func (d *Puppets) Dial(ctx context.Context, s agent.Session) (agent.Agent, error) {
	d.mu.Lock()
	d.sessions = append(d.sessions, s)
	n := len(d.sessions)
	d.mu.Unlock()
	for {
		select {
		case answer := <-d.Answers:
			switch answer := answer.(type) {
			case error:
				return nil, answer
			case time.Duration:
				select {
				case <-time.After(answer):
				case <-ctx.Done():
					return nil, &agent.LostError{Op: "dial", Err: context.Cause(ctx)}
				}
			default:
				p := NewPuppet(n, s)
				if d.Forgets {
					p.chat.Group, p.chat.Resumed = "", false
				}
				if d.Deaf > 0 {
					d.Deaf--
					p.Deafen()
				}
				if d.Lifetime > 0 {
					p.chat.Expires = d.Now().Add(d.Lifetime)
				}
				d.Dialled <- p
				return p, nil
			}
		case <-ctx.Done():
			return nil, &agent.LostError{Op: "dial", Err: context.Cause(ctx)}
		}
	}
}

// Sessions is what each dial asked for.
func (d *Puppets) Sessions() []agent.Session {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.sessions)
}
