package consent

// verdict is a result in the making: what is the same however a rule comes out.
type verdict struct {
	rule, citation string
	jurisdiction   string
	effect         Effect
}

// federal begins the result of a rule that is the same everywhere.
func federal(rule string, effect Effect, citation string) verdict {
	return verdict{rule: rule, citation: citation, jurisdiction: "US", effect: effect}
}

// as is the verdict with another effect.
func (v verdict) as(effect Effect) verdict {
	v.effect = effect
	return v
}

func (v verdict) say(s Status, reason string, relied []*Fact) Result {
	r := Result{Rule: v.rule, Jurisdiction: v.jurisdiction, Status: s, Effect: v.effect, Reason: reason,
		Citation: v.citation}
	for _, f := range relied {
		if f.Seq > 0 { // one in the spool has no place yet
			r.Facts = append(r.Facts, f.Seq)
		}
	}
	return r
}

func (v verdict) passes(reason string, relied ...*Fact) []Result {
	return []Result{v.say(Pass, reason, relied)}
}

func (v verdict) fails(reason string, relied ...*Fact) []Result {
	return []Result{v.say(Fail, reason, relied)}
}

// missing is that a fact is not there: never a pass.
func (v verdict) missing(reason string, relied ...*Fact) []Result {
	return []Result{v.say(Unknown, reason, relied)}
}

func (v verdict) notApplicable(reason string) []Result {
	return []Result{v.say(NotApplicable, reason, nil)}
}

// duty is what the call has to do.
func (v verdict) duty(name Duty, reason string) []Result {
	r := v.as(EffectInCall).say(Pass, reason, nil)
	r.Duty = name
	return []Result{r}
}

// eachState gives one result for each state in which the person may be, in the
// order of the places. Without any state nobody knows which rules hold.
func (e *evaluation) eachState(rule string, effect Effect,
	judge func(v verdict, state string, row StateRow) Result) []Result {
	var results []Result
	var seen [8]string // nearly always enough, and then nothing is allocated
	states := seen[:0]
next:
	for _, p := range e.places {
		if p.State == "" {
			continue
		}
		for _, s := range states {
			if s == p.State {
				continue next
			}
		}
		states = append(states, p.State)
		v := verdict{rule: rule + "." + p.State, jurisdiction: p.State, effect: effect}
		row, ok := e.policy.States[p.State]
		if !ok {
			results = append(results, v.as(EffectHold).say(Unknown, "the policy has no row for "+stateName(p.State), nil))
			continue
		}
		v.citation = row.Citation
		results = append(results, judge(v, p.State, row))
	}
	if len(states) == 0 {
		return federal(rule, EffectHold, "").missing("the state of the person called is unknown")
	}
	return results
}
