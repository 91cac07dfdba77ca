package config

import (
	"fmt"

	"github.com/patchcord/patchcord/agent"
)

// budgetsBlock is `budgets:` of an agent: how much its voice may make of a call.
type budgetsBlock struct {
	Message        *int `yaml:"message"` // bytes
	Echo           *int `yaml:"echo"`    // bytes
	Emotions       *int `yaml:"emotions"`
	EntriesMinute  *int `yaml:"entries_per_minute"`
	Entries        *int `yaml:"entries"`
	InterimsMinute *int `yaml:"interims_per_minute"`
	ToolsMinute    *int `yaml:"tool_calls_per_minute"`
	Tools          *int `yaml:"tool_calls"`
}

// budgetSetting is a budget as bridge.yaml has it, where it goes, and its bounds.
type budgetSetting struct {
	name        agent.Budget
	value       *int // nil: the default
	to          *int
	least, most int
}

// settings are all budgets, which go to b.
func (l budgetsBlock) settings(b *agent.Budgets) []budgetSetting {
	return []budgetSetting{
		{agent.BudgetMessage, l.Message, &b.Message, 4 << 10, 1 << 20},
		{agent.BudgetEcho, l.Echo, &b.Echo, 64 << 10, 8 << 20},
		{agent.BudgetEmotions, l.Emotions, &b.Emotions, 1, 256},
		{agent.BudgetEntriesMinute, l.EntriesMinute, &b.EntriesMinute, 10, 1000},
		{agent.BudgetEntries, l.Entries, &b.Entries, 100, 100_000},
		{agent.BudgetInterimsMinute, l.InterimsMinute, &b.InterimsMinute, 60, 10_000},
		{agent.BudgetToolsMinute, l.ToolsMinute, &b.ToolsMinute, 1, 600},
		{agent.BudgetTools, l.Tools, &b.Tools, 1, 10_000},
	}
}

// Budgets are those of an agent; 0 stands for a default.
func (l budgetsBlock) Budgets() agent.Budgets {
	var b agent.Budgets
	for _, s := range l.settings(&b) {
		if s.value != nil {
			*s.to = *s.value
		}
	}
	return b
}

func (k *checker) budgets(agentName string, l budgetsBlock) {
	for _, s := range l.settings(&agent.Budgets{}) {
		if s.value != nil && (*s.value < s.least || *s.value > s.most) {
			k.wrong(fmt.Sprintf("want %d to %d", s.least, s.most), "agents", agentName, "budgets", string(s.name))
		}
	}
}
