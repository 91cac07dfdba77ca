package sandbox

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Hide takes from others what the kernel shows of this process. The environment that it was started with, which
// /proc/PID/environ shows, is overwritten with zeros; os.Getenv goes on as before, from a copy. Then the process is made
// not dumpable: other processes of its user can neither trace it nor read its memory, nor is there a core dump. Call it
// first, while there is one goroutine.
func Hide() error {
	if err := wipeEnvironment(); err != nil {
		return fmt.Errorf("hide the environment: %w", err)
	}
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("hide the memory: %w", err)
	}
	return nil
}

// wipeEnvironment overwrites the block that the kernel made at the start. Go's strings point into it, so each variable is
// set to a copy first.
func wipeEnvironment() error {
	for _, v := range os.Environ() {
		if name, value, ok := strings.Cut(strings.Clone(v), "="); ok && name != "" {
			if err := os.Setenv(name, value); err != nil {
				return err
			}
		}
	}
	begin, end, err := environmentBlock()
	if err != nil || begin >= end {
		return err
	}
	memory, err := os.OpenFile("/proc/self/mem", os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer memory.Close()
	_, err = memory.WriteAt(make([]byte, end-begin), begin)
	return err
}

// environmentBlock is where the block lies in this process's memory, by proc_pid_stat(5): fields 50 and 51.
func environmentBlock() (begin, end int64, err error) {
	text, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0, 0, err
	}
	_, rest, _ := strings.Cut(string(text[strings.LastIndexByte(string(text), ')'):]), " ") // from field 3 on
	fields := strings.Fields(rest)
	if len(fields) < 49 {
		return 0, 0, fmt.Errorf("/proc/self/stat has %d fields", len(fields)+2)
	}
	if begin, err = strconv.ParseInt(fields[47], 10, 64); err == nil {
		end, err = strconv.ParseInt(fields[48], 10, 64)
	}
	return begin, end, err
}
