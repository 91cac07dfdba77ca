package expression

import (
	"errors"
	"slices"
	"sync"
	"time"
)

// silentFor is how long without sound a session is kept: a call that was put through, or
// whose recording is paused, is not paid for.
const silentFor = 20 * time.Second

// maxWindows is how many measurements are kept, the newest: at one in 3 s, more than
// three minutes.
const maxWindows = 64

// measurement streams the caller's sound and reads what comes back.
type measurement struct {
	c    Config
	host host

	session *session  // nil: there is none
	next    time.Time // no session is opened before
	dialing bool
	heard   time.Time // when sound came last
	said    time.Time // when the last of it was read

	waiting []waiting
	windows []measured

	before time.Time // the end of the turn before

	mu     sync.Mutex
	inbox  []news // what the goroutines beside found out
	closed bool
}

// news is a session that is open, has measured, or is over.
type news struct {
	opened *session
	result *message
	of     *session // the session of a result or an end
	err    error
}

func newMeasurement(c Config, h host) *measurement { return &measurement{c: c, host: h} }

func (m *measurement) tell(n news) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		if n.opened != nil {
			n.opened.abort()
		}
		return
	}
	m.inbox = append(m.inbox, n)
	m.host.poke()
}

func (m *measurement) hear(f frame) {
	m.heard, m.said = time.Now(), f.at
	if m.session == nil {
		m.open(f.at)
		return // held sound would come faster than real time, which the service refuses
	}
	if err := m.session.send(f); err != nil {
		m.lose(m.session, err)
	}
}

// open dials in the background, unless it was tried too lately.
func (m *measurement) open(now time.Time) {
	a := m.c.Account
	if m.dialing || now.Before(m.next) || !a.breaker.allow(now) {
		return
	}
	m.dialing, m.next = true, now.Add(a.c.Retry)
	m.host.wg.Go(func() {
		s, err := a.openSession(m.host.ctx)
		a.judge(m.host.ctx, err)
		m.tell(news{opened: s, err: err})
	})
}

// lose ends a session that failed. What it had not measured is lost.
func (m *measurement) lose(s *session, err error) {
	if s != m.session {
		return
	}
	m.session.abort()
	m.session = nil
	if m.host.ctx.Err() == nil {
		m.host.trouble(fault("measurement", err))
	}
}

func (m *measurement) ended(t turn) {
	t.begin = t.end.Add(-length(maxSound)) // only speech is measured: when it was noticed says no more
	if m.before.After(t.begin) {
		t.begin = m.before
	}
	m.before = t.end
	m.waiting = append(m.waiting, waiting{t, t.end.Add(m.c.Wait)})
}

func (m *measurement) reset() {
	if m.session != nil {
		m.session.skip()
	}
	m.before = m.said // no later turn takes anything from before
}

func (m *measurement) tick(now time.Time) time.Time {
	m.mu.Lock()
	inbox := m.inbox
	m.inbox = nil
	m.mu.Unlock()
	for _, n := range inbox {
		m.learn(n)
	}
	m.waiting = slices.DeleteFunc(m.waiting, func(w waiting) bool { return m.settle(w, now) })
	var next time.Time
	if m.session != nil {
		if next = m.heard.Add(silentFor); !now.Before(next) {
			m.session.close()
			m.session, next = nil, time.Time{}
		}
	}
	for _, w := range m.waiting {
		if next.IsZero() || w.until.Before(next) {
			next = w.until
		}
	}
	return next
}

func (m *measurement) learn(n news) {
	switch {
	case n.opened != nil:
		m.dialing, m.session = false, n.opened
		s := n.opened
		m.host.wg.Go(func() { m.read(s) })
	case n.result != nil:
		if n.of == m.session {
			ended := n.result.Trigger == "speech_ended"
			m.windows = append(m.windows, measured{m.session.when(n.result), n.result.scores(), ended})
			m.windows = m.windows[max(0, len(m.windows)-maxWindows):]
		}
	case n.of != nil:
		m.lose(n.of, n.err)
	default:
		m.dialing = false
		if m.host.ctx.Err() == nil {
			m.host.trouble(fault("measurement", n.err))
		}
	}
}

// read reads a session until it is over.
func (m *measurement) read(s *session) {
	for {
		msg, err := s.receive()
		switch {
		case err != nil:
			m.tell(news{of: s, err: err})
			return
		case msg.Type == "error" && msg.code() == "rate_limited":
			s.rejected()
		case msg.Type == "measurement.result":
			m.tell(news{result: msg, of: s})
		case msg.Type == "error" && msg.ends():
			m.tell(news{of: s, err: errors.New("the service reported " + msg.code())})
			return
		case msg.Type == "session.closed":
			m.tell(news{of: s, err: errors.New("the service closed the session")})
			return
		}
	}
}

func (m *measurement) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.closed = true
	for _, n := range m.inbox {
		if n.opened != nil {
			n.opened.abort()
		}
	}
	if m.session != nil {
		m.session.close()
	}
}
