package bridge

import (
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/server"
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
func (d *importDefaults) event(row map[string]string, zone *time.Location) (map[string]any, []server.FieldError) {
	var wrong []server.FieldError
	bad := func(field, detail string) { wrong = append(wrong, server.FieldError{Field: field, Detail: detail}) }
	e := map[string]any{"actor": "cli", "source": d.Source}
	for name, v := range map[string]string{"type": d.Type, "seller": d.Seller} {
		if v != "" {
			e[name] = v
		}
	}
	proof := map[string]string{}
	for name, v := range row {
		switch {
		case slices.Contains(evidenceColumns, name):
			proof[name] = v
		case name == "number":
			n, err := parseNumber(v)
			if err != nil {
				bad(name, err.Error())
			}
			e[name] = n.E164()
		case name == "occurred_at" || name == "not_before":
			t, err := parseTime(v, zone)
			if err != nil {
				bad(name, err.Error())
			}
			e[name] = t.Format(time.RFC3339)
		case name == "purposes" || name == "channels":
			e[name] = words(v)
		case name == "facility" || name == "litigator":
			yes, ok := map[string]bool{"true": true, "yes": true, "1": true, "false": false, "no": false, "0": false}[strings.ToLower(v)]
			if !ok {
				bad(name, "want yes or no")
			}
			e[name] = yes
		case name == "state":
			e[name] = strings.ToUpper(v)
		default:
			e[name] = v
		}
	}
	if e["number"] == nil {
		bad("number", "it is required")
	}
	if e["type"] == nil {
		bad("type", "it is required: a column type, or --type")
	}
	if e["type"] == "grant" {
		d.fillGrant(e)
	}
	if len(proof) > 0 {
		e["evidence"] = proof
	}
	slices.SortFunc(wrong, func(a, b server.FieldError) int { return strings.Compare(a.Field, b.Field) })
	return e, wrong
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
