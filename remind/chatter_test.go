package remind

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/rs/zerolog"
)

func TestChatterIsForDebugging(t *testing.T) {
	for level, want := range map[zerolog.Level]string{zerolog.InfoLevel: "slow, failed", zerolog.DebugLevel: "started, slow, failed"} {
		var out bytes.Buffer
		log := slog.New(chatter{zerolog.NewSlogHandler(zerolog.New(&out).Level(level))}).With("queue", "reminders").WithGroup("job")
		log.Info("started")
		log.Warn("slow")
		log.Error("failed")
		var got []string
		for _, word := range []string{"started", "slow", "failed"} {
			if strings.Contains(out.String(), `"message":"`+word+`"`) {
				got = append(got, word)
			}
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("at level %s the log has %v, want %s\n%s", level, got, want, out.String())
		}
	}
}
