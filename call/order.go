package call

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/patchcord/patchcord/agent"
	"github.com/patchcord/patchcord/calllog"
	"github.com/patchcord/patchcord/consent"
	"github.com/patchcord/patchcord/phone"
)

// Order is a call that somebody wants placed.
type Order struct {
	ID        string // of the call, in our log; Place makes one if it is empty
	To, From  phone.Number
	Agent     string          // its name in the configuration
	Purpose   consent.Purpose // defaults to the agent's own
	Marketing bool            // one promotional sentence makes the whole call telemarketing
	Subject   string          // what it is about, at most 200 bytes; never spoken by the bridge
	Variables map[string]string
	Location  consent.Location // where the person is, if the order knows
}

// The errors of [Switchboard.Place], beside *[OrderError], *consent.DeniedError and
// *consent.LedgerError. None of them rang anybody.
var (
	ErrDraining = errors.New("call: the service is shutting down and doesn't place calls")
	ErrFull     = errors.New("call: this instance is at capacity")
	ErrNoGate   = errors.New("call: can't place calls: no consent gate or no Twilio account is configured")
)

// OrderError says all that is wrong with an order.
type OrderError struct{ Fields []FieldError }

// FieldError is one field of an order, by its name in the API, and what is wrong.
type FieldError struct{ Field, Problem string }

func (e *OrderError) Error() string {
	var list []string
	for _, f := range e.Fields {
		list = append(list, f.Field+": "+f.Problem)
	}
	return "call: order: " + strings.Join(list, "; ")
}

// Bounds of an order, in bytes and pieces.
const (
	subjectMost   = 200
	variablesMost = 50
	variableMost  = 2000 // name and value together
)

var stateCode = regexp.MustCompile(`^[A-Z]{2}$`)

// Check is all that is wrong with an order, or nil. No value is in it but names of
// agents and purposes.
func (b *Switchboard) Check(o Order) error {
	_, _, err := b.resolve(o)
	return err
}

// resolve completes an order and finds its agent.
func (b *Switchboard) resolve(o Order) (Order, *Profile, error) {
	var wrong []FieldError
	add := func(field, format string, args ...any) {
		wrong = append(wrong, FieldError{field, fmt.Sprintf(format, args...)})
	}
	if o.To.IsZero() {
		add("to", "is missing")
	}
	if o.From.IsZero() {
		add("from", "is missing")
	}
	profile := b.cfg.Profiles[o.Agent]
	switch {
	case o.Agent == "":
		add("agent", "is missing")
	case profile == nil:
		add("agent", "there is no agent of this name")
	case profile.Seller.Name == "":
		add("agent", "the agent calls on no seller's behalf")
	}
	if o.Purpose == "" && profile != nil {
		o.Purpose = profile.Purpose
	}
	switch {
	case o.Purpose == "":
		add("purpose", "is missing")
	case !slices.Contains(consent.Purposes, o.Purpose):
		add("purpose", "is none of %v", consent.Purposes)
	}
	if len(o.Subject) > subjectMost || !utf8.ValidString(o.Subject) {
		add("subject", "is longer than %d bytes, or no UTF-8", subjectMost)
	}
	if why := badVariables(o.Variables); why != "" {
		add("variables", "%s", why)
	} else if profile != nil {
		wrong = append(wrong, profile.Check(o.Variables)...)
	}
	if s := o.Location.State; s != "" && !stateCode.MatchString(s) {
		add("location.state", "is not two capital letters")
	}
	if z := o.Location.Zone; z != "" {
		if _, err := phone.LoadZone(z); err != nil {
			add("location.zone", "is no time zone such as America/New_York")
		}
	}
	if len(wrong) > 0 {
		return o, nil, &OrderError{wrong}
	}
	return o, profile, nil
}

// badVariables is what is wrong with variables of a call; empty if nothing is. It quotes
// none of them.
func badVariables(all map[string]string) string {
	if len(all) > variablesMost {
		return fmt.Sprintf("are %d: want %d at most", len(all), variablesMost)
	}
	for name, value := range all {
		if name == "" || len(name)+len(value) > variableMost {
			return fmt.Sprintf("have one without a name, or longer than %d bytes", variableMost)
		}
		if err := agent.CheckVariable(name, value); err != nil {
			return "have one that no voice can be given: " + err.Error()
		}
	}
	return ""
}

// Request is the order as the gate sees it. It has no CallID until it is placed.
func (b *Switchboard) Request(o Order) (consent.Request, error) {
	o, p, err := b.resolve(o)
	if err != nil {
		return consent.Request{}, err
	}
	return b.request("", o.To, o.From, p, o.log("")), nil
}

// decided is an order with the duties of a decision about its call.
func decided(o *calllog.Order, d consent.Decision) *calllog.Order {
	with := *o
	with.Duties, with.Say = nil, ""
	for _, r := range d.Duties {
		if r.Duty == consent.DutyEmergencyText {
			with.Say = r.Say
		}
	}
	for _, duty := range d.Owed() {
		with.Duties = append(with.Duties, string(duty))
	}
	return &with
}

// log is the order as the call log keeps it.
func (o Order) log(permitID string) *calllog.Order {
	return &calllog.Order{PermitID: permitID, Purpose: string(o.Purpose), Marketing: o.Marketing, Subject: o.Subject,
		Variables: maps.Clone(o.Variables), State: o.Location.State, Zone: o.Location.Zone}
}

// request is what the gate is asked about a call: the same before it is placed and
// when it is answered, on whichever instance.
func (b *Switchboard) request(id string, to, from phone.Number, p *Profile, o *calllog.Order) consent.Request {
	r := consent.Request{CallID: id, To: to, From: from, Agent: p.Name, Seller: p.Seller, Purpose: consent.Purpose(o.Purpose), Marketing: o.Marketing,
		Subject: o.Subject, Location: consent.Location{State: o.State, Zone: o.Zone}, Voicemail: p.Voicemail == VoicemailMessage, Kept: p.Record}
	if answers := b.cfg.Profiles[b.cfg.Numbers[from.E164()]]; answers != nil {
		r.FromSeller = answers.Seller.Name
	}
	return r
}
