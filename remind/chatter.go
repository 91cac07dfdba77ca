package remind

import (
	"context"
	"log/slog"
)

// chatter is a log of river's: what it tells of its own workings is for debugging. Its warnings
// and errors stay what they are.
type chatter struct{ slog.Handler }

func demoted(l slog.Level) slog.Level {
	if l == slog.LevelInfo {
		return slog.LevelDebug
	}
	return l
}

// Enabled implements slog.Handler.
func (c chatter) Enabled(ctx context.Context, l slog.Level) bool {
	return c.Handler.Enabled(ctx, demoted(l))
}

// Handle implements slog.Handler.
func (c chatter) Handle(ctx context.Context, r slog.Record) error {
	r.Level = demoted(r.Level)
	return c.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (c chatter) WithAttrs(list []slog.Attr) slog.Handler { return chatter{c.Handler.WithAttrs(list)} }

// WithGroup implements slog.Handler.
func (c chatter) WithGroup(name string) slog.Handler { return chatter{c.Handler.WithGroup(name)} }
