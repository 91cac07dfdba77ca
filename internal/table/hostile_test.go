package table

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/internal/hostile"
)

// patient is longer than anything takes that is linear, on a machine with much else to do.
const patient = time.Minute

// Whatever a file is, it is read or refused soon, in bounded memory and with a short error, and no cell is
// longer than a row may be. As UTF-16 and as a workbook's beginning it is no better.
func TestHostileFiles(t *testing.T) {
	head := "type,number,note,seller"
	files := hostile.CSV(head)
	for _, in := range append(append(hostile.Texts(), hostile.JSON()...), hostile.Large()...) {
		files = append(files, in, hostile.Input{Name: in.Name + " as a column", Text: in.Text + ",number\nx,+12122352671\n"})
	}
	large := 0
	for _, in := range files {
		if len(in.Text) > 64<<10 {
			if large++; large%everyNth != 1%everyNth {
				continue
			}
		}
		for how, file := range map[string]string{"as it is": in.Text, "behind the mark of UTF-16": "\xff\xfe" + in.Text, "as a workbook": "PK\x03\x04" + in.Text, "behind sep=": "sep=;\n" + in.Text} {
			if how != "as it is" && len(file) > 4<<20 {
				continue // no other way through the reader
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			begun := time.Now()
			err := drain(t, in.Name, file)
			took := time.Since(begun)
			runtime.ReadMemStats(&after)
			if err != nil && len(err.Error()) > 1000 {
				t.Errorf("%s, %s: an error of %d bytes", in.Name, how, len(err.Error()))
			}
			if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 256 || took > patient {
				t.Errorf("%s, %s: %v and %d MiB", in.Name, how, took, used)
			}
		}
	}
}

// drain reads all rows of a file.
func drain(t *testing.T, name, file string) error {
	t.Helper()
	table, err := New(strings.NewReader(file), options)
	if err != nil {
		return err
	}
	defer table.Close()
	for {
		r, err := table.Next()
		var bad *RowError
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.As(err, &bad):
			if len(bad.Detail) > 1000 {
				t.Errorf("%s: a row's error of %d bytes", name, len(bad.Detail))
			}
		case err != nil:
			return err
		}
		for _, v := range r.Values {
			if len(v) > maxRow+decodeAhead {
				t.Errorf("%s: a cell of %d bytes", name, len(v))
			}
		}
	}
}

// A header of 100,000 columns, or with a name of a megabyte, is named in a short sentence, and read in no time.
func TestManyColumns(t *testing.T) {
	var many strings.Builder
	for i := range hostile.ManyKeys {
		fmt.Fprintf(&many, "var.%d,", i)
	}
	long := strings.Repeat("a", 1<<20)
	for name, head := range map[string]string{"unknown": strings.ReplaceAll(many.String(), "var.", "x"), "known": many.String(), "long": long + ",b", "long, twice": "var." + long + ",var." + long} {
		begun := time.Now()
		o := options
		o.Needs = []string{"seller"}
		_, err := New(strings.NewReader(head+"\n"), o)
		if took := time.Since(begun); err == nil || len(err.Error()) > 3000 || took > patient {
			t.Errorf("%s: after %v: %.300v", name, took, err)
		}
	}
	if got, want := Listed([]string{"a", "b"}), "a, b"; got != want {
		t.Errorf("listed: %q, want %q", got, want)
	}
}
