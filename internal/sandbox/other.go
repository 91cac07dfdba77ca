//go:build !linux

package sandbox

import "os/exec"

// Best is the best kind that can be had here.
func Best() Kind { return None }

// Wrap starts a command in its folder; nothing keeps it.
func Wrap(cmd *exec.Cmd, p Policy) error {
	cmd.Dir = p.Folder
	return makeTemp(cmd.Env)
}

// Launch is of Linux alone.
func Launch([]string) int { return ExitLauncher }

// Hide is of Linux alone.
func Hide() error { return nil }
