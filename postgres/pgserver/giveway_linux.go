package pgserver

import "syscall"

// niceness is that of a private server. It shares the machine with live calls, whose sound must
// not wait while it works.
const niceness = 10

// giveWay lets every other process go first. The server's children take it from their parent.
// Where it may not be set the server works as any other process.
func giveWay(pid int) { _ = syscall.Setpriority(syscall.PRIO_PROCESS, pid, niceness) }
