package table

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// book is a workbook with cells, as Excel saves it.
func book(t testing.TB, fill func(f *excelize.File, set func(cell string, v any, format string))) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	fill(f, func(cell string, v any, format string) {
		check(f.SetCellValue("Sheet1", cell, v))
		if format != "" {
			style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
			check(err)
			check(f.SetCellStyle("Sheet1", cell, cell, style))
		}
	})
	var out bytes.Buffer
	check(f.Write(&out))
	return out.String()
}

// A number is what it is, however narrow its column; a day is a day.
func TestWorkbook(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	file := book(t, func(f *excelize.File, set func(string, any, string)) {
		set("A1", "Phone Number", "")
		set("B1", "note", "")
		set("C1", "seller", "")
		set("A2", 12122352616, "") // shown as 1.21224E+10
		set("B2", day.Add(10*time.Hour), "m/d/yy h:mm")
		set("A3", 2122352616, `(###) ###-####`)
		set("B3", day, "mm-dd-yy")
		set("A4", "'+1 212 235 2616", "")
		set("B4", 46346, "") // a number that says nothing of days
		set("A6", 2122352617, "0.00E+00")
		set("B6", day, "d mmm yyyy")
		set("C6", 1234.5, "#,##0")
	})
	rows, _, err := read(t, file, options)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"2: number=12122352616 note=2026-11-20 10:00:00", "3: number=(212) 235-2616 note=2026-11-20",
		"4: number=+1 212 235 2616 note=46346", "6: number=2122352617 note=2026-11-20"}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What is hidden is not what somebody meant who looked at the workbook.
func TestWorkbookWithAHiddenSheet(t *testing.T) {
	t.Parallel()
	file := book(t, func(f *excelize.File, set func(string, any, string)) {
		set("A1", "number", "")
		set("A2", "2122352601", "")
		if _, err := f.NewSheet("Shown"); err != nil {
			t.Fatal(err)
		}
		for cell, v := range map[string]any{"A1": "number", "A2": 2122352602} {
			if err := f.SetCellValue("Shown", cell, v); err != nil {
				t.Fatal(err)
			}
		}
		f.SetActiveSheet(1)
		if err := f.SetSheetVisible("Sheet1", false); err != nil {
			t.Fatal(err)
		}
	})
	rows, _, err := read(t, file, options)
	if diff := cmp.Diff([]string{"2: number=2122352602"}, rows); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

func TestWorkbookThatCountsFrom1904(t *testing.T) {
	t.Parallel()
	file := book(t, func(f *excelize.File, set func(string, any, string)) {
		since := true
		if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &since}); err != nil {
			t.Fatal(err)
		}
		set("A1", "number", "")
		set("B1", "note", "")
		set("A2", "1", "")
		set("B2", 46346-days1904, "yyyy-mm-dd")
	})
	rows, _, err := read(t, file, options)
	if diff := cmp.Diff([]string{"2: number=1 note=2026-11-20"}, rows); err != nil || diff != "" {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
}

// A workbook that ends in its middle is an error, not a shorter one.
func TestWorkbookCutShort(t *testing.T) {
	t.Parallel()
	file := book(t, func(_ *excelize.File, set func(string, any, string)) {
		set("A1", "number", "")
		set("A2", "1", "")
	})
	if _, _, err := read(t, file[:len(file)-200], options); err == nil {
		t.Error("it was read")
	}
}
