package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/patchcord/patchcord/api"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/keys"
)

// Bounds of what operators tell the ledger.
const (
	maxEventsLength = 4 << 20 // bytes of a body
	maxEvents       = 1000    // events in it
	maxWordLength   = 100     // bytes of a word, a name or a date
	maxNoteLength   = 4000
	maxProofLength  = 20_000 // of the text that a person agreed to
)

// eventFields is what an operator may say. The rest of a fact is the ledger's own.
var (
	eventFields    = fieldsOf[api.Event]()
	evidenceFields = fieldsOf[consent.Evidence]()
)

// readEvents reads the body of POST /v1/consent/events: one event, or several.
func (s *Server) readEvents(raw []byte, via consent.Via, now time.Time, wrong *[]api.FieldError) (facts []consent.Fact, many bool) {
	if !isArray(raw) {
		return []consent.Fact{s.readEvent(raw, "", via, now, wrong)}, false
	}
	list, ok := readList(raw, "body", maxEvents, wrong)
	if !ok {
		return nil, true
	}
	for i, one := range list {
		facts = append(facts, s.readEvent(one, eventPath(i, true), via, now, wrong))
		if enough(*wrong) {
			return nil, true
		}
	}
	return facts, true
}

// eventPath is where an event stands in its body.
func eventPath(i int, many bool) string {
	if !many {
		return ""
	}
	return fmt.Sprintf("[%d].", i)
}

func isArray(raw []byte) bool {
	for _, c := range raw {
		switch c {
		case ' ', '\t', '\r', '\n':
			continue
		}
		return c == '['
	}
	return false
}

// readList reads an array of 1 to most elements, and no further.
func readList(raw []byte, name string, most int, wrong *[]api.FieldError) (list []json.RawMessage, ok bool) {
	no := func(detail string) ([]json.RawMessage, bool) {
		*wrong = append(*wrong, fieldError(name, detail))
		return nil, false
	}
	const want = "not JSON: want an array of objects"
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return no(want)
	}
	for d.More() {
		var one json.RawMessage
		if err := d.Decode(&one); err != nil {
			return no(want)
		}
		if len(list) == most {
			return no(fmt.Sprintf("more than %d entries: want 1 to %d", most, most))
		}
		list = append(list, one)
	}
	if _, err := d.Token(); err != nil || len(bytes.TrimSpace(raw[d.InputOffset():])) > 0 {
		return no(want)
	}
	if len(list) == 0 {
		return no(fmt.Sprintf("no entries: want 1 to %d", most))
	}
	return list, true
}

func (s *Server) readEvent(raw []byte, path string, via consent.Via, now time.Time, wrong *[]api.FieldError) consent.Fact {
	o := readObject(raw, path, wrong, eventFields...)
	if o.fields == nil {
		return consent.Fact{}
	}
	f := consent.Fact{Type: consent.Type(o.text("type", maxWordLength)), Number: o.number("number"), Seller: o.text("seller", maxWordLength),
		Source: o.text("source", maxWordLength), Actor: o.text("actor", maxWordLength), Note: o.text("note", maxNoteLength),
		Tier: consent.Tier(o.text("tier", maxWordLength)), Subject: o.text("subject", maxWordLength), Scope: o.text("scope", maxWordLength),
		List: o.text("list", maxWordLength), VersionDate: o.text("version_date", maxWordLength), Result: o.text("result", maxWordLength),
		LineType: o.text("line_type", maxWordLength), State: o.text("state", maxWordLength), Zone: o.text("zone", maxWordLength),
		Reassigned: o.text("reassigned", maxWordLength), DateParam: o.text("date_param", maxWordLength),
		Facility: o.flag("facility", false), Litigator: o.flag("litigator", false),
		After: o.text("after", maxWordLength), Before: o.text("before", maxWordLength),
		Via: via, By: o.text("by", maxWordLength), Reason: o.text("reason", maxNoteLength), Words: o.text("words", maxNoteLength)}
	o.read("renews", "the seq of a row", &f.Renews)
	f.OccurredAt, f.OccurredOn = o.moment("occurred_at")
	o.read("purposes", "an array of purposes", &f.Purposes)
	o.read("channels", "an array of channels", &f.Channels)
	if _, given := o.fields["not_before"]; given {
		at, on := o.moment("not_before")
		if on != "" {
			at = consent.DayBegun(at)
		}
		f.NotBefore = &at
	}
	if _, given := o.fields["evidence"]; given {
		f.Evidence = evidence(o.object("evidence", evidenceFields...))
	}
	switch f.Actor {
	case "":
		f.Actor = "api"
	case "gate", "call", "sms", "ledger":
		o.complain("actor", "reserved for the bridge itself")
	}
	switch _, known := s.cfg.Directory.seller(f.Seller); {
	case !known && f.Seller != "":
		o.complain("seller", "unknown seller")
	case f.Seller == "" && s.cfg.Directory.whole != nil && !o.complained("seller"):
		o.complain("seller", "required: this key is limited to some sellers")
	}
	f = f.WithDefaults(now)
	var bad consent.FieldErrors
	if errors.As(f.Validate(now), &bad) {
		for _, e := range bad {
			if !o.complained(e.Field) { // of a field of the wrong form one complaint is enough
				o.complain(e.Field, "%s", e.Problem)
			}
		}
	}
	return f
}

