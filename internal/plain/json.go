package plain

import (
	"bytes"
	"encoding/json"
	"io"
)

// FprintJSON writes a value as JSON on a line of its own, by [JSON].
func FprintJSON(w io.Writer, v any) error {
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(v); err != nil {
		return err
	}
	_, err := w.Write(JSON(b.Bytes()))
	return err
}

// JSONLog passes on what a logger writes, one whole line of JSON at a time, by [JSON]. It is as safe for several goroutines
// as the writer behind it.
type JSONLog struct{ To io.Writer }

// Write implements [io.Writer].
func (l JSONLog) Write(line []byte) (int, error) {
	if _, err := l.To.Write(JSON(line)); err != nil {
		return 0, err
	}
	return len(line), nil
}

// JSONLines passes on lines of JSON, by [JSON], however they are cut into writes. What follows the last line end is kept
// until its own comes.
type JSONLines struct {
	To   io.Writer
	rest []byte
}

// Write implements [io.Writer].
func (l *JSONLines) Write(b []byte) (int, error) {
	end := bytes.LastIndexByte(b, '\n') + 1
	if end > 0 {
		if _, err := l.To.Write(JSON(append(l.rest, b[:end]...))); err != nil {
			return 0, err
		}
		l.rest = nil
	}
	l.rest = append(l.rest, b[end:]...)
	return len(b), nil
}
