package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/internal/table"
)

// rows makes up lines of a file in Windows-1252 as they are read.
type rows struct {
	n, most int
	rest    []byte
}

func (r *rows) Read(p []byte) (int, error) {
	for len(r.rest) < len(p) && r.n < r.most {
		r.rest = fmt.Appendf(r.rest, "revoke,\"(212) %03d-%04d\",riverbend,phone,2026-11-20,N\xfa\xf1ez \x96 no. %d\r\n", 200+r.n/10000%600, r.n%10000, r.n)
		r.n++
	}
	if len(r.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.rest)
	r.rest = append(r.rest[:0], r.rest[n:]...)
	return n, nil
}

// importing is an import of made-up lines that goes nowhere.
func importing(t testing.TB, most int, send func(context.Context, []importLine[importedFact]) error) (*importer[importedFact], *importResult) {
	t.Helper()
	file, err := table.New(io.MultiReader(strings.NewReader("type,number,seller,source,occurred_at,note\r\n"), &rows{most: most}),
		table.Options{Known: columns, Names: columnNames, Needs: []string{"number"}})
	if err != nil {
		t.Fatal(err)
	}
	c := &consentImportCmd{importFlags: importFlags{File: "x.csv"}}
	result := &importResult{}
	im := c.importer(nil, file, time.UTC, result)
	im.send = send
	return im, result
}

// A file in Windows-1252 goes through in little memory, whatever its length.
func TestALargeFileInWindows1252(t *testing.T) {
	if raced {
		t.Skip("it only computes")
	}
	const lines = 100_000
	most := uint64(0)
	batches := 0
	im, result := importing(t, lines, func(_ context.Context, lines []importLine[importedFact]) error {
		for _, l := range lines {
			if note := l.Entry.event.Note; !strings.HasPrefix(note, "Núñez – no. ") {
				return fmt.Errorf("line %d says %q", l.Line, note)
			}
		}
		return nil
	})
	began := time.Now()
	done := im.done
	im.done = func(lines []importLine[importedFact]) {
		done(lines)
		if batches++; batches%20 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
	}
	refused, err := im.run(t.Context(), true)
	if err != nil || refused != 0 || result.Recorded != lines || im.table.Encoding() != "Windows-1252" {
		t.Errorf("%d recorded, %d refused, as %s: %v", result.Recorded, refused, im.table.Encoding(), err)
	}
	if most > 64<<20 {
		t.Errorf("the heap grew to %d MiB", most>>20)
	}
	t.Logf("%d lines in %v, the heap at most %d MiB", lines, time.Since(began), most>>20)
}

// BenchmarkImport reads lines and makes events of them; the service is not asked.
func BenchmarkImport(b *testing.B) {
	im, _ := importing(b, b.N, func(context.Context, []importLine[importedFact]) error { return nil })
	if _, err := im.run(b.Context(), true); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "lines/s")
}

// An import that is stopped stops, also while its reader waits.
func TestAnImportIsStopped(t *testing.T) {
	im, _ := importing(t, 1<<40, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := im.read(ctx, make(chan importBatch[importedFact])); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// A service that fails in the middle ends the import, which says where to go on.
func TestAnImportThatFails(t *testing.T) {
	broken := errors.New("the service is gone")
	im, result := importing(t, 10_000, func(_ context.Context, lines []importLine[importedFact]) error {
		if lines[0].Line > 3000 {
			return broken
		}
		return nil
	})
	_, err := im.run(t.Context(), true)
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), fmt.Sprintf("--from-line %d", result.Recorded+2)) {
		t.Errorf("%d recorded: %v", result.Recorded, err)
	}
}

// The file of a dry run can be opened in a spreadsheet: no cell of it is a formula.
func TestInert(t *testing.T) {
	for cell, want := range map[string]string{
		"Dana": "Dana", "": "", "a=b": "a=b", "2026-11-20": "2026-11-20", "Núñez": "Núñez",
		"=HYPERLINK(\"x\")": "'=HYPERLINK(\"x\")", "+12122352616": "'+12122352616", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)",
		" =1": "' =1", "\t=1": "'\t=1", "\r1": "'\r1", "\u00a0=1": "'\u00a0=1", "\ufeff=1": "'\ufeff=1",
	} {
		if got := inert(cell); got != want {
			t.Errorf("%q comes out as %q, want %q", cell, got, want)
		}
	}
}