func evidence(o object) *consent.Evidence {
	if o.fields == nil {
		return nil
	}
	return &consent.Evidence{Method: o.text("method", maxWordLength), Text: o.text("text", maxProofLength), URL: o.text("url", maxNoteLength), IP: o.text("ip", maxWordLength),
		UserAgent: o.text("user_agent", maxNoteLength), Signature: o.text("signature", maxNoteLength), VerifiedBy: o.text("verified_by", maxNoteLength)}
}

// time reads an instant.
func (o object) time(name string) time.Time {
	var t time.Time
	o.read(name, "a time such as 2026-11-22T18:00:00Z", &t)
	return t
}

// moment reads an instant, or a day of which nothing more is known: then it is the
// day's noon.
func (o object) moment(name string) (at time.Time, on string) {
	const want = "a time such as 2026-11-22T18:00:00Z, or a date such as 2026-11-22"
	var text string
	if !o.read(name, want, &text) {
		return at, ""
	}
	if at, err := consent.NoonOf(text); err == nil {
		return at, text
	}
	o.read(name, want, &at)
	return at, ""
}

// recordEvents writes what an operator tells, all or none. With dry_run=true it
// only looks whether it could.
func (s *Server) recordEvents(w http.ResponseWriter, r *http.Request) {
	var wrong []api.FieldError
	dry := dryRun(r, &wrong)
	raw, ok := readBody(w, r, maxEventsLength)
	if !ok {
		return
	}
	facts, many := s.readEvents(raw, viaOf(r, &wrong), s.cfg.now(), &wrong)
	ctx, cancel := settling(r)
	defer cancel()
	if len(wrong) == 0 {
		if err := s.checkNamed(ctx, facts, many, &wrong); err != nil {
			s.ledgerAway(err).send(w)
			return
		}
	}
	if len(wrong) > 0 {
		wrongFields(wrong).send(w)
		return
	}
	if !s.mayRecord(w, r, facts, dry) {
		return
	}
	if dry {
		reply(w, http.StatusOK, []consent.Receipt{})
		return
	}
	receipts, err := s.cfg.Gate.Record(ctx, facts...)
	switch {
	case errors.Is(err, consent.ErrEvidenceSeen):
		wrongField("evidence.text", "was already recorded: a renewal requires a new act of the person, or their number in it").send(w)
	case err != nil:
		s.ledgerAway(err).send(w)
	case many:
		reply(w, http.StatusCreated, receipts)
	default:
		reply(w, http.StatusCreated, receipts[0])
	}
}

// mayRecord tells whether the request's key may record facts: a refusal with the right
// stop, all else with consent. To lift a refusal is an override, which is recorded first.
// If it is false it has answered.
func (s *Server) mayRecord(w http.ResponseWriter, r *http.Request, facts []consent.Fact, dry bool) bool {
	for _, f := range facts {
		if !s.key.May(keys.Consent) && !f.Type.Refuses() {
			problem(w, http.StatusForbidden, "forbidden", fmt.Sprintf("this key lacks the right %s: with %s it can only record opt-outs", keys.Consent, keys.Stop))
			return false
		}
	}
	for _, f := range facts {
		if f.Renews != 0 && !dry && !s.recordAs(w, r, consent.Access{Key: s.key.Name, Right: Override, Route: r.Pattern, Number: f.Number}) {
			return false
		}
	}
	return true
}

// checkNamed holds facts that name a row to what the ledger knows of it.
func (s *Server) checkNamed(ctx context.Context, facts []consent.Fact, many bool, wrong *[]api.FieldError) error {
	problems, err := s.cfg.Gate.CheckNamed(ctx, facts, func(name string) consent.Seller {
		seller, _ := s.cfg.Directory.seller(name)
		return seller
	})
	for i, list := range problems {
		for _, p := range list {
			*wrong = append(*wrong, fieldError(eventPath(i, many)+p.Field, p.Problem))
		}
	}
	return err
}

// dryRun reads the query of a route that has this parameter alone.
func dryRun(r *http.Request, wrong *[]api.FieldError) bool {
	dry := false
	query := r.URL.Query()
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if name != "dry_run" {
			*wrong = append(*wrong, fieldError(short(name), "unknown parameter: this route takes dry_run"))
			continue
		}
		var err error
		if dry, err = strconv.ParseBool(query.Get(name)); err != nil {
			*wrong = append(*wrong, fieldError(name, "want true or false"))
		}
	}
	return dry
}
