package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/internal/plain"
)

// Bounds of following a call.
const (
	headEvery  = 500 * time.Millisecond // how often its head is read
	followAway = 30 * time.Second       // how long the service may be away
	followRest = 2 * time.Second        // for the last entries of a call that is over
)

// follow shows a call as it happens, until it ends: its status from its head, what
// is said from its events. It returns the call's outcome, empty if ctx ended first.
func (a *client) follow(ctx context.Context, id string, asJSON bool) (outcome string, err error) {
	entries, stop := context.WithCancel(ctx)
	events, over := make(chan calllog.Entry), make(chan struct{})
	go func() {
		defer close(over)
		a.entries(entries, id, events)
	}()
	defer func() {
		stop()
		<-over
	}()
	show := &progress{json: asJSON, shown: map[int]calllog.Entry{}}
	tick := time.NewTicker(headEvery)
	defer tick.Stop()
	var away time.Time
	for {
		select {
		case e := <-events:
			show.entry(e)
			continue
		case <-tick.C:
		case <-ctx.Done():
			if !asJSON {
				plain.Printf("the call continues: bridge calls follow %s\n", id)
			}
			return "", nil
		}
		c, err := a.Call(ctx, id)
		switch {
		case err == nil:
			away = time.Time{}
		case ctx.Err() != nil:
			continue
		case away.IsZero() && !refused(err):
			away = time.Now()
			continue
		case time.Since(away) > followAway || refused(err):
			return "", err
		default:
			continue
		}
		show.status(c.Status)
		if c.Outcome == "" {
			continue
		}
		for rest := time.After(followRest); ; {
			select {
			case e := <-events:
				show.entry(e)
				continue
			case <-over:
			case <-rest:
			}
			return c.Outcome, show.end(c)
		}
	}
}

// entries reads the events of a call and gives each entry, again when it is
// rewritten.
func (a *client) entries(ctx context.Context, id string, out chan<- calllog.Entry) {
	take := func(e calllog.Entry) {
		select {
		case out <- e:
		case <-ctx.Done():
		}
	}
	for last := ""; ctx.Err() == nil; {
		var err error
		if last, err = a.CallEvents(ctx, id, last, take); err == nil {
			return
		}
		select {
		case <-time.After(headEvery):
		case <-ctx.Done():
		}
	}
}

// refused tells an answer that asking again can't change from a service that is away.
func refused(err error) bool {
	var p *api.Problem
	return errors.As(err, &p) && p.Status/100 == 4
}

// progress shows what happens in a call. A sentence of the agent's is shown as it comes; how
// far it was heard is added when that is known, if it was not all.
type progress struct {
	json  bool
	last  string
	shown map[int]calllog.Entry // of the agent's sentences whose end is open
}

func (t *progress) status(s string) {
	if s != t.last && !t.json {
		plain.Println(paint(dim, fmt.Sprintf("%8s  %s", "", s)))
	}
	t.last = s
}

func (t *progress) entry(e calllog.Entry) {
	if t.json {
		_ = printJSON(e) // nobody is left to tell
		return
	}
	before, again := t.shown[e.Seq]
	if e.Kind != calllog.KindAgent {
		plain.Printf("%8s  %s\n", clock(e.AtMS), entryLine(e))
		return
	}
	t.shown[e.Seq] = e
	if !again || before.Text != e.Text {
		plain.Printf("%8s  agent   %s\n", clock(e.AtMS), e.Text)
	}
	if e.Heard == calllog.HeardPartly && before.Heard != e.Heard {
		t.heard(e)
	}
}

// heard says how far a sentence was heard.
func (t *progress) heard(e calllog.Entry) {
	plain.Println(paint(dim, fmt.Sprintf("%8s  [heard: %s] %s", "", e.Heard, firstWords(e.Text))))
}

func (t *progress) end(c calllog.Call) error {
	if t.json {
		c.Entries = nil
		return printJSON(c)
	}
	for _, seq := range slices.Sorted(maps.Keys(t.shown)) {
		if e := t.shown[seq]; e.Heard == calllog.HeardNo {
			t.heard(e)
		}
	}
	plain.Printf("%s after %s\n", paint(bold, c.Outcome), lasted(c))
	return nil
}
