//go:build !linux

package pgserver

import "syscall"

// attributes of every program we start: it is out of reach of the terminal's
// Ctrl-C, which is for us. Only Linux can end it when we are killed; elsewhere
// the next start does that.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// namespaced is not possible here.
func namespaced(uid, gid int) *syscall.SysProcAttr { return nil }
