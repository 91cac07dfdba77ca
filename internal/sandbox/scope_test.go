//go:build linux

package sandbox

import (
	"fmt"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// What a version of Landlock can keep in is kept in, and no version is asked for what it can't.
func TestHandled(t *testing.T) {
	t.Parallel()
	const scopes = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
	const first = 1<<13 - 1 // the rights over files of version 1
	for abi, want := range map[int][2]uint64{
		1: {first, 0},
		2: {first | unix.LANDLOCK_ACCESS_FS_REFER, 0},
		3: {first | unix.LANDLOCK_ACCESS_FS_REFER | unix.LANDLOCK_ACCESS_FS_TRUNCATE, 0},
		5: {1<<16 - 1, 0},
		6: {1<<16 - 1, scopes},
		7: {1<<16 - 1, scopes},
	} {
		if files, scoped := handled(abi); files != want[0] || scoped != want[1] {
			t.Errorf("version %d: %#x, %#x; want %#x, %#x", abi, files, scoped, want[0], want[1])
		}
	}
}

// A command signals nobody outside, as far as the kernel's Landlock knows of signals: not its parent either,
// whose user it is.
func TestACommandSignalsNobody(t *testing.T) {
	t.Parallel()
	script := fmt.Sprintf("kill -0 $$ && echo itself; kill -0 %d 2>/dev/null && echo its parent", os.Getpid())
	cmd := wrapped(t, Landlock, script)
	out, _ := cmd.Output() // which fails as its last command does
	want := "itself\n"
	if landlockABI() < 6 {
		want += "its parent\n"
	}
	if string(out) != want {
		t.Errorf("it can signal %q, want %q", out, want)
	}
}
