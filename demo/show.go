package demo

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/patchcord/patchcord/calllog"
)

// show is how the audience sees the call. Its methods may be called from any goroutine.
type show interface {
	// say tells what is going on before there is a call.
	say(text string)
	// note is a stage direction: what the simulators do, at a time since the call began.
	note(at time.Duration, text string)
	// entry is what the service wrote down; it comes again when more is known.
	entry(e calllog.Entry)
	// result is what was proved, after a call.
	result(r result)
	// kept says how to reach what is left running.
	kept(k kept)
	close()
}

// result is a call's end.
type result struct {
	Type    string  `json:"type"`
	OK      bool    `json:"ok"`
	Claims  []claim `json:"claims"`
	Figures figures `json:"figures"`
	WAV     string  `json:"wav"`
}

// kept is what stays up with Keep.
type kept struct {
	Type   string `json:"type"`
	API    string `json:"api"`
	Token  string `json:"token"`
	Call   string `json:"call"`
	Folder string `json:"folder"`
	Enter  bool   `json:"-"` // makes the telephone ring again
}

func newShow(o Options) show {
	if o.JSON {
		return &jsonShow{to: json.NewEncoder(o.Out)}
	}
	s := screen{width: 80}
	if isTerminal(o.Out) && os.Getenv("TERM") != "dumb" {
		s.live, s.colour = true, os.Getenv("NO_COLOR") == ""
		if width, height, err := term.GetSize(int(o.Out.Fd())); err == nil {
			s.width, s.height = min(max(width, 60), 110), height
		}
	}
	return newTextShow(o.Out, s)
}

func isTerminal(f *os.File) bool { return f != nil && term.IsTerminal(int(f.Fd())) }

// enters passes on every Enter. Its goroutine waits for the terminal until the program
// ends: a read from it can't be ended sooner.
func enters(in io.Reader) <-chan struct{} {
	pressed := make(chan struct{})
	go func() {
		for lines := bufio.NewScanner(in); lines.Scan(); {
			pressed <- struct{}{}
		}
	}()
	return pressed
}

// jsonShow writes one object a line, as things happen. An error of writing shows in
// nothing: whoever read it is gone.
type jsonShow struct {
	mu sync.Mutex
	to *json.Encoder
}

func (s *jsonShow) put(v any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.to.Encode(v)
}

func (s *jsonShow) say(text string) {
	s.put(struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}{"setup", text})
}

func (s *jsonShow) note(at time.Duration, text string) {
	s.put(struct {
		Type string `json:"type"`
		AtMS int64  `json:"at_ms"`
		Text string `json:"text"`
	}{"stage", at.Milliseconds(), text})
}

func (s *jsonShow) entry(e calllog.Entry) {
	s.put(struct {
		Type string `json:"type"`
		calllog.Entry
	}{"entry", e})
}

func (s *jsonShow) result(r result) { s.put(r) }
func (s *jsonShow) kept(k kept)     { s.put(k) }
func (s *jsonShow) close()          {}
