package bridge

import (
	"bytes"
	"encoding/csv"
	"errors"
	"testing"
	"time"
)

// Whatever a file holds, it is read to an end, and every row has a line and columns
// that are known.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"", "\ufeff", "type,number\nrevoke,+14155550142\n", "type;number\r\nrevoke;\"(415) 555-0142\"\r\n", "type\tnumber\n\"\n", "type,number\na\nb,c,d\n\"x\"y,z\n", "\xff\xfe", "number,number\n", "type,,\n,,\n"} {
		f.Add([]byte(seed))
	}
	var defaults importDefaults
	f.Fuzz(func(t *testing.T, b []byte) {
		file, err := openCSV(bytes.NewReader(b), columnNames, columns)
		if err != nil {
			return
		}
		for last := 0; ; {
			row, err := file.next()
			var bad *csv.ParseError
			if err != nil && !errors.As(err, &bad) {
				return
			}
			if row.line <= last {
				t.Fatalf("line %d comes after line %d", row.line, last)
			}
			if last = row.line; err == nil {
				e, wrong := defaults.event(row.values, time.UTC)
				if n, ok := e["number"].(string); len(wrong) == 0 && (!ok || len(n) < 8) {
					t.Fatalf("taken: %v", e)
				}
			}
		}
	})
}
