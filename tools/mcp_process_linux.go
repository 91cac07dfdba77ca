package tools

import "syscall"

// attributes puts a command into a group of its own, and has the kernel end it if we end without saying goodbye.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
