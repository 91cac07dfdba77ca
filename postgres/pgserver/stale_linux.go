package pgserver

import (
	"os"
	"path/filepath"
	"strconv"
)

// family returns the processes of a server on the data. All of them have it as
// their working folder, and keep the name of their program.
func family(data string) []int {
	home, err := os.Stat(data)
	if err != nil {
		return nil
	}
	var pids []int
	links, _ := filepath.Glob("/proc/[0-9]*/cwd") // fails on a bad pattern only
	for _, link := range links {
		dir, err := os.Stat(link)
		if err != nil || !os.SameFile(dir, home) { // gone, or not ours to see
			continue
		}
		name, err := os.ReadFile(filepath.Join(filepath.Dir(link), "comm"))
		if err != nil || string(name) != "postgres\n" { // a shell, say
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(link)))
		if err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}
