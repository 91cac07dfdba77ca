package lookup

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// actor is who writes down what was looked up.
const actor = "lookup"

// answer is what an endpoint says, in our own words or in those of Twilio Lookup v2:
// https://www.twilio.com/docs/lookup/v2-api
type answer struct {
	Number      string `json:"number"` // the one that was asked about: an answer about another is none
	LineType    string `json:"line_type"`
	Reassigned  string `json:"reassigned"` // yes, no, no_data
	Date        string `json:"date"`       // since when; may be left out
	Result      string `json:"result"`     // of a list: yes, no
	VersionDate string `json:"version_date"`
	State       string `json:"state"` // whose list; may be left out

	PhoneNumber string `json:"phone_number"` // Twilio's number
	Line        *struct {
		Type string `json:"type"`
	} `json:"line_type_intelligence"`
	Change *struct {
		Date       string `json:"last_verified_date"`
		Reassigned string `json:"is_number_reassigned"`
	} `json:"reassigned_number"`
}

// lines are the line types that others name otherwise. Of a landline nobody says whose:
// a home's is the stricter.
var lines = map[string]string{"mobile": "wireless", "pager": "wireless", "landline": "residential_landline",
	"fixedvoip": "voip", "nonfixedvoip": "voip", "tollfree": "tollfree"}

// read makes facts of an answer. All that is wrong with it is an error, and no fact.
func read(b []byte, q question, n phone.Number, seller, source string, now time.Time) (consent.Fact, error) {
	if err := unique(b); err != nil {
		return consent.Fact{}, err
	}
	var a answer
	d := json.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(&a); err != nil {
		return consent.Fact{}, errors.New("the answer is not a JSON object with the requested fields")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return consent.Fact{}, errors.New("the answer has extra data after its end")
	}
	if err := a.merge(); err != nil {
		return consent.Fact{}, err
	}
	switch {
	case a.Number != n.E164():
		return consent.Fact{}, errors.New("the answer does not name the requested number")
	case q.kind == Reassigned && a.Date != "" && a.Date != q.date:
		return consent.Fact{}, errors.New("the answer is for another date")
	case q.kind == DNCState && a.State != "" && a.State != q.state:
		return consent.Fact{}, errors.New("the answer is for another state")
	}
	f := consent.Fact{Type: consent.NumberFact, Number: n, Seller: seller, OccurredAt: now.UTC(), Source: source,
		Actor: actor}
	switch q.kind {
	case Reassigned:
		f.Reassigned, f.DateParam, f.LineType = a.Reassigned, q.date, a.LineType
		if !slices.Contains([]string{consent.Yes, consent.No, consent.NoData}, f.Reassigned) {
			return f, errors.New("the answer does not say whether the number was reassigned")
		}
	case LineType:
		f.LineType = a.LineType
	case DNCNational, DNCState:
		f.Type, f.List, f.State, f.Result, f.VersionDate = consent.Scrub, string(q.kind), q.state, a.Result, a.VersionDate
	}
	if err := f.Validate(now); err != nil {
		return f, fmt.Errorf("the answer is not a valid fact: %w", err)
	}
	return f, nil
}

// merge brings Twilio's words and ours together. Where an answer has both they must
// agree.
func (a *answer) merge() error {
	line, change, date := "", "", ""
	if a.Line != nil {
		if line = lineOf(a.Line.Type); line != "" && !slices.Contains(consent.LineTypes, line) {
			line = "unknown" // such as premium, or what they think of next
		}
	}
	if a.Change != nil {
		change, date = a.Change.Reassigned, a.Change.Date
	}
	if len(date) == len("20060102") {
		date = date[:4] + "-" + date[4:6] + "-" + date[6:]
	}
	for _, pair := range []struct {
		into *string
		more string
		same func(string) string
	}{
		{&a.Number, a.PhoneNumber, strings.TrimSpace}, {&a.LineType, line, lineOf}, {&a.Reassigned, change, reassignedOf},
		{&a.Date, date, strings.TrimSpace},
	} {
		*pair.into = pair.same(*pair.into)
		more := pair.same(pair.more)
		if *pair.into != "" && more != "" && *pair.into != more {
			return errors.New("the answer contradicts itself")
		}
		if *pair.into == "" {
			*pair.into = more
		}
	}
	return nil
}

func lineOf(s string) string {
	if ours, ok := lines[strings.ToLower(s)]; ok {
		return ours
	}
	return s
}

// reassignedOf is the answer as the ledger has it; "no data" is the database's own.
func reassignedOf(s string) string { return strings.ReplaceAll(strings.ToLower(s), " ", "_") }

// unique refuses an object that says a thing twice: readers differ in which they believe.
func unique(b []byte) error {
	type level struct {
		object, value bool
		names         map[string]bool
	}
	var open []level
	for d := json.NewDecoder(bytes.NewReader(b)); ; {
		t, err := d.Token()
		if err != nil {
			return nil //nolint:nilerr // what is no JSON is told by whoever reads it
		}
		top := len(open) - 1
		switch delim, _ := t.(json.Delim); {
		case delim == '{' || delim == '[':
			if top >= 0 {
				open[top].value = false
			}
			open = append(open, level{object: delim == '{', names: map[string]bool{}})
			continue
		case delim != 0:
			open = open[:top]
			continue
		}
		if top < 0 || !open[top].object {
			continue
		}
		name, _ := t.(string)
		if !open[top].value {
			if name = strings.ToLower(name); open[top].names[name] {
				return errors.New("the answer has a duplicate entry")
			}
			open[top].names[name] = true
		}
		open[top].value = !open[top].value
	}
}
