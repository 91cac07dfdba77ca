package consent

import (
	"cmp"
	"fmt"
)

// The rules about what a state wants of sellers and their machines before the
// first sales call.
var stateRules = []rule{
	{"device.state", EffectBlock, deviceState},
	{"registration.state", EffectBlock, registrationState},
}

// The words of StateRow.Device.
const (
	deviceAllow   = "allow"
	deviceBlock   = "block"
	deviceCounsel = "counsel_required"
)

// deviceState is the statutes on automatic dialing and announcing devices. Whether
// an AI that listens is a recorded message, no court has said: assume yes.
func deviceState(e *evaluation) []Result {
	if !e.telemarketing() {
		return federal("device.state", EffectBlock,
			"state laws on announcing devices").notApplicable("the call contains no marketing")
	}
	return e.eachState("device.state", EffectBlock, func(v verdict, state string, row StateRow) Result {
		name := stateName(state)
		v.citation = cmp.Or(row.DeviceCitation, row.Citation)
		switch row.Device {
		case "":
			return v.say(NotApplicable, fmt.Sprintf("no statute of %s on announcing devices is recorded", name), nil)
		case deviceAllow:
			return v.say(Pass, name+" allows sales calls with an artificial voice, according to the policy", nil)
		case deviceBlock:
			return v.say(Fail, name+" bans sales calls by announcing devices, and consent does not cure it", nil)
		}
		if _, ok := e.policy.AllowStates[state]; ok {
			return v.say(Pass, fmt.Sprintf("counsel has approved calls to %s (allow_states)", name), nil)
		}
		return v.say(Fail, fmt.Sprintf("%s limits announcing devices, and counsel has not approved calls there (allow_states)",
			name), nil)
	})
}

func registrationState(e *evaluation) []Result {
	if !e.telemarketing() {
		return federal("registration.state", EffectBlock,
			"state laws on sellers by telephone").notApplicable("the call contains no marketing")
	}
	return e.eachState("registration.state", EffectBlock, func(v verdict, state string, row StateRow) Result {
		name := stateName(state)
		v.citation = cmp.Or(registrationByState[state], row.Citation)
		_, allowed := e.policy.AllowStates[state]
		switch {
		case !row.Register:
			return v.say(NotApplicable, fmt.Sprintf("no registration requirement is recorded for %s", name), nil)
		case allowed:
			return v.say(Pass, fmt.Sprintf("registered or exempt in %s, according to the policy (allow_states)", name), nil)
		}
		return v.say(Fail, fmt.Sprintf("%s requires sellers to register before the first sales call (allow_states)", name), nil)
	})
}

// registrationByState is where the states say so that want sellers registered.
var registrationByState = map[string]string{
	"AK": "AS 45.63.010", "AZ": "A.R.S. §44-1272", "CO": "C.R.S. 6-1-303", "DC": "D.C. Code §22-3226.02",
	"FL": "Fla. Stat. §501.605", "ID": "Idaho Code §48-1004",
	"MS": "Miss. Code §77-3-605", "NJ": "N.J.S.A. 56:8-121", "OH": "Ohio R.C. §4719.02",
	"RI": "R.I. Gen. Laws §5-61-3", "TX": "Tex. Bus. & Com. Code ch. 302",
	"UT": "Utah Code §13-26-3", "VT": "9 V.S.A. §2464a", "WA": "RCW 19.158.050", "WI": "ATCP 127.81",
}
