package demo

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/patchcord/patchcord/calllog"
)

// screen is where text is shown.
type screen struct {
	width  int  // columns
	height int  // lines
	live   bool // earlier lines can be corrected
	colour bool
}

// row is one thing that happened, on one or more lines of the screen.
type row struct {
	seq   int // of the log's entry; 0 for a stage direction
	at    time.Duration
	who   string
	text  string
	badge string // at the right: how far it was heard, how long it took
	open  bool   // the badge is yet to come
	lines int    // that it takes on the screen; 0 before it is there
}

// The columns: seconds, two blanks, who, two blanks, text, two blanks, badge.
const (
	timeWidth  = 6
	whoWidth   = 6
	badgeWidth = 13
	textBegins = timeWidth + 2 + whoWidth + 2
)

// The colours, by who speaks; ANSI's eight, which every terminal has a theme for.
var colours = map[string]string{"caller": "36", "agent": "32", "": "2", "heard partly": "33", "not heard": "31", "✗": "31", "✓": "32"}

// paint colours a text, if there is a colour for what it is.
func (s screen) paint(what, text string) string {
	if code := colours[what]; s.colour && code != "" {
		return "\x1b[" + code + "m" + text + "\x1b[0m"
	}
	return text
}

// render lays a row out.
func (s screen) render(r *row) []string {
	parts := wrap(r.text, s.width-textBegins-2-badgeWidth)
	out := make([]string, len(parts))
	for i, part := range parts {
		left := strings.Repeat(" ", textBegins)
		if i == 0 {
			left = s.paint("", fmt.Sprintf("%*.1f", timeWidth, r.at.Seconds())) + "  " + s.paint(r.who, fmt.Sprintf("%-*s", whoWidth, r.who)) + "  "
		}
		text := part
		if r.who == "" {
			text = s.paint("", part)
		}
		out[i] = left + text
		if i == len(parts)-1 && r.badge != "" {
			blanks := s.width - textBegins - badgeWidth - utf8.RuneCountInString(part)
			out[i] += strings.Repeat(" ", max(blanks, 1)) + s.paint(r.badge, r.badge)
		}
	}
	return out
}

// wrap breaks a text into lines between its words; a word longer than a line is cut.
func wrap(text string, width int) []string {
	var out []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		for {
			room := width
			if line != "" {
				room -= utf8.RuneCountInString(line) + 1
			}
			if utf8.RuneCountInString(word) <= room {
				break
			}
			if line == "" {
				runes := []rune(word)
				out, word = append(out, string(runes[:width])), string(runes[width:])
				continue
			}
			out, line = append(out, line), ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(out, line)
}

// describe makes a row of what the service wrote down; nil if there is nothing to see.
func describe(e calllog.Entry) *row {
	r := &row{seq: e.Seq, at: time.Duration(e.AtMS) * time.Millisecond, who: "bridge", text: e.Text}
	switch e.Kind {
	case calllog.KindCaller:
		r.who = "caller"
	case calllog.KindAgent:
		if e.Text == "" {
			return nil // its words will follow
		}
		r.who = "agent"
		r.badge = map[calllog.Heard]string{calllog.HeardFull: "heard in full", calllog.HeardPartly: "heard partly"}[e.Heard]
		r.open = r.badge == ""
	case calllog.KindTool:
		if e.Result == "" && e.Error == "" {
			return nil // its answer will follow
		}
		r.who, r.text = "tool", fmt.Sprintf("%s %s → %s", e.Name, e.Arguments, e.Result+e.Error)
		r.badge = fmt.Sprintf("%d ms", e.MS)
	case calllog.KindInterruption:
		r.text = "interrupted by the caller; the line is cleared"
	case calllog.KindReconnect:
		r.text = "the agent is connected again"
	case calllog.KindDTMF:
		r.who, r.text = "caller", "presses "+e.Digit
	case calllog.KindMark:
		return nil
	}
	return r
}
