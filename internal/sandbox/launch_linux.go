package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"runtime"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/patchcord/patchcord/internal/plain"
)

// Best is the best kind that can be had here.
func Best() Kind {
	switch {
	case landlockABI() > 0:
		return Landlock
	case os.Geteuid() == 0:
		return User
	}
	return None
}

// Wrap has a command, of which nothing is started yet, kept by a policy. Its folder must exist. The command's program must
// be an absolute path.
func Wrap(cmd *exec.Cmd, p Policy) error {
	cmd.Dir = p.Folder
	if p.Kind == None {
		return makeTemp(cmd.Env)
	}
	if p.Kind == User {
		if err := handOver(p.Folder); err != nil {
			return err
		}
		cmd.Env = append(cmd.Env, "HOME="+p.Folder) // the last one counts; that of root is closed to it
	}
	policy, err := json.Marshal(p)
	if err != nil {
		return err
	}
	cmd.Args = append([]string{cmd.Path, Command, string(policy), cmd.Path}, cmd.Args[1:]...)
	cmd.Path = "/proc/self/exe" // this program, even if another one has its name by now
	return nil
}

// Launch restricts this process by a policy and becomes the command; args are those after [Command]. It returns only if
// that fails, with the exit code.
func Launch(args []string) int {
	runtime.LockOSThread() // a domain is a thread's until it executes another program, which keeps this one alone
	plain.Fprintln(os.Stderr, complaint+launch(args).Error())
	return ExitLauncher
}

// launch returns only if it fails.
func launch(args []string) error {
	if len(args) < 2 {
		return errors.New("want a policy and a command")
	}
	var p Policy
	if err := json.Unmarshal([]byte(args[0]), &p); err != nil {
		return fmt.Errorf("read the policy: %w", err)
	}
	switch p.Kind {
	case Landlock:
		rules, err := p.rules()
		if err != nil {
			return err
		}
		if err := restrict(rules); err != nil {
			return err
		}
		if err := dropCapabilities(); err != nil {
			return err
		}
	case User:
		if err := becomeNobody(); err != nil {
			return err
		}
	default:
		return fmt.Errorf("unknown kind %q", p.Kind)
	}
	// A change of user has undone what the parent asked for: that this process ends with it.
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0); err != nil {
		return err
	}
	if err := makeTemp(os.Environ()); err != nil {
		return err
	}
	return fmt.Errorf("%s: %w", args[1], syscall.Exec(args[1], args[1:], os.Environ()))
}

// dropCapabilities leaves root's user without root's powers. With no_new_privs, which restrict has set, no program gets
// any back.
func dropCapabilities() error {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var none [2]unix.CapUserData
	if err := unix.Capset(&header, &none[0]); err != nil {
		return fmt.Errorf("drop capabilities: %w", err)
	}
	return nil
}

// becomeNobody changes to another user.
func becomeNobody() error {
	uid, gid, err := nobody()
	if err != nil {
		return err
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("no new privileges: %w", err)
	}
	if err := errors.Join(syscall.Setgroups(nil), syscall.Setgid(gid), syscall.Setuid(uid)); err != nil {
		return fmt.Errorf("become user %d: %w", uid, err)
	}
	return nil
}

// nobody is the user that commands of root's run as.
func nobody() (uid, gid int, err error) {
	u, err := user.Lookup("nobody")
	if err != nil {
		return 0, 0, fmt.Errorf("this machine has no user for the command: %w", err)
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	return uid, gid, errors.Join(err1, err2)
}

// handOver gives a folder to the other user, by a handle that follows no link.
func handOver(folder string) error {
	uid, gid, err := nobody()
	if err != nil {
		return err
	}
	fd, err := unix.Open(folder, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("%s: %w", folder, err)
	}
	defer unix.Close(fd)
	return unix.Fchown(fd, uid, gid)
}
