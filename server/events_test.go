package server_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/patchcord/patchcord/calllog"
)

// event is one of a stream.
type event struct{ name, id, data string }

// follow opens the events of a call; the stream ends with the test.
func (s *site) follow(id, last string) *bufio.Scanner {
	s.Helper()
	r := s.request("GET", "/v1/calls/"+id+"/events", "")
	r.Header.Set("Authorization", "Bearer "+apiToken)
	if last != "" {
		r.Header.Set("Last-Event-ID", last)
	}
	res, err := s.web.Client().Do(r.WithContext(s.ctx))
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { res.Body.Close() })
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" {
		s.Fatalf("%d %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	return bufio.NewScanner(res.Body)
}

// next reads an event; its name is "" when the stream is over.
func next(t testing.TB, lines *bufio.Scanner) (e event) {
	t.Helper()
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ": ")
		switch field {
		case "event":
			e.name = value
		case "id":
			e.id = value
		case "data":
			e.data = value
		case "":
			if e != (event{}) {
				return e
			}
		}
	}
	return e
}

// entry reads an entry and checks its text and how far it was heard.
func entry(t testing.TB, lines *bufio.Scanner, text string, heard calllog.Heard) (id string) {
	t.Helper()
	e := next(t, lines)
	var got calllog.Entry
	if err := json.Unmarshal([]byte(e.data), &got); err != nil || e.name != "entry" {
		t.Fatalf("got %+v, want an entry: %v", e, err)
	}
	if got.Text != text || got.Heard != heard {
		t.Errorf("got %+v, want %q heard %q", got, text, heard)
	}
	return e.id
}

func (s *site) add(id string, e calllog.Entry) {
	s.Helper()
	if err := s.db.Calls().Apply(s.ctx, []calllog.Change{{CallID: id, Entry: &e}}); err != nil {
		s.Fatal(err)
	}
}

// Entries come as they are written, again when they are rewritten, and after the
// last of them the end.
func TestEvents(t *testing.T) {
	t.Parallel()
	s := open(t)
	hi := calllog.Entry{Seq: 1, Kind: calllog.KindAgent, Text: "Hi.", Heard: calllog.HeardNo}
	s.write("one", 1, nil, hi)
	lines := s.follow("one", "")
	entry(t, lines, "Hi.", calllog.HeardNo)
	s.add("one", calllog.Entry{Seq: 2, Kind: calllog.KindCaller, Text: "Hello."})
	entry(t, lines, "Hello.", "")
	hi.Heard = calllog.HeardFull
	s.add("one", hi)
	entry(t, lines, "Hi.", calllog.HeardFull)
	s.add("one", hi) // nothing has changed
	s.write("one", 1, func(c *calllog.Call) { c.Version, c.Outcome = 2, calllog.OutcomeCallerHungUp }, calllog.Entry{Seq: 3, Kind: calllog.KindNote, Text: "the end"})
	entry(t, lines, "the end", "")
	if e := next(t, lines); e.name != "end" {
		t.Errorf("got %+v, want the end", e)
	}
	if e := next(t, lines); e != (event{}) {
		t.Errorf("after the end comes %+v", e)
	}
}

// A reader that comes back misses nothing, wherever it was cut off.
func TestEventsGoOn(t *testing.T) {
	t.Parallel()
	s := open(t)
	var some []calllog.Entry
	for n := range 3 {
		some = append(some, calllog.Entry{Seq: n + 1, Kind: calllog.KindNote, Text: fmt.Sprint(n)})
	}
	s.write("one", 1, nil, some...)
	lines, last := s.follow("one", ""), ""
	for n := range some {
		if id := entry(t, lines, fmt.Sprint(n), ""); id != "" {
			last = id
		}
		// Cut off here, and back again.
		resumed, more := s.follow("one", last), fmt.Sprintf("more %d", n)
		s.add("one", calllog.Entry{Seq: 10 + n, Kind: calllog.KindNote, Text: more})
		seen := map[string]bool{}
		for !seen[more] {
			var e calllog.Entry
			if err := json.Unmarshal([]byte(next(t, resumed).data), &e); err != nil {
				t.Fatal(err)
			}
			seen[e.Text] = true
		}
		for missed := n + 1; missed < len(some); missed++ {
			if !seen[fmt.Sprint(missed)] {
				t.Errorf("cut off after entry %d, with the id %q, a reader misses entry %d", n, last, missed)
			}
		}
		if last != "" && seen["0"] {
			t.Errorf("after the id %q comes all of it again", last)
		}
	}
	if last == "" {
		t.Error("no event of the first lot has an id")
	}
	ended := func(c *calllog.Call) { c.Version, c.Outcome = 2, calllog.OutcomeFailed }
	s.write("one", 1, ended)
	if e := next(t, s.follow("one", "1000000000")); e.name != "end" {
		t.Errorf("a reader that has seen all gets %+v, want the end", e)
	}
}

func TestEventsRefused(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.write("one", 1, nil)
	isProblem(t, s.order("GET", "/v1/calls/unknown/events", ""), 404, "unknown call")
	for _, last := range []string{"-1", "x", "1x", "1.5", "99999999999999999999"} {
		r := s.request("GET", "/v1/calls/one/events", "")
		r.Header.Set("Authorization", "Bearer "+apiToken)
		r.Header.Set("Last-Event-ID", last)
		isProblem(t, s.do(r), 400, "Last-Event-ID")
	}
}
