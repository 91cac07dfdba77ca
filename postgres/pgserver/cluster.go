package pgserver

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/rs/zerolog"
)

// cluster is a database on disk, and what is needed to run programs on it. Its
// home holds "data", which Postgres calls its data directory, the passwords of the
// roles, and "lock". Where the server runs as another user than we do, only "data" is
// that user's, and was given to it when it was made: what it can put there, no program
// of ours opens as root, and what is beside it it can't replace.
type cluster struct {
	home string
	log  zerolog.Logger
	sync bool
	bin  binaries
	as   account
}

func (c *cluster) data() string { return filepath.Join(c.home, "data") }

// version is the major version that made the data, 0 if there is none yet.
func (c *cluster) version() int {
	b, err := os.ReadFile(filepath.Join(c.data(), "PG_VERSION"))
	if err != nil {
		return 0
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		return 0
	}
	return major
}

// password reads what makePasswords has written for a role. Other users of the
// machine can reach the port, but not these files.
func (c *cluster) password(role string) (string, error) {
	home, err := openFolder(c.home)
	if err != nil {
		return "", err
	}
	defer home.Close()
	b, err := home.read(passwordFiles[role])
	return string(bytes.TrimSpace(b)), err
}

// create makes the data. It appears under its name only when it is complete:
// whoever is killed half-way leaves nothing that looks like a database.
func (c *cluster) create(ctx context.Context, home folder) error {
	leftovers, _ := filepath.Glob(filepath.Join(c.home, "new-*")) // fails on a bad pattern only
	for _, dir := range leftovers {
		_ = os.RemoveAll(dir) // if it cannot go, it does no harm
	}
	name := "new-" + rand.Text()
	if err := home.make(name, c.as); err != nil {
		return err
	}
	password, err := c.password(serverUser)
	if err != nil {
		return err
	}
	fresh, forInitdb := filepath.Join(c.home, name), filepath.Join(c.home, "initdb.password")
	if err := home.write("initdb.password", []byte(password+"\n"), c.as); err != nil {
		return err
	}
	defer func() { _ = os.Remove(forInitdb) }() // the next start would do it
	// No locale, because a newer one on this machine would sort differently and
	// break indexes. No sync, because nothing of value is in it yet.
	cmd := c.command(ctx, "initdb", "--pgdata="+fresh, "--username="+serverUser, "--pwfile="+forInitdb,
		"--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-sync", "--no-instructions")
	if out, err := run(cmd); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, fatal(out))
	}
	return os.Rename(fresh, c.data())
}

// command prepares a program of the server to run as the chosen account, and
// to end with this process. Of our environment it sees nothing: PGPORT and its
// kin would change what it does, and our secrets are not its business.
func (c *cluster) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(c.bin.dir, name), args...)
	cmd.Dir = c.home
	cmd.Env = []string{"PATH=" + c.bin.dir + ":/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"}
	cmd.SysProcAttr = c.as.attributes()
	return cmd
}

// run runs a program to its end and returns what it said. On Linux the program
// would be ended with the thread that started it, hence the lock.
func run(cmd *exec.Cmd) (string, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	out, err := cmd.CombinedOutput()
	return string(out), err
}
