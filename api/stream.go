package api

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/patchcord/patchcord/calllog"
)

// maxEvent bounds a line of a stream of events, in bytes.
const maxEvent = 1 << 20

// errBrokenOff is a stream of events that ended without its last event.
var errBrokenOff = errors.New("the call's events broke off")

// readEntries reads a call's server-sent events up to the one that says that the call is over,
// and gives each entry to take. Last is the id of the last event that had one, or the one before
// them. Events of other names are passed over.
func readEntries(r io.Reader, before string, take func(calllog.Entry)) (last string, err error) {
	last = before
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxEvent)
	name := ""
	for lines.Scan() {
		switch field, value, _ := strings.Cut(lines.Text(), ": "); field {
		case "":
			name = ""
		case "id":
			last = value
		case "event":
			if name = value; name == EventEnd {
				return last, nil
			}
		case "data":
			if err := readEvent(name, value, take); err != nil {
				return last, err
			}
		}
	}
	return last, errors.Join(errBrokenOff, lines.Err())
}

// readEvent reads the data of an event.
func readEvent(name, data string, take func(calllog.Entry)) error {
	switch name {
	case EventEntry:
		var e calllog.Entry
		if err := json.Unmarshal([]byte(data), &e); err != nil {
			return fmt.Errorf("the call's events: %w", err)
		}
		take(e)
	case EventUnauthorized:
		p := &Problem{Status: http.StatusUnauthorized}
		_ = json.Unmarshal([]byte(data), p) // what is no problem document has no words for us
		return p
	}
	return nil
}
