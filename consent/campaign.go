package consent

import (
	"cmp"
	"fmt"
)

// Campaign is the calls that count together for the share that may be abandoned: those of
// one agent, for one seller and purpose. 47 CFR 64.1200(a)(7).
type Campaign struct {
	Seller  string  `json:"seller"`
	Agent   string  `json:"agent"`
	Purpose Purpose `json:"purpose"`
}

func (c Campaign) String() string {
	return fmt.Sprintf("%s, %s, %s", c.Seller, c.Agent, words(string(c.Purpose)))
}

// Campaign is the one that a call belongs to.
func (r Request) Campaign() Campaign { return Campaign{r.Seller.Name, r.Agent, r.Purpose} }

// Campaign is the one that a fact about a call, or a release, is of.
func (f Fact) Campaign() Campaign { return Campaign{f.Seller, f.Agent, f.Purpose} }

// Calls counts the calls of one campaign in the last 30 days.
type Calls struct {
	Answered   int `json:"answered"`   // by a person
	Abandoned  int `json:"abandoned"`  // of these, those in which nothing was heard within two seconds
	Unreleased int `json:"unreleased"` // of these, those since an operator last released the campaign
}

// Plus is the calls of two campaigns that are one.
func (c Calls) Plus(more Calls) Calls {
	return Calls{c.Answered + more.Answered, c.Abandoned + more.Abandoned, c.Unreleased + more.Unreleased}
}

// callsOf counts the calls of a request's campaign, those under other keys of its seller among
// them: who gets another key keeps its abandoned calls.
func (r *Request) callsOf(counts map[Campaign]Calls) (sum Calls) {
	campaign := r.Campaign()
	sum = counts[campaign]
	for _, key := range r.Seller.Keys {
		if key != r.Seller.Name {
			campaign.Seller = key
			sum = sum.Plus(counts[campaign])
		}
	}
	return sum
}

// Releases is the fact that an operator lets a campaign call again.
func Releases(c Campaign, by, reason string) Fact {
	return Fact{Type: Released, Seller: c.Seller, Agent: c.Agent, Purpose: c.Purpose, Source: "operator", Actor: "api",
		Via: ViaAPI, By: by, Reason: reason}
}

// abandonment is the share of answered calls that were abandoned, of the campaign's last 30
// days. No policy stretches the law's 3 percent. Below the floor one such call is more
// than that already: there a second one holds the campaign until somebody has looked.
func abandonment(e *evaluation) []Result {
	v := federal("abandonment", EffectBlock, "47 CFR 64.1200(a)(7); 16 CFR 310.4(b)(1)(iv), (b)(4)")
	answered, late := e.s.Campaign.Answered, e.s.Campaign.Abandoned
	most := min(cmp.Or(e.policy.Caps.AbandonPercent, 3), 3)
	floor := cmp.Or(e.policy.Caps.AbandonFloor, 34)
	rate := fmt.Sprintf("%d of %d answered calls of this campaign (%s) in the last 30 days were abandoned: nothing "+
		"was heard within 2 seconds",
		late, answered, e.req.Campaign())
	below := fmt.Sprintf("below %d answered calls (abandon_floor), one abandoned call already exceeds %d%%", floor, most)
	switch {
	case e.urgent():
		return v.notApplicable("an emergency call")
	case e.req.AtAnswer:
		return v.notApplicable(placed + ": ending it now would abandon it")
	case answered < floor && e.s.Campaign.Unreleased >= 2:
		return v.as(EffectHold).fails(fmt.Sprintf("%s; %s, so a second one holds the campaign until an operator "+
			"releases it", rate, below))
	case answered < floor:
		return v.passes(fmt.Sprintf("%s; %s, and a second one holds the campaign", rate, below))
	case 100*late >= most*answered:
		return v.fails(fmt.Sprintf("%s; less than %d%% is allowed", rate, most))
	case 150*late >= most*answered:
		return v.as(EffectWarn).fails(fmt.Sprintf("%s; less than %d%% is allowed", rate, most))
	}
	return v.passes(rate)
}
