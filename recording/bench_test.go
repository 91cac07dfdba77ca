package recording

import (
	"testing"
	"time"
)

// BenchmarkCaller is what recording a frame of 20 ms costs the goroutine that reads it.
func BenchmarkCaller(b *testing.B) {
	r, frame, begun := newRecorder(time.Now()), tone(20, 20), time.Now()
	b.ReportAllocs()
	b.SetBytes(int64(len(frame)))
	for k := int64(0); b.Loop(); k++ {
		r.Caller(20*k, frame, begun.Add(time.Duration(k)*20*time.Millisecond))
		if k%50 == 0 { // what the writer does each second
			for blk, _ := r.window.next(20*k*perMS - holdback); blk != nil; blk, _ = r.window.next(20*k*perMS - holdback) {
				blocks.Put(blk)
			}
		}
	}
}

// BenchmarkWrite is what writing half a second of sound costs the goroutine that does.
func BenchmarkWrite(b *testing.B) {
	f := NewFolder(b.TempDir())
	out, err := f.create("call_1")
	if err != nil {
		b.Fatal(err)
	}
	blk := new(block)
	b.ReportAllocs()
	for k := int64(0); b.Loop(); k++ {
		if err := writeBlock(out, blk, k%600*blockSamples); err != nil {
			b.Fatal(err)
		}
	}
	out.complete()
}
