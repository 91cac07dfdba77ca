//go:build !linux

package pgserver

import (
	"os/exec"
	"strconv"
	"strings"
)

// family returns the postmaster on the data, by the folder in its command
// line. Its children end when it does.
func family(data string) []int {
	state, err := readPidFile(data)
	if err != nil {
		return nil
	}
	out, err := exec.Command("ps", "-o", "command=", "-p", strconv.Itoa(state.pid)).Output()
	if err != nil || !strings.Contains(string(out), data) {
		return nil
	}
	return []int{state.pid}
}
