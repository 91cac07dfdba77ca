// Package sandbox keeps programs that the bridge starts, MCP servers above all, from the bridge's secrets.
//
// [Hide] takes away what the kernel shows of this process: its first environment and its memory. [Wrap] has a command
// started by way of this same program (see [Launch]), which first restricts itself and then becomes the command. By
// Landlock (Linux 5.13 and later) it may read what its user may, except what a [Policy] hides, may write to its own folder
// and to what its command names, and may neither signal nor trace a process outside. Where the kernel has no Landlock
// and this process is root's, the command runs as another user. Where neither can be had, [Best] says so.
package sandbox

// Kind is what keeps a command.
type Kind string

// The kinds, the best first.
const (
	Landlock Kind = "landlock" // a Landlock domain; of root's also without capabilities
	User     Kind = "user"     // another user; only root can start one
	None     Kind = "none"     // nothing but the modes of files
)

// Command is the first argument by which this program is started as a launcher: it must then call [Launch].
const Command = "sandboxed-command"
