package sandbox

import (
	"strings"

	"github.com/patchcord/patchcord/internal/plain"
)

// ExitLauncher is the exit code of a launcher that could not become the command.
const ExitLauncher = 125

// complaint begins the one line that such a launcher writes.
const complaint = "sandbox: "

const maxReason = 300 // bytes

// Reason is why a launcher could not start its command, by its exit code and all that was written to stderr; empty if the
// command was started. It is one line of at most 300 bytes, fit for a terminal.
func Reason(code int, stderr string) string {
	line, rest, _ := strings.Cut(stderr, "\n")
	why, ours := strings.CutPrefix(line, complaint)
	if code != ExitLauncher || !ours || rest != "" {
		return ""
	}
	if why = plain.Text(why); len(why) > maxReason {
		why = strings.ToValidUTF8(why[:maxReason-len("…")], "") + "…"
	}
	return why
}
