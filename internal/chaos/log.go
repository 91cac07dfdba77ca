package chaos

import (
	"bytes"
	"fmt"
	"io"
	"time"
)

// logf writes a line of the world's log.
func (w *World) logf(t *Talk, format string, args ...any) {
	who := "world"
	if t != nil {
		who = fmt.Sprintf("call %d", t.plan.N)
	}
	line := fmt.Sprintf("%9.3f %s: %s", time.Since(w.began).Seconds(), who, fmt.Sprintf(format, args...))
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines = append(w.lines, line)
}

// broken notes that something is wrong with the world itself.
func (w *World) broken(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.problems = append(w.problems, fmt.Sprintf(format, args...))
}

func (w *World) orphaned(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.orphans[id] = true
}

func (w *World) isDisturbed() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.disturbed) > 0
}

// logs is where an instance writes its log.
func (w *World) logs(i *Instance) io.Writer { return logWriter{i} }

type logWriter struct{ of *Instance }

func (l logWriter) Write(b []byte) (int, error) {
	if !l.of.isDead() {
		l.of.w.logf(nil, "%s: %s", l.of.name, bytes.TrimSpace(b))
	}
	return len(b), nil
}
