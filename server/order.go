package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Bounds of an order, in bytes unless said.
const (
	maxOrderLength    = 64 << 10
	maxNameLength     = 64
	maxSubjectLength  = 200
	maxVariableLength = 1000
	maxVariables      = 50 // how many
)

const wantNumber = "want a number in E.164 form, such as +14155550123"

var (
	orderFields = fieldsOf[api.CallRequest]()
	twoLetters  = regexp.MustCompile(`^[A-Z]{2}$`)
)

// readOrder reads the body of POST /v1/calls.
func (s *Server) readOrder(raw []byte, path string, wrong *[]api.FieldError) call.Order {
	o := readObject(raw, path, wrong, orderFields...)
	if o.fields == nil {
		return call.Order{}
	}
	order := call.Order{To: o.number("to"), Agent: o.text("agent", maxNameLength), Subject: o.text("subject", maxSubjectLength),
		Variables: o.variables("variables"), Location: o.location("location")}
	if _, ok := o.fields["to"]; !ok {
		o.complain("to", "required: the number to call")
	}
	agent, known := s.cfg.Directory.Agents[order.Agent]
	switch {
	case order.Agent == "" && !o.complained("agent"):
		o.complain("agent", "required: the agent that makes the call")
	case !known && !o.complained("agent"):
		o.complain("agent", "unknown agent")
	}
	order.Purpose = o.purpose("purpose", agent.Purpose)
	order.Marketing = o.flag("contains_marketing", !agent.NoMarketing)
	order.From = o.number("from")
	if !order.From.IsZero() && !s.cfg.Directory.mayShow(order.From) {
		o.complain("from", "not a number of this key's sellers")
	}
	if _, given := o.fields["from"]; !given && known {
		switch mine := s.cfg.Directory.numbersOf(order.Agent); len(mine) {
		case 1:
			order.From = mine[0]
		case 0:
			o.complain("from", "required: the agent %s has no number", order.Agent)
		default:
			o.complain("from", "required: there are %d numbers with the agent %s", len(mine), order.Agent)
		}
	}
	return order
}

// complained tells whether a field is among the wrong ones already.
func (o object) complained(name string) bool {
	return slices.ContainsFunc(*o.wrong, func(f api.FieldError) bool { return f.Field == o.path+name })
}

// number reads a telephone number; absent is the zero Number.
func (o object) number(name string) phone.Number {
	var text string
	if !o.read(name, strings.TrimPrefix(wantNumber, "want "), &text) {
		return phone.Number{}
	}
	n, err := phone.Parse(text)
	if err != nil {
		o.complain(name, wantNumber)
	}
	return n
}

// purpose reads what a call is for.
func (o object) purpose(name string, absent consent.Purpose) consent.Purpose {
	var words []string
	for _, p := range consent.Purposes {
		words = append(words, string(p))
	}
	want := "one of " + strings.Join(words, ", ")
	var p consent.Purpose
	switch _, given := o.fields[name]; {
	case !given && absent != "":
		return absent
	case !given:
		o.complain(name, "required: %s", want)
	case o.read(name, want, &p) && !slices.Contains(consent.Purposes, p):
		o.complain(name, "want %s", want)
	}
	return p
}

// variables reads what an agent is told; numbers and booleans become their text.
func (o object) variables(name string) map[string]string {
	var all map[string]json.RawMessage
	const want = "an object of strings, numbers and booleans"
	if !o.read(name, want, &all) {
		return nil
	}
	if len(all) > maxVariables {
		o.complain(name, "%d entries: want at most %d", len(all), maxVariables)
		return nil
	}
	values := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		var v any
		d := json.NewDecoder(bytes.NewReader(all[key]))
		d.UseNumber()
		if err := d.Decode(&v); err != nil {
			o.complain(name, "want %s", want)
			continue
		}
		switch v.(type) {
		case string, bool, json.Number:
		default:
			o.complain(name+"."+short(key), "want a string, a number or a boolean")
			continue
		}
		text := fmt.Sprint(v)
		if key == "" || len(key) > maxNameLength || len(text) > maxVariableLength {
			o.complain(name+"."+short(key), "want a name of 1 to %d bytes and a value of at most %d", maxNameLength, maxVariableLength)
			continue
		}
		values[key] = text
	}
	return values
}

// location reads where the person called is.
func (o object) location(name string) consent.Location {
	in := o.object(name, fieldsOf[consent.Location]()...)
	l := consent.Location{State: in.text("state", maxNameLength), Zone: in.text("zone", maxNameLength)}
	switch {
	case l.State != "" && !twoLetters.MatchString(l.State):
		in.complain("state", "want the two capital letters of a state, such as CA")
	case l.State != "" && phone.StateZones(l.State) == nil:
		in.complain("state", "not a US state: want one such as CA")
	}
	if l.Zone != "" {
		if err := phone.CheckZone(l.Zone); err != nil {
			in.complain("zone", "%v", err)
		} else if zones := phone.StateZones(l.State); zones != nil && !slices.Contains(zones, phone.ZoneOf(l.Zone)) {
			in.complain("zone", "not a time zone of this state")
		}
	}
	return l
}
