//go:build linux

package sandbox

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// wrapped is a shell that is kept in a folder of its own, in which it and nobody else may write.
func wrapped(t *testing.T, kind Kind, script string) *exec.Cmd {
	t.Helper()
	folder := filepath.Join(open(t), "own")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/bin/sh", "-c", script)
	cmd.Env = []string{"PATH=/usr/bin:/bin"}
	if err := Wrap(cmd, Policy{Kind: kind, Folder: folder}); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// Whoever starts a command, it has no powers of root's, gets none by what it executes, and is in no group of root's.
func TestACommandHasNoPowers(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		cmd := wrapped(t, kind, "cat /proc/self/status")
		if kind == User {
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Groups: []uint32{4, 27}}}
		}
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"CapInh:\t0000000000000000", "CapPrm:\t0000000000000000", "CapEff:\t0000000000000000", "NoNewPrivs:\t1"}
		if kind == User {
			want = append(want, "Groups:\t ")
		}
		for _, line := range want {
			if !slices.Contains(strings.Split(string(out), "\n"), line) {
				t.Errorf("%s: %q is not in its status:\n%s", kind, line, out)
			}
		}
	}
}

// asParent has this test's binary start a command and end at the end of its input, without a word to the command.
const asParent = "parent"

func parent(kind Kind, folder string) error {
	cmd := exec.Command("/bin/sh", "-c", "echo it runs; exec sleep 30")
	cmd.Env, cmd.Stdout = []string{"PATH=/usr/bin:/bin"}, os.Stdout
	if err := Wrap(cmd, Policy{Kind: kind, Folder: folder}); err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}

// A command ends with the process that started it, however that ends.
func TestACommandEndsWithItsParent(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds() {
		cmd := exec.Command("/proc/self/exe", asParent, string(kind), open(t))
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		pipe, theirs, err := os.Pipe() // Wait would close one of its own
		if err != nil {
			t.Fatal(err)
		}
		cmd.Stdout = theirs
		err = cmd.Start()
		theirs.Close()
		if err != nil {
			t.Fatal(err)
		}
		out := bufio.NewReader(pipe)
		if line, err := out.ReadString('\n'); line != "it runs\n" {
			t.Errorf("%s: it says %q, %v", kind, line, err)
		}
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
		begun := time.Now()
		if _, err := io.Copy(io.Discard, out); err != nil || time.Since(begun) > 20*time.Second {
			t.Errorf("%s: the command goes on for %v, %v", kind, time.Since(begun), err)
		}
		pipe.Close()
	}
}

// The folder of a command is given away only if it is one: another user could have put a link there.
func TestAFolderThatIsALink(t *testing.T) {
	t.Parallel()
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(t.TempDir(), link); err != nil {
		t.Fatal(err)
	}
	if err := handOver(link); !errors.Is(err, unix.ELOOP) && !errors.Is(err, unix.ENOTDIR) {
		t.Errorf("a link is given away: %v", err)
	}
}

// A policy that would need more rules than a kernel should be given is an error, and not a policy with fewer.
func TestTooManyRules(t *testing.T) {
	t.Parallel()
	w := walk{rules: make([]rule, maxRules)}
	if err := w.around(t.TempDir()); !errors.Is(err, errTooMany) {
		t.Errorf("one rule more: %v", err)
	}
}
