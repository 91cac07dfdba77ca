package agent

import "cmp"

// Budgets bound what a voice may make of a call. A field that is 0 has its default. What is
// over a budget is dropped, and the call is given an [Over].
type Budgets struct {
	// Message bounds what the voice makes itself, such as a transcript, a tool's arguments or
	// an error, in bytes a message and a text. Sound doesn't count. Defaults to 64 KiB.
	Message int
	// Echo bounds a message that repeats our settings or items, in bytes beside twice what
	// was sent. Defaults to 256 KiB.
	Echo int
	// Emotions are the scores of one turn or segment; the strongest are kept. Defaults to 64:
	// EVI has 48.
	Emotions int
	// EntriesMinute and Entries are the lines of the log that the voice makes, beside those of
	// tools, in any minute and in all of a call. They default to 40 and 20,000.
	EntriesMinute, Entries int
	// InterimsMinute are the texts of what the caller has said so far, in any minute, each of
	// which replaces the one before. Defaults to 1,200: one every 50 ms.
	InterimsMinute int
	// ToolsMinute and Tools are its tool calls, likewise. They default to 60 and 1,000.
	ToolsMinute, Tools int
}

// WithDefaults is b with the default of each field that is 0.
func (b Budgets) WithDefaults() Budgets {
	return Budgets{Message: cmp.Or(b.Message, 64<<10), Echo: cmp.Or(b.Echo, 256<<10), Emotions: cmp.Or(b.Emotions, 64),
		EntriesMinute: cmp.Or(b.EntriesMinute, 40), Entries: cmp.Or(b.Entries, 20_000),
		InterimsMinute: cmp.Or(b.InterimsMinute, 1200),
		ToolsMinute:    cmp.Or(b.ToolsMinute, 60), Tools: cmp.Or(b.Tools, 1000)}
}

// Budget names one of Budgets.
type Budget string

// The budgets, by their names in bridge.yaml.
const (
	BudgetMessage        Budget = "message"
	BudgetEcho           Budget = "echo"
	BudgetEmotions       Budget = "emotions"
	BudgetEntriesMinute  Budget = "entries_per_minute"
	BudgetEntries        Budget = "entries"
	BudgetInterimsMinute Budget = "interims_per_minute"
	BudgetToolsMinute    Budget = "tool_calls_per_minute"
	BudgetTools          Budget = "tool_calls"
)

// most is the budget over which a message was that a wire's client has skipped.
func (b Budgets) most(bound int) Budget {
	if bound > b.Message {
		return BudgetEcho
	}
	return BudgetMessage
}
