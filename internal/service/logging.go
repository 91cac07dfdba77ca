package service

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/term"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/plain"
)

// NewLogger makes the service's log: JSON lines, or text on a terminal.
func NewLogger(c *config.Config, out *os.File) zerolog.Logger {
	level, err := zerolog.ParseLevel(c.LogLevel)
	if err != nil {
		level = zerolog.InfoLevel
	}
	zerolog.TimeFieldFormat = time.RFC3339Nano
	var w io.Writer = plain.JSONLog{To: out}
	if c.LogFormat == "console" || c.LogFormat == "" && term.IsTerminal(int(out.Fd())) {
		w = zerolog.ConsoleWriter{Out: out, TimeFormat: time.TimeOnly, NoColor: os.Getenv("NO_COLOR") != "" || !term.IsTerminal(int(out.Fd())),
			FormatFieldValue: func(v any) string { return string(plain.JSON(fmt.Appendf(nil, "%s", v))) }} // texts are quoted already, lists are not
	}
	return zerolog.New(w).Level(level).With().Timestamp().Logger()
}
