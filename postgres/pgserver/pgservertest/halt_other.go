//go:build !linux

package pgservertest

import (
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// Alive tells whether a process runs.
func Alive(pid int) bool { return syscall.Kill(pid, 0) == nil }

func children(of int) (pids []int) {
	out, _ := exec.Command("pgrep", "-P", strconv.Itoa(of)).Output()
	for _, line := range strings.Fields(string(out)) {
		var pid int
		fmt.Sscan(line, &pid)
		pids = append(pids, pid)
	}
	return pids
}
