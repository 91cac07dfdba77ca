package pgserver

import "syscall"

// attributes of every program we start: it is out of reach of the terminal's
// Ctrl-C, which is for us, and the kernel interrupts it when we are gone. That
// signal tells a postmaster to break its connections and end in good order.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT}
}

// namespaced runs a program of root as uid, in its own eyes: it owns root's
// files, but has none of root's other rights.
func namespaced(uid, gid int) *syscall.SysProcAttr {
	a := attributes()
	a.Cloneflags = syscall.CLONE_NEWUSER
	a.UidMappings = []syscall.SysProcIDMap{{ContainerID: uid, HostID: 0, Size: 1}}
	a.GidMappings = []syscall.SysProcIDMap{{ContainerID: gid, HostID: 0, Size: 1}}
	return a
}
