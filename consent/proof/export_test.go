package proof

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"

	"github.com/patchcord/patchcord/consent"
)

func mustJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// exported is an export of so many rows; those in links stand there as sums.
func exported(t testing.TB, rows int, links ...int64) []byte {
	t.Helper()
	var b []byte
	var last Row
	for range rows {
		r, private := compose(t, last, fullFact())
		s, err := ReadBody(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		s.Fact.Hash = r.Hash.String()
		if err := s.Reveal(private); err != nil {
			t.Fatal(err)
		}
		link := false
		for _, seq := range links {
			link = link || seq == r.Seq
		}
		if link {
			b, err = AppendLink(b, &r)
		} else {
			b, err = AppendExported(b, &r, &s, private, true)
		}
		if err != nil {
			t.Fatal(err)
		}
		last = r
	}
	return b
}

func withoutLine(b []byte, line int) string {
	lines := strings.SplitAfter(string(b), "\n")
	return strings.Join(append(lines[:line:line], lines[line+1:]...), "")
}

func TestVerifyExport(t *testing.T) {
	whole := exported(t, 5)
	tests := []struct {
		name string
		text string
		want VerifyResult
	}{
		{"a whole export", string(whole), VerifyResult{OK: true, Rows: 5, First: 1, Last: 5}},
		{"an empty one", "", VerifyResult{OK: true}},
		{"one with rows as sums", string(exported(t, 5, 2, 3)), VerifyResult{OK: true, Rows: 5, First: 1, Last: 5,
			Withheld: 2}},
		{"one with a row left out", withoutLine(whole, 2), VerifyResult{OK: true, Rows: 4, First: 1, Last: 5, Gaps: 1}},
		{"one without the first row", withoutLine(whole, 0), VerifyResult{OK: true, Rows: 4, First: 2, Last: 5, Gaps: 1}},
		{"a changed body", strings.Replace(string(whole), "web_form", "web_fork", 1),
			VerifyResult{Problem: "line 1: its fact does not match its body and its personal data", FirstBad: 1}},
		{"a changed body and fact", strings.Replace(string(whole), "web_form", "web_fork", 2),
			VerifyResult{Problem: "line 1: its hash does not match its content", FirstBad: 1}},
		{"a row behind a chain of its own", strings.Replace(string(whole), `"seq":2,"prev":"`,
			`"seq":2,"prev":"`+strings.Repeat("0", 64)+`","x":"`, 1), VerifyResult{Rows: 1, First: 1, Last: 1,
			Problem: "line 2: its previous hash does not match the row before it", FirstBad: 2}},
		{"a sum that is none", strings.Replace(string(whole), `"hash":"`, `"hash":"z`, 1),
			VerifyResult{Problem: "line 1: a hash is not 64 hex digits", FirstBad: 1}},
		{"a body of another version", strings.Replace(string(whole), `{\"v\":2`, `{\"v\":3`, 1),
			VerifyResult{Problem: "line 1: consent: the body of a row has the unknown version 3", FirstBad: 1}},
		{"a seq that is another in the body", strings.Replace(string(whole), `"seq":1,"prev`, `"seq":2,"prev`, 1),
			VerifyResult{Gaps: 1, Problem: "line 1: its columns do not match its body", FirstBad: 2}},
		{"no record", "{}\n", VerifyResult{Problem: "line 1: a hash is not 64 hex digits"}},
		{"no JSON", "]\n", VerifyResult{Problem: "line 1: not a record of an export"}},
	}
	for _, test := range tests {
		got, err := VerifyExport(strings.NewReader(test.text))
		if len(got.Head) != 64 && got.Rows > 0 {
			t.Errorf("%s: the head is %q", test.name, got.Head)
		}
		got.Head = ""
		if err != nil || got != test.want {
			t.Errorf("%s:\n%+v, %v, want\n%+v", test.name, got, err, test.want)
		}
	}
	if _, err := VerifyExport(iotest.ErrReader(iotest.ErrTimeout)); err == nil {
		t.Error("an export that can't be read verifies")
	}
}

func TestVerifyBundle(t *testing.T) {
	dir := fstest.MapFS{}
	records := exported(t, 3)
	anchor := `{"seq":2,"hash":"` + strings.Split(strings.Split(string(records), "\n")[1],
		`"hash":"`)[1][:64] + `"}` + "\n" + `{"seq":3,"ha`
	write := func(anchors string) {
		b := Bundle{Records: func(w io.Writer) error { _, err := w.Write(records); return err },
			Anchors: strings.NewReader(anchors)}
		if err := b.write(func(name string, content func(io.Writer) error) error {
			var buf bytes.Buffer
			err := content(&buf)
			dir[name] = &fstest.MapFile{Data: buf.Bytes()}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	write(anchor)
	if r, err := VerifyBundle(dir); err != nil || !r.OK || r.Rows != 3 {
		t.Errorf("%+v, %v", r, err)
	}
	dir["README.txt"].Data[0] ^= 1
	if r, err := VerifyBundle(dir); err != nil || r.OK || !strings.Contains(r.Problem, "README.txt") {
		t.Errorf("a changed file: %+v, %v", r, err)
	}
	write(strings.Replace(anchor, `"hash":"`, `"hash":"0`, 1))
	if r, err := VerifyBundle(dir); err != nil || r.OK || !strings.Contains(r.Problem, "anchor") {
		t.Errorf("an anchor that names another row: %+v, %v", r, err)
	}
	delete(dir, "records.ndjson")
	if _, err := VerifyBundle(dir); err == nil {
		t.Error("a bundle without records verifies")
	}
}

// What is read from elsewhere must not panic, and what verifies is what was hashed.
func FuzzVerifyExport(f *testing.F) {
	f.Add(exported(f, 2))
	f.Add(exported(f, 3, 2))
	f.Add([]byte(`{"seq":1}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := VerifyExport(bytes.NewReader(b))
		if err != nil {
			return
		}
		again, err := VerifyExport(bytes.NewReader(b))
		if err != nil || again != r {
			t.Errorf("%+v, then %+v, %v", r, again, err)
		}
		if r.OK && strings.Contains(r.Problem, "line") || !r.OK && r.Problem == "" {
			t.Errorf("%+v", r)
		}
	})
}

func FuzzReadBody(f *testing.F) {
	r, _ := compose(f, Row{}, fullFact())
	f.Add(r.Body)
	f.Add([]byte(`{"v":1,"seq":1,"fact":{},"decided":{}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ReadBody(b)
		if err != nil {
			return
		}
		if _, err := consent.Encode(s.Fact); err != nil { // a year past 9999 can be read and not written
			return
		}
		if err := s.Reveal(b); err == nil {
			t.Error("a body reveals itself")
		}
	})
}
