package media

import (
	"math"
	"sync"
	"testing"
)

func TestTablesAreShared(t *testing.T) {
	var wg sync.WaitGroup
	got := make([]*table, 8)
	for i := range got {
		wg.Go(func() { got[i] = sharedTable(tableKey{48000, 16000, 8000}) })
	}
	wg.Wait()
	for _, g := range got {
		if g != got[0] {
			t.Fatal("two tables for one pair of rates")
		}
	}
	if sharedTable(tableKey{96000, 32000, 16000}) != got[0] {
		t.Error("rates of the same proportions have a table of their own")
	}
	if sharedTable(tableKey{48000, 16000, 16000}) == got[0] {
		t.Error("a filter that stands alone shares the table of one that does not")
	}
}

func TestTablesAreBounded(t *testing.T) {
	t.Cleanup(func() { tables.known = nil }) // make room for the tests that follow
	for i := range 2 * maxTables {
		sharedTable(tableKey{20000 + i, 16000, 8000})
	}
	tables.Lock()
	defer tables.Unlock()
	if len(tables.known) > maxTables {
		t.Errorf("%d tables are kept, want at most %d", len(tables.known), maxTables)
	}
	for key, table := range tables.known {
		if len(table.coefs) > maxTableTaps {
			t.Errorf("%v has %d taps, want at most %d", key, len(table.coefs), maxTableTaps)
		}
	}
}

func TestTableRows(t *testing.T) {
	for _, key := range []tableKey{{48000, 16000, 8000}, {24000, 16000, 8000}, {44100, 16000, 8000},
		{16000, 48000, 8000}, {12000, 8000, 8000}, {47999, 16000, 8000}} {
		table := newTable(key)
		for r := range table.rows {
			row, mirror := table.coefs[r*table.taps:][:table.taps], table.coefs[(table.rows-1-r)*table.taps:][:table.taps]
			var sum float64
			for i, v := range row {
				sum += float64(v)
				if math.Abs(float64(v-mirror[table.taps-1-i])) > 1e-6 {
					t.Fatalf("%v: row %d is not the mirror of row %d", key, r, table.rows-1-r)
				}
			}
			if math.Abs(sum-1) > 1e-5 {
				t.Fatalf("%v: row %d adds up to %v", key, r, sum)
			}
		}
	}
}
