package table

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Bounds of a workbook, in bytes. What is larger than the last while it is read waits in
// a temporary file.
const (
	maxWorkbook = 256 << 20 // as it is on disk
	maxUnzipped = 4 << 30
	maxInMemory = 16 << 20 // of a sheet
)

// workbook is the rows of the first sheet that is not hidden. A cell is read twice: as it shows itself, and
// as what it is. A number is what it is (Excel shows 12122352616 as 1.21224E+10), a day
// is what it is too, since Excel itself knows which cells are days.
type workbook struct {
	f          *excelize.File
	shown, raw *excelize.Rows
	line       int
	width      int
	since1904  bool // days are counted from 1904 on
}

func newWorkbook(in io.Reader) (*workbook, error) {
	bounded := io.LimitReader(in, maxWorkbook+1)
	f, err := excelize.OpenReader(bounded, excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxInMemory})
	if err != nil {
		return nil, fmt.Errorf("can't read the workbook: %w", err)
	}
	w := &workbook{f: f}
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		w.since1904 = *props.Date1904
	}
	sheet := firstShown(f)
	if w.shown, err = f.Rows(sheet); err == nil {
		w.raw, err = f.Rows(sheet)
	}
	if err != nil {
		_ = f.Close() // the first error says more
		return nil, fmt.Errorf("can't read the first sheet: %w", err)
	}
	return w, nil
}

// firstShown is the first sheet that somebody sees who opens the workbook.
func firstShown(f *excelize.File) string {
	for _, name := range f.GetSheetList() {
		if shown, err := f.GetSheetVisible(name); err == nil && shown {
			return name
		}
	}
	return f.GetSheetName(0)
}

func (w *workbook) next() (int, []string, error) {
	if !w.shown.Next() || !w.raw.Next() {
		if err := errors.Join(w.shown.Error(), w.raw.Error()); err != nil {
			return 0, nil, fmt.Errorf("can't read the rest of the sheet: %w", err)
		}
		return 0, nil, io.EOF
	}
	w.line++
	shown, err := w.shown.Columns()
	if err != nil {
		return 0, nil, fmt.Errorf("can't read row %d: %w", w.line, err)
	}
	raw, err := w.raw.Columns(excelize.Options{RawCellValue: true})
	if err != nil {
		return 0, nil, fmt.Errorf("can't read row %d: %w", w.line, err)
	}
	cells := make([]string, max(len(shown), w.width))
	for i := range shown {
		cells[i] = shown[i]
		if i < len(raw) {
			cells[i] = w.cell(shown[i], raw[i])
		}
	}
	if w.width == 0 { // cells at the end of a row that are empty are not in the file
		w.width = len(cells)
	}
	return w.line, cells, nil
}

// days1904 is how many days there are between the two beginnings of Excel's calendar.
const days1904 = 1462

// cell is what a cell says, by how it shows itself and what it is.
func (w *workbook) cell(shown, raw string) string {
	n, err := strconv.ParseFloat(raw, 64)
	if err != nil || shown == raw {
		return shown
	}
	if _, err := strconv.ParseFloat(strings.ReplaceAll(shown, ",", ""), 64); err == nil {
		return whole(n, raw) // a number, whatever its format leaves of it
	}
	if 1 <= n && n < lastSerial && isDay(shown) {
		if w.since1904 {
			n += days1904
		}
		return serialTime(n).Format(serialForm(n))
	}
	return shown
}

// whole is a number without the exponent that some programs write.
func whole(n float64, raw string) string {
	if n == float64(int64(n)) && n < 1<<53 && n > -1<<53 {
		return strconv.FormatInt(int64(n), 10)
	}
	return raw
}

func (*workbook) encoding() string { return "" }

func (w *workbook) close() error {
	return errors.Join(w.shown.Close(), w.raw.Close(), w.f.Close())
}
