package cli

import (
	"os"

	"golang.org/x/term"

	"github.com/patchcord/patchcord/internal/plain"
)

// The colours of a terminal.
const (
	bold   = "1"
	dim    = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
)

// colourful tells whether standard output takes colours: https://no-color.org.
func colourful() bool {
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(os.Stdout.Fd()))
}

// paint is a text, which may be from outside, in a colour, where colours are wanted.
func paint(colour, text string) plain.Ready {
	text = plain.Text(text)
	if !colourful() {
		return plain.Ready(text)
	}
	return plain.Ready("\x1b[" + colour + "m" + text + "\x1b[0m")
}
