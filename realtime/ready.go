package realtime

import (
	"bytes"
	"context"
	"fmt"
	"time"
)

// maxEarly events are kept that come before the session is ready.
const maxEarly = 32

// refusalWait is how long a close frame is waited for after an error. Servers that
// refuse a session say why in both, and the close says that it is final.
const refusalWait = 250 * time.Millisecond

// open waits for session.created, sends the first settings, and waits until the server
// has taken them.
func (s *Session) open(ctx context.Context, first Config, timeout time.Duration) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	deadline := time.AfterFunc(timeout, func() {
		cancel(fmt.Errorf("the session is not ready within %v: %w", timeout, context.DeadlineExceeded))
	})
	defer deadline.Stop()

	var early []Event
	created, err := await[SessionCreated](ctx, s, &early)
	if err != nil {
		return fmt.Errorf("session.created: %w", err)
	}
	if err := s.SendAs("evt_open", SessionUpdate{Session: first}); err != nil {
		return err
	}
	updated, err := await[SessionUpdated](ctx, s, &early)
	if err != nil {
		return fmt.Errorf("session.updated: %w", err)
	}
	s.info = updated.Session
	fill(&s.info.ID, created.Session.ID)
	fill(&s.info.Model, created.Session.Model)
	fill(&s.info.ExpiresAt, created.Session.ExpiresAt)
	if err := s.confirm(first.Audio); err != nil {
		return err
	}
	return s.conn.Opened(ctx, early)
}

// await receives until an event of type E, and keeps what comes before it. An error ends
// it, because nothing but the handshake can have caused it.
func await[E Event](ctx context.Context, s *Session, early *[]Event) (E, error) {
	var none E
	for len(*early) <= maxEarly {
		e, err := s.conn.Receive(ctx)
		if err != nil {
			return none, err
		}
		switch e := e.(type) {
		case E:
			return e, nil
		case *Error:
			return none, s.refusal(e)
		case *AudioDelta:
			kept := *e
			kept.Audio = bytes.Clone(e.Audio)
			*early = append(*early, &kept)
		default:
			*early = append(*early, e)
		}
	}
	return none, fmt.Errorf("more than %d other events", maxEarly)
}

// refusal is the close that follows an error, or else the error.
func (s *Session) refusal(e *Error) error {
	s.decoder.cause = e
	s.conn.EndReading(&RefusedError{Cause: e}, time.Now().Add(refusalWait))
	for {
		if _, err := s.conn.Receive(context.Background()); err != nil {
			return err
		}
	}
}

// confirm compares the formats with those that were asked for. A server that doesn't
// name them is taken to have agreed only if its dialect is known for that.
func (s *Session) confirm(want Audio) error {
	for _, f := range []struct {
		direction string
		want      AudioFormat
		got       *AudioFormat
	}{
		{"input", want.Input.Format, &s.info.Audio.Input.Format},
		{"output", want.Output.Format, &s.info.Audio.Output.Format},
	} {
		if *f.got == (AudioFormat{}) && s.dialect.Traits().PartialEcho {
			*f.got = f.want
		}
		if f.got.Type == TypePCM && f.got.Rate == 0 { // the only rate that needs no saying
			f.got.Rate = 24000
		}
		if *f.got != f.want {
			return &FormatError{Direction: f.direction, Want: f.want, Got: *f.got}
		}
	}
	return nil
}
