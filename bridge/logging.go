package bridge

import (
	"io"
	"os"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/term"
)

// logger makes the service's log: JSON lines, or text on a terminal.
func (c *config) logger(out *os.File) zerolog.Logger {
	level, err := zerolog.ParseLevel(c.LogLevel)
	if err != nil {
		level = zerolog.InfoLevel
	}
	zerolog.TimeFieldFormat = time.RFC3339Nano
	var w io.Writer = out
	if c.LogFormat == "console" || c.LogFormat == "" && term.IsTerminal(int(out.Fd())) {
		w = zerolog.ConsoleWriter{Out: out, TimeFormat: time.TimeOnly, NoColor: os.Getenv("NO_COLOR") != "" || !term.IsTerminal(int(out.Fd()))}
	}
	return zerolog.New(w).Level(level).With().Timestamp().Logger()
}
