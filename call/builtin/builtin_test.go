package builtin

import (
	"strings"
	"testing"
)

// Each tool is described in sentences, and refuses an argument that it doesn't have without doing anything.
func TestTools(t *testing.T) {
	for _, info := range All() {
		if !strings.HasSuffix(info.Description, ".") || len(info.Schema) == 0 {
			t.Errorf("%s is described as %q, with the schema %s", info.Name, info.Description, info.Schema)
		}
		var f fakeCall
		got := f.uses(t, info.Name, `{"made_up":1}`)
		if !strings.HasPrefix(got, "refused: ") || !strings.Contains(got, "made_up") {
			t.Errorf("%s answers %q", info.Name, got)
		}
		f.does(t)
	}
	if _, ok := Find("made_up"); ok {
		t.Error("found a tool that isn't there")
	}
}
