package table

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

var options = Options{Known: []string{"type", "number", "note", "seller", "var.*"}, Names: map[string]string{"phone_number": "number"}}

// read is all rows of a file, as "line: column=value …", and what is wrong with others.
func read(t testing.TB, file string, o Options) (rows []string, encoding string, err error) {
	t.Helper()
	table, err := New(strings.NewReader(file), o)
	if err != nil {
		return nil, "", err
	}
	defer table.Close()
	for {
		r, err := table.Next()
		var bad *RowError
		switch {
		case errors.Is(err, io.EOF):
			return rows, table.Encoding(), nil
		case errors.As(err, &bad):
			rows = append(rows, fmt.Sprintf("%d: bad %s", bad.Line, bad.Column))
		case err != nil:
			return rows, table.Encoding(), err
		default:
			text := fmt.Sprintf("%d:", r.Line)
			for _, column := range []string{"type", "number", "note", "var.Name"} {
				if v, ok := r.Values[column]; ok {
					text += " " + column + "=" + v
				}
			}
			rows = append(rows, text)
		}
	}
}

func utf16LE(s string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

func utf16BE(s string) string {
	b := []byte{0xfe, 0xff}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u>>8), byte(u))
	}
	return string(b)
}

func TestFiles(t *testing.T) {
	t.Parallel()
	dana := []string{"2: number=2122352601 note=Dana"}
	for _, x := range []struct {
		name, file string
		want       []string
		encoding   string
	}{
		{"plain", "number,note\n2122352601,Dana\n", dana, ""},
		{"Windows' line ends", "number,note\r\n2122352601,Dana\r\n", dana, ""},
		{"an old Mac's line ends", "number,note\r2122352601,Dana\r2122352602,Ed\r", []string{dana[0], "3: number=2122352602 note=Ed"}, ""},
		{"no end of the last line", "number,note\n2122352601,Dana", dana, ""},
		{"a byte order mark", "\xef\xbb\xbfnumber,note\n2122352601,Dana\n", dana, "UTF-8"},
		{"UTF-8", "number,note\n2122352601,Núñez – ¿?\n", []string{"2: number=2122352601 note=Núñez – ¿?"}, "UTF-8"},
		{"Windows-1252", "number,note\n2122352601,N\xfa\xf1ez \x96 \xbf?\n", []string{"2: number=2122352601 note=Núñez – ¿?"}, "Windows-1252"},
		{"Windows-1252 with quotation marks of a typewriter's dreams", "number,note\n2122352601,\x93JOS\xc9\x94\n", []string{"2: number=2122352601 note=“JOSÉ”"}, "Windows-1252"},
		{"Windows-1252 that could be UTF-8", "number,note\n2122352601,JOS\xc9\x92S\n", []string{"2: number=2122352601 note=JOSÉ’S"}, "Windows-1252"},
		{"a Hawaiian name in UTF-8", "number,note\n2122352601,Kaʻanapali\n", []string{"2: number=2122352601 note=Kaʻanapali"}, "UTF-8"},
		{"a line in Windows-1252 in a file in UTF-8", "number,note\n1,é\n2,\xe9\n3,é\n", []string{"2: number=1 note=é", "3: bad note", "4: number=3 note=é"}, "UTF-8"},
		{"a line in UTF-8 in a file in Windows-1252", "number,note\n1,\xe9\n2,é\n3,\xe9\n", []string{"2: number=1 note=é", "3: bad note", "4: number=3 note=é"}, "Windows-1252"},
		{"a byte that stands for nothing", "number,note\n1,\xe9\x81\n", []string{"2: bad note"}, "Windows-1252"},
		{"what an earlier program could not read", "number,note\n1,N\ufffdez\n", []string{"2: bad note"}, "UTF-8"},
		{"the same in a column that nobody wants", "number,other\n1,N\ufffdez\n", []string{"2: number=1"}, "UTF-8"},
		{"UTF-16", utf16LE("number\tnote\r\n2122352601\tNúñez\r\n"), []string{"2: number=2122352601 note=Núñez"}, "UTF-16"},
		{"UTF-16, the other way round", utf16BE("number,note\n2122352601,Núñez\n"), []string{"2: number=2122352601 note=Núñez"}, "UTF-16"},
		{"UTF-16 cut in two", utf16LE("number,note\n1,x") + "\x3d\xd8" + utf16LE("\n")[2:], []string{"2: bad note"}, "UTF-16"},
		{"UTF-16 that does not say so", utf16LE("number\tnote\r\n2122352601\tNúñez\r\n")[2:], []string{"2: number=2122352601 note=Núñez"}, "UTF-16"},
		{"the same, the other way round", utf16BE("number,note\n2122352601,Núñez\n")[2:], []string{"2: number=2122352601 note=Núñez"}, "UTF-16"},
		{"a cell of a megabyte", "number,note,other\n1,\"" + strings.Repeat("<", 1<<20) + "\",\n2,Dana,\"" + strings.Repeat("<", 1<<20) + "\"\n", []string{"2: bad note", "3: number=2 note=Dana"}, ""},
		{"semicolons", "number;note\n2122352601;Dana, of 2b\n", []string{"2: number=2122352601 note=Dana, of 2b"}, ""},
		{"bars", "number|note\n2122352601|Dana\n", dana, ""},
		{"a line that names the separator", "sep=;\r\nnumber;note\r\n2122352601;Dana\r\n", []string{"3: number=2122352601 note=Dana"}, ""},
		{"the same, of a tab, in quotes", "\"sep=\t\"\nnumber\tnote\n2122352601\tDana\n", []string{"3: number=2122352601 note=Dana"}, ""},
		{"the same, against what the header has", "sep=;\nnumber;a,b,c;note\n2122352601;;Dana\n", []string{"3: number=2122352601 note=Dana"}, ""},
		{"empty cells between tabs", "type\tnumber\tnote\tseller\nrevoke\t2122352601\t\tr\nrevoke\t2122352602\tangry\tr\n\t1\t\t\n",
			[]string{"2: type=revoke number=2122352601", "3: type=revoke number=2122352602 note=angry", "4: number=1"}, ""},
		{"empty rows, of separators too", "number,note\r\n2122352601,Dana\r\n,\r\n\r\n , \r\n\u00a0,\r\n,,,,\r\n", []string{dana[0]}, "UTF-8"},
		{"empty rows before the header", "\n,,\nnumber,note\n2122352601,Dana\n", []string{"4: number=2122352601 note=Dana"}, ""},
		{"no-break spaces", "number\u00a0,note\n\u00a02122352601\u00a0,Dana\u00a0\n", dana, "UTF-8"},
		{"a name with a no-break space and a mark in it", "Phone\u00a0Number,\u200enote\n2122352601,Dana\n", dana, "UTF-8"},
		{"apostrophes that keep numbers as text", "number,note\n'2122352601,'+1 Dana\n", []string{"2: number=2122352601 note=+1 Dana"}, ""},
		{"apostrophes that are some", "number,note\n1,'twas\n2,'a' or 'b'\n", []string{"2: number=1 note='twas", "3: number=2 note='a' or 'b'"}, ""},
		{"cells that keep numbers as text", "number,note\n=\"2122352601\",=\"Dana\"\n", dana, ""},
		{"the same, quoted", "number,note\n\"=\"\"2122352601\"\"\",Dana\n", dana, ""},
		{"quotes, commas and lines in a cell", "number,note\n1,\"Dana \"\"D\"\" Lee,\nand=\"\"son\"\"\"\n2,Ed\n", []string{"2: number=1 note=Dana \"D\" Lee,\nand=\"son\"", "4: number=2 note=Ed"}, ""},
		{"a space before a quote", "number, note\n1, \"Dana, of 2b\"\n", []string{"2: number=1 note=Dana, of 2b"}, ""},
		{"rows too short and too long", "number,note\n1\n2,Dana\n3,Ed,Ed\n4,Flo,,\n", []string{"2: bad ", "3: number=2 note=Dana", "4: bad ", "5: number=4 note=Flo"}, ""},
		{"a quote in the middle", "number,note\n1,Da\"na\n2,Ed\n", []string{"2: bad ", "3: number=2 note=Ed"}, ""},
		{"a name with capitals", "number,var.Name\n1,Dana\n", []string{"2: number=1 var.Name=Dana"}, ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			rows, encoding, err := read(t, x.file, options)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(x.want, rows); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if encoding != x.encoding {
				t.Errorf("the encoding is %q, want %q", encoding, x.encoding)
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	o := options
	o.Needs = []string{"number"}
	o.Map = map[string]string{"Patient Name": "var.Name"}
	if _, err := New(strings.NewReader("Cell,patient  name,colour\n"), o); err == nil {
		t.Fatal("a name with two spaces is another one")
	}
	table, err := New(strings.NewReader("number,PATIENT NAME,colour,size,\n"), o)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"number", "var.Name", "", "", ""}, table.columns); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"colour", "size"}, table.Ignored()); diff != "" {
		t.Error(diff)
	}
	for file, about := range map[string]string{
		"":                                   "empty",
		"\ufeff":                             "empty",
		",,,\n\n":                            "empty",
		"number,phone number,Patient Name":   "duplicate column number",
		"number,var.Name,Patient Name":       "duplicate column var.Name",
		"number,note":                        "no column \"patient_name\"",
		"mobile,Patient Name":                "no column number",
		"type,\"number\nrevoke,+12122352671": "header",
		"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":   "old format",
		"PK\x03\x04 and no more":             "workbook",
	} {
		if _, err := New(strings.NewReader(file), o); err == nil || !strings.Contains(err.Error(), about) {
			t.Errorf("%q: %v, want %q", file, err, about)
		}
	}
	o.Map = map[string]string{"note": "colour"}
	if _, err := New(strings.NewReader("number,note\n"), o); err == nil || !strings.Contains(err.Error(), "unknown column colour") {
		t.Errorf("a map to nowhere: %v", err)
	}
}

