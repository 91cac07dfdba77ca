package cli

import (
	"fmt"

	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/internal/service"
)

// checkRecordings looks at what records.
func checkRecordings(c *config.Config) (all []config.Finding) {
	names := service.RecordingAgents(c)
	if len(names) == 0 {
		return nil
	}
	for _, name := range service.RecordsUnsaid(c) {
		all = append(all, config.Finding{What: "agent " + name, State: config.Warning, Say: "it records (record: true), but its opening on inbound calls does not mention it: let the opening say that the call is recorded. Some states require everyone's consent"})
	}
	if err := service.Writable(service.RecordingsDir(c)); err != nil {
		return append(all, config.Finding{What: "recordings", State: config.Wrong, Say: config.InLine(err) + ": calls will not be recorded"})
	}
	return append(all, config.Finding{What: "recordings", State: config.Well, Say: fmt.Sprintf("%d agent(s) record into %s; only bridge consent erase deletes there", len(names), service.RecordingsDir(c))})
}
