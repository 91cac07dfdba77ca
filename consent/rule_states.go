package consent

import (
	"fmt"
	"slices"
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
		return federal("device.state", EffectBlock, "state laws on announcing devices").notApplicable("the call sells nothing")
	}
	return e.eachState("device.state", EffectBlock, func(v verdict, state string, row StateRow) Result {
		if c := deviceByState[state]; c != "" {
			v.citation = c
		}
		switch row.Device {
		case "":
			return v.say(NotApplicable, fmt.Sprintf("no statute of %s on announcing devices is on file", state), nil)
		case deviceAllow:
			return v.say(Pass, state+" allows it, by the policy", nil)
		case deviceBlock:
			return v.say(Fail, state+" bans sales calls by announcing devices, and consent does not cure it", nil)
		}
		if slices.Contains(e.policy.AllowStates, state) {
			return v.say(Pass, fmt.Sprintf("counsel has signed %s off (allow_states)", state), nil)
		}
		return v.say(Fail, fmt.Sprintf("%s limits announcing devices, and counsel has not signed it off (allow_states)", state), nil)
	})
}

func registrationState(e *evaluation) []Result {
	if !e.telemarketing() {
		return federal("registration.state", EffectBlock, "state laws on sellers by telephone").notApplicable("the call sells nothing")
	}
	return e.eachState("registration.state", EffectBlock, func(v verdict, state string, row StateRow) Result {
		if c := registrationByState[state]; c != "" {
			v.citation = c
		}
		switch {
		case !row.Register:
			return v.say(NotApplicable, fmt.Sprintf("no registration in %s is on file as needed", state), nil)
		case slices.Contains(e.policy.AllowStates, state):
			return v.say(Pass, fmt.Sprintf("registered or exempt in %s, by the policy (allow_states)", state), nil)
		}
		return v.say(Fail, fmt.Sprintf("%s wants sellers registered before the first sales call (allow_states)", state), nil)
	})
}

// Where the states say so; what is not here stands in the row.
var (
	deviceByState = map[string]string{
		"AR": "Ark. Code §5-63-204", "CA": "Cal. Pub. Util. Code §§2871-2876", "GA": "O.C.G.A. §46-5-23", "IN": "Ind. Code §24-5-14",
		"ME": "10 M.R.S. §1498", "MI": "MCL 445.111a", "MN": "Minn. Stat. §§325E.26-.31", "MS": "Miss. Code §77-3-451", "MT": "MCA 45-8-216",
		"NC": "N.C.G.S. §75-104", "ND": "N.D.C.C. §51-28-02", "NE": "Neb. Rev. Stat. §86-250", "NH": "RSA 359-E:2", "NJ": "N.J.S.A. 48:17-28",
		"OR": "ORS 646A.370", "SD": "SDCL 37-30-23 to -28", "TN": "T.C.A. §47-18-1501", "TX": "Tex. Util. Code §55.121", "WA": "RCW 80.36.400", "WY": "Wyo. Stat. §6-6-104",
	}
	registrationByState = map[string]string{
		"AK": "AS 45.63.010", "AZ": "A.R.S. §44-1272", "CO": "C.R.S. 6-1-303", "DC": "D.C. Code §22-3226.02", "FL": "Fla. Stat. §501.605", "ID": "Idaho Code §48-1004",
		"MS": "Miss. Code §77-3-605", "NJ": "N.J.S.A. 56:8-121", "OH": "Ohio R.C. §4719.02", "RI": "R.I. Gen. Laws §5-61-3", "TX": "Tex. Bus. & Com. Code ch. 302",
		"UT": "Utah Code §13-26-3", "VT": "9 V.S.A. §2464a", "WA": "RCW 19.158.050", "WI": "ATCP 127.81",
	}
)
