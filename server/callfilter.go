package server

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/patchcord/patchcord/calllog"
)

// filter reads the query of a list. A parameter that nobody knows is an error, and so is a
// word that no call can have: a filter that is silently ignored shows too much.
func filter(r *http.Request) (calllog.Filter, error) {
	var f calllog.Filter
	for name, values := range r.URL.Query() {
		v := values[0]
		var err error
		switch name {
		case "limit":
			f.Limit, err = limitOf(v, calllog.MaxLimit)
		case "cursor":
			f.Cursor = v
		case "id":
			f.ID = v
		case "agent":
			f.Agent = v
		case "outcome":
			f.Outcome, err = v, oneOf(name, v, calllog.Outcomes)
		case "direction":
			f.Direction, err = v, oneOf(name, v, []string{calllog.Inbound, calllog.Outbound})
		case "twilio_call_sid":
			f.TwilioCallSID = v
		case "live":
			var live bool
			if live, err = strconv.ParseBool(v); err != nil {
				err = fmt.Errorf("live is %q: want true or false", short(v))
			}
			f.Live = &live
		default:
			err = fmt.Errorf("unknown parameter %s: this list takes "+
				"agent, cursor, direction, id, limit, live, outcome, twilio_call_sid", short(name))
		}
		if err != nil {
			return f, err
		}
	}
	return f, nil
}

// limitOf reads how long a page may be.
func limitOf(v string, most int) (int, error) {
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > most {
		return 0, fmt.Errorf("limit is %q: want a number from 1 to %d", short(v), most)
	}
	return n, nil
}

// oneOf holds a parameter to the words that it may be.
func oneOf(name, v string, words []string) error {
	if slices.Contains(words, v) {
		return nil
	}
	return fmt.Errorf("%s is %q: want one of %s", name, short(v), strings.Join(words, ", "))
}

// noAgent and noSeller answer a filter that names nobody.
const (
	noAgent  = "agent: there is no agent of that name"
	noSeller = "unknown seller"
)

// unknownAgent tells whether a list is empty since its agent is nobody: bridge.yaml has no
// such agent, and one of old would have left something. Any asks whether it did.
func (s *Server) unknownAgent(found int, agent string, any func() (int, error)) (bool, error) {
	if _, known := s.cfg.Directory.Agents[agent]; known || agent == "" || found > 0 {
		return false, nil
	}
	n, err := any()
	return n == 0, err
}
