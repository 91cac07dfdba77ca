package calllog

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

func BenchmarkPut(b *testing.B) {
	for _, away := range []bool{false, true} {
		b.Run(fmt.Sprintf("away=%t", away), func(b *testing.B) {
			store := newTable()
			store.set(away, false)
			w, err := NewWriter(WriterConfig{Store: store, Dir: b.TempDir()})
			if err != nil {
				b.Fatal(err)
			}
			c := said(1, strings.Repeat("something that was said ", 5))
			c.Entry.Emotions = map[string]float64{"Joy": 0.5, "Calmness": 0.25, "Interest": 0.125}
			for b.Loop() {
				w.Put(c)
			}
			b.StopTimer()
			w.Close(context.Background())
		})
	}
}
