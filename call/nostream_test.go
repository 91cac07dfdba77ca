package call_test

import (
	"testing"
	"time"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/carrier"
)

// announced makes a call that has an agent and no stream, and is called with what the log has of
// it the moment its agent is disconnected.
func (b *bubble) announced(then func(log calllog.Call)) (token string, p *call.Puppet, looked chan struct{}) {
	b.Helper()
	b.agents.Answers <- nil
	token = b.announce(string(lateSID))
	p = <-b.agents.Dialled
	looked = make(chan struct{})
	go func() {
		defer close(looked)
		<-p.Closed()
		head, err := b.shelf.BySID(b.ctx, string(lateSID))
		if err != nil {
			b.Error(err)
		}
		then(head)
	}()
	return token, p, looked
}

const (
	lateSID    carrier.CallID = "CA00000000000000000000000000000009"
	streamless                = 11 * time.Second
)

// Of a stream that never comes the outcome is in the log before the agent is disconnected,
// whoever finds out: the bridge by waiting, or Twilio by telling.
func TestTheOutcomeIsInTheLogBeforeTheAgentGoes(t *testing.T) {
	for name, row := range map[string]struct {
		status carrier.State
		want   string
	}{
		"nobody comes":        {"", calllog.OutcomeFailed},
		"the caller hangs up": {carrier.Completed, calllog.OutcomeCallerHungUp},
		"it is busy":          {carrier.Busy, calllog.OutcomeBusy},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, nil, func(b *bubble) {
				_, _, looked := b.announced(func(log calllog.Call) {
					if log.Outcome != row.want || log.Status != calllog.StatusCompleted || log.EndedAt == nil {
						b.Errorf("the agent goes when the log has %q, %s", log.Outcome, log.Status)
					}
				})
				if row.status != "" {
					b.board.Status("", carrier.Status{Call: lateSID, State: row.status})
				} else {
					b.pass(streamless)
				}
				<-looked
				b.pass(streamless * 6) // the token has expired, too
				if head, err := b.shelf.BySID(b.ctx, string(lateSID)); err != nil || head.Outcome != row.want {
					b.Errorf("in the end the log has %q, %v", head.Outcome, err)
				}
			})
		})
	}
}

// A stream that comes after all takes the call up again.
func TestAStreamThatComesAfterAll(t *testing.T) {
	inBubble(t, nil, func(b *bubble) {
		token, _, looked := b.announced(func(calllog.Call) {})
		b.pass(streamless)
		<-looked
		b.agents.Answers <- nil
		ws := b.socket()
		defer ws.Close()
		say(t, ws, started(string(lateSID), token))
		<-b.agents.Dialled
		b.pass(streamless / 10)
		if err := b.log.Flush(b.ctx); err != nil {
			t.Fatal(err)
		}
		head, err := b.shelf.BySID(b.ctx, string(lateSID))
		if err != nil || head.Outcome != "" || head.EndedAt != nil || head.Status == calllog.StatusCompleted || b.board.Live() != 1 {
			t.Errorf("%+v, %v", head, err)
		}
	})
}
