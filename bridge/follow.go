package bridge

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/internal/plain"
)

// Bounds of following a call.
const (
	headEvery  = 500 * time.Millisecond // how often its head is read
	followLine = 1 << 20                // bytes of an event
	followAway = 30 * time.Second       // how long the service may be away
	followRest = 2 * time.Second        // for the last entries of a call that is over
)

// follow shows a call as it happens, until it ends: its status from its head, what
// is said from its events.
func (a *api) follow(ctx context.Context, id string, asJSON bool) error {
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
	show := &teller{json: asJSON, unheard: map[int]calllog.Entry{}}
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
			plain.Printf("the call goes on: bridge calls show %s\n", id)
			return nil
		}
		var c calllog.Call
		err := a.ask(ctx, "GET", "/v1/calls/"+url.PathEscape(id), nil, &c)
		switch {
		case err == nil:
			away = time.Time{}
		case ctx.Err() != nil:
			continue
		case away.IsZero():
			away = time.Now()
			continue
		case time.Since(away) > followAway:
			return err
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
			return show.end(c)
		}
	}
}

// entries reads the events of a call and gives each entry, again when it is
// rewritten.
func (a *api) entries(ctx context.Context, id string, out chan<- calllog.Entry) {
	for last := ""; ctx.Err() == nil; {
		header := http.Header{}
		if last != "" {
			header.Set("Last-Event-ID", last)
		}
		if res, err := a.send(ctx, "GET", "/v1/calls/"+url.PathEscape(id)+"/events", header, nil); err == nil {
			over := false
			lines := bufio.NewScanner(res.Body)
			lines.Buffer(nil, followLine)
			for !over && lines.Scan() {
				switch field, value, _ := strings.Cut(lines.Text(), ": "); field {
				case "id":
					last = value
				case "event":
					over = value == "end"
				case "data":
					var e calllog.Entry
					if json.Unmarshal([]byte(value), &e) == nil && e.Kind != "" {
						select {
						case out <- e:
						case <-ctx.Done():
						}
					}
				}
			}
			res.Body.Close()
			if over {
				return
			}
		}
		select {
		case <-time.After(headEvery):
		case <-ctx.Done():
		}
	}
}

// teller shows what happens in a call. A sentence of the agent's is shown when it
// has been heard, and at the end if it was not.
type teller struct {
	json    bool
	last    string
	unheard map[int]calllog.Entry
}

func (t *teller) status(s string) {
	if s != t.last && !t.json {
		plain.Println(paint(dim, fmt.Sprintf("%8s  %s", "", s)))
	}
	t.last = s
}

func (t *teller) entry(e calllog.Entry) {
	switch {
	case t.json:
		_ = printJSON(e) // nobody is left to tell
	case e.Kind == calllog.KindAgent && e.Heard == calllog.HeardNo:
		t.unheard[e.Seq] = e
	default:
		delete(t.unheard, e.Seq)
		plain.Printf("%8s  %s\n", clock(e.AtMS), entryLine(e))
	}
}

func (t *teller) end(c calllog.Call) error {
	if t.json {
		c.Entries = nil
		return printJSON(c)
	}
	for _, seq := range slices.Sorted(maps.Keys(t.unheard)) {
		e := t.unheard[seq]
		plain.Printf("%8s  %s\n", clock(e.AtMS), entryLine(e))
	}
	plain.Printf("%s after %s\n", paint(bold, c.Outcome), lasted(c))
	return nil
}
