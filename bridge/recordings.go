package bridge

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/recording"
)

// recordingsDir is the folder of the calls' recordings. Only an erasure deletes one.
func (c *config) recordingsDir() string { return filepath.Join(c.DataDir, "recordings") }

// recordings opens the folder and warns of what stands in the way of recording. It stops
// nothing: a call goes on without its recording.
func (c *config) recordings(log zerolog.Logger) *recording.Folder {
	if len(c.recording()) > 0 {
		if err := writable(c.recordingsDir()); err != nil {
			log.Error().Err(err).Msg("recordings can't be written: calls will not be recorded")
		}
	}
	for _, name := range c.recordsUnsaid() {
		log.Warn().Str("agent", name).Msg("an agent records the calls that come in, and its opening does not say so")
	}
	return recording.NewFolder(c.recordingsDir())
}

// recording is the agents that record, in order.
func (c *config) recording() (names []string) {
	for _, name := range slices.Sorted(maps.Keys(c.file.Agents)) {
		if c.file.Agents[name].Record {
			names = append(names, name)
		}
	}
	return names
}

// recordsUnsaid is the agents that record calls which come in without saying so first. Some
// states want everyone's consent to a recording. Of calls that are placed badOpenings knows.
func (c *config) recordsUnsaid() (names []string) {
	answering := slices.Collect(maps.Values(c.file.answers()))
	for _, name := range c.recording() {
		o := c.file.Agents[name].Opening
		if (c.file.asks() || slices.Contains(answering, name)) && (o == nil || !call.SaysRecorded(o.Text)) {
			names = append(names, name)
		}
	}
	return names
}

// checkRecordings looks at what records.
func checkRecordings(c *config) (all []finding) {
	names := c.recording()
	if len(names) == 0 {
		return nil
	}
	for _, name := range c.recordsUnsaid() {
		all = append(all, finding{"agent " + name, warning, "it records (record: true), and calls that come in begin without a word of it: let its opening say that the call is recorded. Some states want everyone's consent"})
	}
	if err := writable(c.recordingsDir()); err != nil {
		return append(all, finding{"recordings", wrong, inLine(err) + ": calls will not be recorded"})
	}
	return append(all, finding{"recordings", well, fmt.Sprintf("%d agent(s) record into %s; only bridge consent erase deletes there", len(names), c.recordingsDir())})
}

// mendRecordings completes what a crash left.
func (s *service) mendRecordings() {
	n, err := s.recordings.Mend()
	if err != nil {
		s.log.Warn().Err(err).Msg("recordings that an earlier run left incomplete can't be completed")
	}
	if n > 0 {
		s.log.Info().Int("recordings", n).Msg("recordings that an earlier run left incomplete are complete now")
	}
}
