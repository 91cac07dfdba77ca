package cli

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/internal/table"
	"github.com/patchcord/patchcord/phone"
)

// The columns of an import, in the wire's own words, and other names that they go by.
var (
	evidenceColumns = []string{"method", "text", "url", "ip", "user_agent", "signature", "verified_by"}
	columns         = append([]string{"type", "number", "seller", "occurred_at", "source", "note", "tier", "purposes", "channels", "scope", "list", "version_date", "result",
		"line_type", "state", "zone", "reassigned", "date_param", "facility", "litigator", "not_before", "after", "before"}, evidenceColumns...)
	columnNames = map[string]string{"phone": "number", "phone_number": "number", "mobile": "number", "date": "occurred_at", "time": "occurred_at", "consented_at": "occurred_at",
		"purpose": "purposes", "channel": "channels", "consent_text": "text", "ip_address": "ip", "page": "url", "reason": "note"}
)

// event makes the event of a row. The service looks at the rest.
func (d *importDefaults) event(row map[string]string, zone *time.Location, order string) (api.Event, map[string]error) {
	wrong := map[string]error{}
	e := api.Event{Type: consent.Type(d.Type), Seller: d.Seller, Source: d.Source, Actor: "cli"}
	if kind, ok := row["type"]; ok {
		e.Type = consent.Type(kind)
	}
	for name, v := range row {
		if err := setColumn(&e, name, v, zone, order); err != nil {
			wrong[name] = err
		}
	}
	if _, ok := row["number"]; !ok {
		wrong["number"] = missing("")
	}
	if e.Type == "" {
		wrong["type"] = missing("a column type, or --type")
	}
	if e.Type == consent.Grant {
		d.fillGrant(&e)
	}
	return e, wrong
}

// setColumn reads a column of a row into an event, whose type is known.
func setColumn(e *api.Event, name, v string, zone *time.Location, order string) (err error) {
	switch name {
	case "number":
		number := refusingNumber
		switch e.Type {
		case consent.Grant, consent.Scrub, consent.NumberFact: // of use only for somebody who can be called
			number = parseNumber
		}
		var n phone.Number
		n, err = number(v)
		e.Number = n.E164()
	case "occurred_at":
		e.OccurredAt, err = moment(v, zone, order)
	case "not_before":
		e.NotBefore, err = moment(v, zone, order)
	case "version_date":
		e.VersionDate, err = dayOf(v, zone, order)
	case "date_param":
		e.DateParam, err = dayOf(v, zone, order)
	case "purposes":
		e.Purposes = purposesOf(words(v))
	case "channels":
		e.Channels = words(v)
	case "facility":
		e.Facility, err = yesOrNo(v)
	case "litigator":
		e.Litigator, err = yesOrNo(v)
	case "tier":
		e.Tier = consent.Tier(v)
	case "state":
		e.State = strings.ToUpper(v)
	default:
		setText(e, name, v)
	}
	return err
}

// setText sets a text of an event, or of its evidence.
func setText(e *api.Event, name, v string) {
	texts := map[string]*string{"seller": &e.Seller, "source": &e.Source, "note": &e.Note, "scope": &e.Scope,
		"list": &e.List, "result": &e.Result, "line_type": &e.LineType, "zone": &e.Zone, "reassigned": &e.Reassigned,
		"after": &e.After, "before": &e.Before}
	if slices.Contains(evidenceColumns, name) {
		if e.Evidence == nil {
			e.Evidence = &consent.Evidence{}
		}
		p := e.Evidence
		texts = map[string]*string{"method": &p.Method, "text": &p.Text, "url": &p.URL, "ip": &p.IP,
			"user_agent": &p.UserAgent, "signature": &p.Signature, "verified_by": &p.VerifiedBy}
	}
	if text, ok := texts[name]; ok {
		*text = v
	}
}

func yesOrNo(v string) (bool, error) {
	switch strings.ToLower(v) {
	case "true", "yes", "1":
		return true, nil
	case "false", "no", "0":
		return false, nil
	}
	return false, errors.New("want yes or no")
}

// moment is a time as the service reads it; a day stays a day.
func moment(s string, zone *time.Location, order string) (string, error) {
	w, err := table.ParseWhen(s, zone, order)
	if err != nil || w.Day != "" {
		return w.Day, err
	}
	return w.At.Format(time.RFC3339Nano), nil
}

// dayOf is a day, whatever time of it is said.
func dayOf(s string, zone *time.Location, order string) (string, error) {
	w, err := table.ParseWhen(s, zone, order)
	if err != nil || w.Day != "" {
		return w.Day, err
	}
	return w.At.Format(time.DateOnly), nil
}

func (d *importDefaults) fillGrant(e *api.Event) {
	e.Tier = cmp.Or(e.Tier, consent.Tier(d.Tier))
	if e.Purposes == nil && len(d.Purpose) > 0 {
		e.Purposes = purposesOf(d.Purpose)
	}
	if e.Channels == nil && len(d.Channel) > 0 {
		e.Channels = d.Channel
	}
}

// words cuts a list.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(";|, \t", r) })
}
