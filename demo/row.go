package demo

import (
	"cmp"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/patchcord/patchcord/internal/plain"
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
	seq   int // of the log's entry; 0 for all else
	at    time.Duration
	who   string
	tint  string // what colours name and text; the name if empty
	text  string
	badge string // at the right: how far it was heard, how long it took
	open  bool   // the badge is yet to come
	under bool   // it belongs to the row above, and has no time of its own
	wide  bool   // there is no badge: the text may be longer
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
var colours = map[string]string{"caller": "36", "agent": "32", "gate": "35", "": "2", "heard partly": "33", "not heard": "31", "✗": "31", "✓": "32", "title": "1"}

// paint colours a text, which may be from outside, if there is a colour for what it is.
func (s screen) paint(what, text string) plain.Ready {
	text = plain.Text(text)
	if code := colours[what]; s.colour && code != "" {
		return plain.Ready("\x1b[" + code + "m" + text + "\x1b[0m")
	}
	return plain.Ready(text)
}

// render lays a row out.
func (s screen) render(r *row) []plain.Ready {
	room := s.width - textBegins
	if !r.wide {
		room -= 2 + badgeWidth
	}
	parts := wrap(plain.Text(r.text), room)
	out := make([]plain.Ready, len(parts))
	for i, part := range parts {
		left := plain.Ready(strings.Repeat(" ", textBegins))
		if i == 0 {
			at := fmt.Sprintf("%*.1f", timeWidth, r.at.Seconds())
			if r.under {
				at = strings.Repeat(" ", timeWidth)
			}
			left = s.paint("", at) + "  " + s.paint(cmp.Or(r.tint, r.who), fmt.Sprintf("%-*s", whoWidth, r.who)) + "  "
		}
		text := plain.Ready(part)
		if r.who == "" {
			text = s.paint("", part)
		}
		out[i] = left + text
		if i == len(parts)-1 && r.badge != "" {
			blanks := s.width - textBegins - badgeWidth - utf8.RuneCountInString(part)
			out[i] += plain.Ready(strings.Repeat(" ", max(blanks, 1))) + s.paint(r.badge, r.badge)
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
