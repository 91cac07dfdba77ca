package calllog

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Of a person the file of refused changes loses headers, lines of the calls, and what can't be
// read; others' lines stay as they were.
func TestRefusedChangesAreErased(t *testing.T) {
	dir := t.TempDir()
	var b bytes.Buffer
	put := func(c Change) {
		if err := json.NewEncoder(&b).Encode(c); err != nil {
			t.Fatal(err)
		}
	}
	const theirs, others = "+14155550142", "+14155550143"
	for id, c := range map[string]Call{"in": {Direction: Inbound, From: theirs, To: others}, "out": {Direction: Outbound, From: others, To: theirs}, "other": {Direction: Inbound, From: others, To: theirs}} {
		c.ID = id
		put(Change{Call: &c})
		put(Change{CallID: id, Entry: &Entry{Seq: 1, Kind: KindCaller, Text: "said in " + id}})
	}
	put(Change{CallID: "known", Entry: &Entry{Seq: 1, Kind: KindCaller, Text: "said in known"}})
	b.WriteString("half a line")
	path := filepath.Join(dir, "rejected.ndjson")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	w := start(t, WriterConfig{Store: newTable(), Dir: dir})
	ids, err := w.RejectedWith(theirs)
	if slices.Sort(ids); err != nil || !slices.Equal(ids, []string{"in", "out"}) {
		t.Fatalf("%q, %v", ids, err)
	}
	for i, want := range []int{6, 0} {
		if n, err := w.EraseRejected(theirs, append(ids, "known")); n != want || err != nil {
			t.Errorf("%d: %d lines, %v", i, n, err)
		}
	}
	left, err := os.ReadFile(path)
	if err != nil || bytes.Count(left, []byte("\n")) != 2 || !strings.Contains(string(left), "said in other") {
		t.Errorf("left is %s, %v", left, err)
	}
	wantMode(t, path, 0o600)
}
