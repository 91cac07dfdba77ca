package bridge

import "fmt"

// checkRecordings looks at what records.
func checkRecordings(c *config) (all []finding) {
	names := recordingAgents(c)
	if len(names) == 0 {
		return nil
	}
	for _, name := range recordsUnsaid(c) {
		all = append(all, finding{"agent " + name, warning, "it records (record: true), and calls that come in begin without a word of it: let its opening say that the call is recorded. Some states want everyone's consent"})
	}
	if err := writable(recordingsDir(c)); err != nil {
		return append(all, finding{"recordings", wrong, inLine(err) + ": calls will not be recorded"})
	}
	return append(all, finding{"recordings", well, fmt.Sprintf("%d agent(s) record into %s; only bridge consent erase deletes there", len(names), recordingsDir(c))})
}
