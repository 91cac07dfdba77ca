package agent

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/patchcord/patchcord/media"
	"github.com/patchcord/patchcord/realtime"
)

// realtimeAgent is an Agent behind a session of the Realtime wire.
type realtimeAgent struct {
	session     *realtime.Session
	traits      realtime.Traits
	names       *toolNames
	prompt      string // the instructions
	chat        Chat
	model       string
	transcriber string
	prices      Prices
	budgets     Budgets

	// What Receive owns.
	queue []Event // to be returned before the next message is read
	over  *LostError
	turns callerTurns

	// What SendAudio owns.
	up  *media.Uplink // nil for µ-law, which goes through as it is
	pcm []byte

	live atomic.Bool // the caller's sound has come: whoever speaks is heard

	mu      sync.Mutex // holds for what follows; sound is sent beside everything else
	greets  bool       // it speaks first, unless somebody has spoken
	slot    slot
	answers answers
	sound   sound
	sayings sayings
	calls   toolCalls
	reset   float64                                    // seconds until a rate limit ends, by the server's last word
	cuts    map[realtime.EventID]realtime.ItemTruncate // that may yet be refused
	lastID  int

	beats   int // of what began, so that what came before a verdict is told from what came after
	verdict verdict
}

func (a *realtimeAgent) init() {
	a.answers.running = map[realtime.ResponseID]*answer{}
	a.sound.parts = map[string]*part{}
	a.calls.open = map[realtime.CallID]*toolGroup{}
	a.calls.known = map[realtime.CallID]bool{}
	a.slot.unseen = map[realtime.ItemID]bool{}
	a.cuts = map[realtime.EventID]realtime.ItemTruncate{}
	a.turns.all = map[realtime.ItemID]*heardTurn{}
}

// Chat identifies the session. It can't be gone on with: Remember brings what was said.
func (a *realtimeAgent) Chat() Chat { return a.chat }

// SendAudio sends the caller's sound. The first of it tells that the caller can hear us.
func (a *realtimeAgent) SendAudio(ulaw []byte) error {
	if !a.live.Swap(true) {
		if err := a.greet(); err != nil {
			return err
		}
	}
	if a.up == nil {
		return a.session.AppendAudio(ulaw)
	}
	a.pcm = a.up.Append(a.pcm[:0], ulaw)
	return a.session.AppendAudio(a.pcm)
}

// SendTurn is answered as if the caller had said it.
func (a *realtimeAgent) SendTurn(text string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.greets = false
	if err := a.post(realtime.UserText(text), true); err != nil {
		return err
	}
	return a.wantAnswer()
}

// SendContext is read with the next answer.
func (a *realtimeAgent) SendContext(text string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.post(realtime.SystemText(text), false)
}

// greetNow asks for the first words, behind the instructions that hold for all of the call: those
// of an answer replace them.
const greetNow = "The caller is on the line now, and hears you. Speak first."

// greet makes the agent speak first, if it is to.
func (a *realtimeAgent) greet() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.greets {
		return nil
	}
	a.greets, a.slot.greeting = false, true
	return a.wantAnswer()
}

// post adds an item to the conversation. An answer that begins before it was seen there
// doesn't know it; wanted says that one has to.
func (a *realtimeAgent) post(item realtime.Item, wanted bool) error {
	a.lastID++
	item.ID = realtime.ItemID("pc_" + strconv.Itoa(a.lastID))
	if wanted && a.traits.ItemAck != realtime.AckNone {
		a.slot.unseen[item.ID] = true
	}
	return a.send(realtime.ItemCreate{Item: item})
}

func (a *realtimeAgent) send(e realtime.ClientEvent) error {
	_, err := a.session.Send(e)
	return err
}

// Close ends the session.
func (a *realtimeAgent) Close() error {
	a.mu.Lock()
	a.slot.stop()
	a.mu.Unlock()
	return a.session.Close(realtime.CloseNormal)
}

// Receive reads messages until one of them means something to a call.
func (a *realtimeAgent) Receive(ctx context.Context) (Event, error) {
	for len(a.queue) == 0 {
		if a.over != nil {
			return nil, a.over
		}
		ev, err := a.session.Receive(ctx)
		if err != nil {
			return nil, realtimeLost("receive", err)
		}
		a.mu.Lock()
		a.translate(ev)
		a.mu.Unlock()
	}
	ev := a.queue[0]
	if a.queue = a.queue[1:]; len(a.queue) == 0 {
		a.queue = nil
	}
	return ev, nil
}

func (a *realtimeAgent) emit(ev Event) { a.queue = append(a.queue, ev) }
