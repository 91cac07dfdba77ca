package service

import (
	"maps"
	"path/filepath"
	"slices"

	"github.com/rs/zerolog"

	"github.com/patchcord/patchcord/call"
	"github.com/patchcord/patchcord/internal/config"
	"github.com/patchcord/patchcord/recording"
)

// RecordingsDir is the folder of the calls' recordings. Only an erasure deletes one.
func RecordingsDir(c *config.Config) string { return filepath.Join(c.DataDir, "recordings") }

// OpenRecordings opens the folder and warns of what stands in the way of recording. It stops
// nothing: a call goes on without its recording.
func OpenRecordings(c *config.Config, log zerolog.Logger) *recording.Folder {
	if len(RecordingAgents(c)) > 0 {
		if err := Writable(RecordingsDir(c)); err != nil {
			log.Error().Err(err).Msg("recordings not writable: calls will not be recorded")
		}
	}
	for _, name := range RecordsUnsaid(c) {
		log.Warn().Str("agent", name).Msg("agent records inbound calls, but its opening does not say so")
	}
	return recording.NewFolder(RecordingsDir(c))
}

// RecordingAgents is the agents that record, in order.
func RecordingAgents(c *config.Config) (names []string) {
	for _, name := range slices.Sorted(maps.Keys(c.File.Agents)) {
		if c.File.Agents[name].Record {
			names = append(names, name)
		}
	}
	return names
}

// RecordsUnsaid is the agents that record calls which come in without saying so first. Some
// states want everyone's consent to a recording. Of calls that are placed badOpenings knows.
func RecordsUnsaid(c *config.Config) (names []string) {
	answering := slices.Collect(maps.Values(c.File.Answers()))
	for _, name := range RecordingAgents(c) {
		o := c.File.Agents[name].Opening
		if (c.File.Asks() || slices.Contains(answering, name)) && (o == nil || !call.SaysRecorded(o.Text)) {
			names = append(names, name)
		}
	}
	return names
}

// mendRecordings completes what a crash left.
func (s *Service) mendRecordings() {
	n, err := s.Recordings.Mend()
	if err != nil {
		s.log.Warn().Err(err).Msg("incomplete recordings of an earlier run not completed")
	}
	if n > 0 {
		s.log.Info().Int("recordings", n).Msg("incomplete recordings of an earlier run completed")
	}
}
