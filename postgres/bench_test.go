package postgres_test

import (
	"fmt"
	"testing"

	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/postgres/postgrestest"
)

// BenchmarkApply writes full batches of new entries of 16 calls.
func BenchmarkApply(b *testing.B) {
	const size = 256
	s := postgrestest.New(b).Calls()
	batch := make([]calllog.Change, size)
	for round := 0; b.Loop(); round++ {
		for i := range batch {
			batch[i] = entry(fmt.Sprint("call-", i%16), round*size+i, "something that was said at some length, as people do")
		}
		if err := s.Apply(b.Context(), batch); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "entries/s")
}
