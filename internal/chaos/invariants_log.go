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

// writer is who writes lines of a call: an owner of it.
type writer struct {
	call  string
	epoch int
}

// wholeLog checks the lines of every call. The numbers of an owner go on where those of the last one end, as far as it
// knows: what they wrote in the same moment has the same numbers in another epoch.
func wholeLog(w *World) (bad []string) {
	seen := map[logLine]calllog.Entry{}
	seqs := map[writer][]int{}
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
			by := writer{c.CallID, c.Epoch}
			seqs[by] = append(seqs[by], c.Entry.Seq)
		}
		seen[name] = *c.Entry
	}
	bad = append(bad, doubled(seen)...)
	if w.killings > 0 {
		return bad // what the dead instance had in memory is lost with it
	}
	for by, list := range seqs {
		slices.Sort(list)
		for i, seq := range list {
			if seq != list[0]+i {
				bad = append(bad, fmt.Sprintf("%+v: line %d is missing", by, list[0]+i))
				break
			}
		}
	}
	return bad
}

// unknownEpoch is from where the epochs are of an owner that could not ask the database about the call.
const unknownEpoch = 1 << 30

// doubled is the lines that an owner has written again under its own epoch, so that they are in the log twice.
func doubled(seen map[logLine]calllog.Entry) (bad []string) {
	type line struct {
		call string
		seq  int
		kind calllog.Kind
		at   int64
	}
	epochs := map[line]int{}
	for name, e := range seen {
		if name.epoch >= unknownEpoch {
			continue // it began anew
		}
		l := line{name.call, name.seq, e.Kind, e.AtMS}
		if old, again := epochs[l]; again {
			bad = append(bad, fmt.Sprintf("line %+v is there for epochs %d and %d", l, old, name.epoch))
		}
		epochs[l] = name.epoch
	}
	return bad
}
