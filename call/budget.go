package call

import (
	"fmt"
	"slices"
	"time"

	"github.com/patchcord/patchcord/agent"
)

// A voice that goes over a budget so many times in a minute is given up.
const (
	oversMost  = 3
	overWithin = time.Minute
)

// spending is what a voice has used of a call's budgets, and how often it went over one.
type spending struct {
	entries, interims, tools window // of the last minute
	toolsInAll               int
	dropped                  map[string]bool // segments that are over the budget
	overs                    map[agent.Budget][]time.Time
	noted                    map[agent.Budget]bool // the log has a note
}

// window is when something happened in the last minute, oldest first.
type window []time.Time

// take notes one more, unless there are so many.
func (w *window) take(most int, now time.Time) bool {
	i := slices.IndexFunc(*w, func(t time.Time) bool { return now.Sub(t) < time.Minute })
	if i < 0 {
		i = len(*w)
	}
	if *w = slices.Delete(*w, 0, i); len(*w) >= most {
		return false
	}
	*w = append(*w, now)
	return true
}

// spend charges what the voice does to its budgets. It returns the event as far as they allow
// it, nil for none, and the budget that it is over, if any.
func (c *Call) spend(ev agent.Event, now time.Time) (agent.Event, agent.Budget) {
	b := c.profile.Budgets.WithDefaults()
	if o, ok := ev.(agent.Over); ok { // the wire's client has dropped it
		return nil, o.Budget
	}
	if weight(ev) > b.Message {
		return nil, agent.BudgetMessage
	}
	segment := segmentOf(ev)
	if c.spent.dropped[segment] {
		return nil, ""
	}
	if t, ok := ev.(agent.ToolCall); ok {
		if c.errands.taken.Has(t.ID) { // it has come before
			return ev, ""
		}
		over := c.spent.tool(&b, now)
		if over == "" {
			return ev, ""
		}
		c.errands.decline(t)
		c.loseAgent(c.errands.pay(c.link.agent), now)
		return nil, over
	}
	said, words := ev.(agent.CallerSaid)
	var over agent.Budget
	switch {
	case words && said.Interim && !c.spent.interims.take(b.InterimsMinute, now):
		c.keepPartial(said)
		return nil, agent.BudgetInterimsMinute
	case !c.entered(ev):
		return feel(ev, b.Emotions)
	case c.journal.seq >= b.Entries:
		over = agent.BudgetEntries
	case !c.spent.entries.take(b.EntriesMinute, now):
		over = agent.BudgetEntriesMinute
	default:
		return feel(ev, b.Emotions)
	}
	c.spent.drop(segment)
	if words { // a refusal is one, written down or not
		c.takes(said.Text, c.wishes.question, now, now)
	}
	return nil, over
}

// tool charges a tool call.
func (s *spending) tool(b *agent.Budgets, now time.Time) agent.Budget {
	switch {
	case s.toolsInAll >= b.Tools:
		return agent.BudgetTools
	case !s.tools.take(b.ToolsMinute, now):
		return agent.BudgetToolsMinute
	default:
		s.toolsInAll++
	}
	return ""
}

// decline answers a tool call that is over a budget. It is not run, and has no line.
func (e *errands) decline(t agent.ToolCall) {
	e.taken.First(t.ID)
	if t.WantAnswer {
		e.owed = append(e.owed, agent.ToolAnswer{ID: t.ID, Name: t.Name, Arguments: t.Arguments,
			Content: "Too many tools were used in this call. Go on without them.", Error: "over the budget of tool calls"})
	}
}

// drop forgets all that comes of a segment. A few are remembered: one follows the other.
func (s *spending) drop(segment string) {
	if segment == "" {
		return
	}
	if s.dropped == nil || len(s.dropped) >= maxMuted {
		s.dropped = map[string]bool{}
	}
	s.dropped[segment] = true
}

// over counts that the voice went over a budget. First is true once for each; lost says that it did so again and again,
// and is given up: the next voice goes on, or the fallback.
func (s *spending) over(b agent.Budget, now time.Time) (first bool, lost *agent.LostError) {
	if s.noted == nil {
		s.noted, s.overs = map[agent.Budget]bool{}, map[agent.Budget][]time.Time{}
	}
	first = !s.noted[b]
	s.noted[b] = true
	times := slices.DeleteFunc(s.overs[b], func(t time.Time) bool { return now.Sub(t) >= overWithin })
	if s.overs[b] = append(times, now); len(s.overs[b]) < oversMost {
		return first, nil
	}
	return first, &agent.LostError{Op: "receive", Code: "over_budget", Fatal: true,
		Err: fmt.Errorf("the voice went over its budget %s %d times in a minute", b, oversMost)}
}

// overBudget writes down that the voice went over a budget, and gives it up if that is too much.
func (c *Call) overBudget(b agent.Budget, now time.Time) (Outcome, bool) {
	first, lost := c.spent.over(b, now)
	if first {
		c.log.Warn().Str("budget", string(b)).Msg("voice exceeded a budget; dropping the excess")
		c.journal.note("the voice went over its budget "+string(b)+"; the surplus is dropped", now)
	}
	if lost == nil || c.link.agent == nil {
		return Outcome{}, false
	}
	c.spent = spending{toolsInAll: c.spent.toolsInAll} // the next voice has a minute of its own
	c.loseAgent(lost, now)
	return c.unlessServed(&c.journal, c.link.learn(lost, now), lost)
}