// A quote that never closes in a large file is no reason to hold the file in memory.
func TestARowHasABound(t *testing.T) {
	t.Parallel()
	table, err := New(io.MultiReader(strings.NewReader("number,note\n1,Dana\n2,\""), endless{}), options)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := table.Next(); err != nil {
		t.Fatal(err)
	}
	if _, err := table.Next(); !errors.Is(err, errLongRow) {
		t.Error(err)
	}
	_, _, err = read(t, "number,note\n1,Dana\n2,\"Ed\n3,Flo\n", options)
	var open *OpenQuoteError
	if !errors.As(err, &open) || open.Line != 3 {
		t.Error(err)
	}
}

// endless is a text without end.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return copy(p, "4155550143,Ed\n"), nil }

// Whatever a file holds, it is read to an end, line by line, and no cell has a sign that
// could not be read.
func FuzzTable(f *testing.F) {
	for _, seed := range []string{"", "number\n1\n", "sep=;\rnumber;note\r1;\"a\"\"\rb\"\r", "\xff\xfen\x00\n\x00", "number,note\n1,\xe9\n2,é\n", "number\n=\"1\"\n", "number\n\"", "PK\x03\x04"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		table, err := New(strings.NewReader(string(b)), options)
		if err != nil {
			return
		}
		defer table.Close()
		for last := 0; ; {
			r, err := table.Next()
			var bad *RowError
			if err != nil && !errors.As(err, &bad) {
				return
			}
			line := r.Line
			if bad != nil {
				line = bad.Line
			}
			if line <= last {
				t.Fatalf("line %d comes after line %d", line, last)
			}
			last = line
			for column, v := range r.Values {
				if err == nil && (strings.ContainsRune(v, unreadable) || strings.TrimSpace(v) == "") {
					t.Fatalf("%s is %q", column, v)
				}
			}
		}
	})
}
