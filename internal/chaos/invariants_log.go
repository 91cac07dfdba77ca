package chaos

import (
	"fmt"
	"slices"

	"github.com/patchcord/patchcord/calllog"
)

// line is the name of a line of the call log.
type logLine struct {
	call       string
	epoch, seq int
}

// wholeLog checks the lines of every call.
func wholeLog(w *World) (bad []string) {
	seen := map[logLine]calllog.Entry{}
	seqs := map[string][]int{}
	for _, c := range w.db.written() {
		if c.Entry == nil {
			continue
		}
		name := logLine{c.CallID, c.Epoch, c.Entry.Seq}
		old, again := seen[name]
		if again && (old.Kind != c.Entry.Kind || old.AtMS != c.Entry.AtMS) {
			bad = append(bad, fmt.Sprintf("line %+v is both %s at %d ms and %s at %d ms", name, old.Kind, old.AtMS, c.Entry.Kind, c.Entry.AtMS))
		}
		if !again {
			seqs[c.CallID] = append(seqs[c.CallID], c.Entry.Seq)
		}
		seen[name] = *c.Entry
	}
	if w.killings > 0 {
		return bad // what the dead instance had in memory is lost with it
	}
	for id, list := range seqs {
		slices.Sort(list)
		for i, seq := range slices.Compact(list) {
			if seq != i+1 {
				bad = append(bad, fmt.Sprintf("call %s: line %d is missing", id, i+1))
				break
			}
		}
	}
	return bad
}
