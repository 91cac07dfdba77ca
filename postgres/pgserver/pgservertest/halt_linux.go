package pgservertest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Alive tells whether a process runs; one that nobody has waited for does not.
func Alive(pid int) bool {
	state, _, ok := stat(fmt.Sprintf("/proc/%d/stat", pid))
	return ok && state != "Z"
}

func children(of int) (pids []int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		if _, parent, ok := stat(path); ok && parent == of {
			var pid int
			fmt.Sscanf(path, "/proc/%d/stat", &pid)
			pids = append(pids, pid)
		}
	}
	return pids
}

// stat reads "pid (name) state parent …".
func stat(path string) (state string, parent int, ok bool) {
	b, err := os.ReadFile(path)
	if err != nil {
		return "", 0, false
	}
	rest := string(b[strings.LastIndexByte(string(b), ')')+1:])
	n, _ := fmt.Sscan(rest, &state, &parent)
	return state, parent, n == 2
}
