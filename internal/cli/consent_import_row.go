package cli

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

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
func (d *importDefaults) event(row map[string]string, zone *time.Location, order string) (map[string]any, map[string]error) {
	wrong := map[string]error{}
	e := map[string]any{"actor": "cli", "source": d.Source}
	for name, v := range map[string]string{"type": d.Type, "seller": d.Seller} {
		if v != "" {
			e[name] = v
		}
	}
	number := refusingNumber
	switch kind := cmp.Or(row["type"], d.Type); consent.Type(kind) {
	case consent.Grant, consent.Scrub, consent.NumberFact: // of use only for somebody who can be called
		number = parseNumber
	}
	proof := map[string]string{}
	for name, v := range row {
		var err error
		switch {
		case slices.Contains(evidenceColumns, name):
			proof[name] = v
		case name == "number":
			var n phone.Number
			n, err = number(v)
			e[name] = n.E164()
		case name == "occurred_at" || name == "not_before":
			e[name], err = moment(v, zone, order)
		case name == "version_date" || name == "date_param":
			e[name], err = dayOf(v, zone, order)
		case name == "purposes" || name == "channels":
			e[name] = words(v)
		case name == "facility" || name == "litigator":
			yes, ok := map[string]bool{"true": true, "yes": true, "1": true, "false": false, "no": false, "0": false}[strings.ToLower(v)]
			if !ok {
				err = errors.New("want yes or no")
			}
			e[name] = yes
		case name == "state":
			e[name] = strings.ToUpper(v)
		default:
			e[name] = v
		}
		if err != nil {
			wrong[name] = err
		}
	}
	if e["number"] == nil {
		wrong["number"] = missing("")
	}
	if e["type"] == nil {
		wrong["type"] = missing("a column type, or --type")
	}
	if e["type"] == "grant" {
		d.fillGrant(e)
	}
	if len(proof) > 0 {
		e["evidence"] = proof
	}
	return e, wrong
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

func (d *importDefaults) fillGrant(e map[string]any) {
	if e["tier"] == nil && d.Tier != "" {
		e["tier"] = d.Tier
	}
	if e["purposes"] == nil && len(d.Purpose) > 0 {
		e["purposes"] = d.Purpose
	}
	if e["channels"] == nil && len(d.Channel) > 0 {
		e["channels"] = d.Channel
	}
}

// words cuts a list.
func words(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(";|, \t", r) })
}
