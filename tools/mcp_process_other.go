//go:build !linux

package tools

import "syscall"

// attributes puts a command into a group of its own.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
