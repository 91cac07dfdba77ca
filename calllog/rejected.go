package calllog

import (
	"fmt"
	"os"
)

// rejectedLimit bounds the file of refused changes; it is there to be looked
// at, not to be filled.
const rejectedLimit = 64 << 20

// refusal is a change, as a line of the spool, that the store will never take.
type refusal struct {
	line   []byte
	reason string
}

// keep appends refused changes to rejected.ndjson, where an operator can look
// at them, and reports each without its content.
func (w *Writer) keep(refused []refusal) {
	w.rejected.Lock()
	defer w.rejected.Unlock()
	for _, r := range refused {
		event := w.cfg.Log.Error().Str("reason", r.reason)
		if err := appendLine(w.rejectedPath(), r.line); err != nil {
			event = event.AnErr("not_kept", err)
		}
		event.Msg("call log: a change was rejected")
	}
}

func appendLine(path string, line []byte) (err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("calllog: open the file of rejected changes: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("calllog: stat the file of rejected changes: %w", err)
	}
	if info.Size()+int64(len(line)) > rejectedLimit {
		return fmt.Errorf("calllog: the file of rejected changes is full: the limit is %d bytes", rejectedLimit)
	}
	if _, err := file.Write(line); err != nil {
		return fmt.Errorf("calllog: write to the file of rejected changes: %w", err)
	}
	return nil
}
