package demo

import (
	"bufio"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
)

// show is how the audience sees the play. Its methods may be called from any goroutine.
type show interface {
	// say tells what is going on before there is a call.
	say(text string)
	// scene begins a part of the play, and its clock.
	scene(title string)
	// note is a stage direction: what the simulators do, at a time since the part began.
	note(at time.Duration, text string)
	// fact is what the ledger has of a person since then.
	fact(at time.Duration, person string, f consent.Fact)
	// entry is what the service wrote down of a call; it comes again when more is known.
	// A person who was called has a name, and before is how long ago the part had begun.
	entry(person string, before time.Duration, e calllog.Entry)
	// result is what was proved, in the end.
	result(r result)
	// kept says how to reach what is left running.
	kept(k kept)
	close()
}

// result is a play's end.
type result struct {
	Type    string  `json:"type"`
	OK      bool    `json:"ok"`
	Claims  []claim `json:"claims"`
	Figures any     `json:"figures"`
	WAV     string  `json:"wav"`
	Late    float64 `json:"-"` // ms that the telephone itself was late, at worst; it is among the figures
}

// kept is what stays up with Keep.
type kept struct {
	Type   string   `json:"type"`
	Env    []string `json:"env"` // NAME=value: with them each command of the bridge reaches the service
	Call   string   `json:"call"`
	Look   []string `json:"look,omitempty"` // paths that are worth a look
	Folder string   `json:"folder"`
	Enter  bool     `json:"-"` // makes the telephone ring again
}

func newShow(o Options) show {
	if o.JSON {
		return &jsonShow{to: o.Out}
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
