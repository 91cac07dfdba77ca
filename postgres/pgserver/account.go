package pgserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is whom the server runs as. Postgres refuses to run as root.
type account struct {
	uid, gid   int // owner of the folder; -1 for whoever we are
	attributes func() *syscall.SysProcAttr
}

// ourselves is the account of whoever we are.
var ourselves = account{-1, -1, attributes}

// chooseAccount finds a way for the server to run with its data in home. An
// ordinary user needs none. Root first tries to become the user postgres (or
// nobody), who may be unable to get to home, and then keeps its rights over home
// but appears to the server as that user, in a user namespace of Linux. Data that is
// there already belongs to owner (-1 for none), and is given to nobody else.
func chooseAccount(ctx context.Context, bin binaries, home string, owner int) (account, error) {
	if os.Geteuid() != 0 {
		return ourselves, nil
	}
	uid, gid, err := serverIDs()
	if err != nil {
		return account{}, err
	}
	for _, as := range []account{
		{uid, gid, func() *syscall.SysProcAttr {
			a := attributes()
			a.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
			return a
		}},
		{0, 0, func() *syscall.SysProcAttr { return namespaced(uid, gid) }},
	} {
		if owner >= 0 && as.uid != owner {
			continue
		}
		trial := exec.CommandContext(ctx, filepath.Join(bin.dir, "postgres"), "--version")
		trial.Dir = home
		if trial.SysProcAttr = as.attributes(); trial.SysProcAttr == nil {
			continue
		}
		if _, err = run(trial); err == nil {
			return as, nil
		}
	}
	if owner > 0 && owner != uid {
		return account{}, fmt.Errorf("the data belongs to user %d; run as that user, or set DATABASE_URL", owner)
	}
	return account{}, fmt.Errorf("Postgres does not run as root, and the user %d, which it could run as, "+
		"can't reach the folder (%w); set DATABASE_URL, or a BRIDGE_DATA_DIR that every user can traverse", uid, err)
}

// serverIDs looks up the user that the server shall run as, or appear as: it
// must have a name on this machine.
func serverIDs() (uid, gid int, err error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.Atoi(u.Uid)
		if err != nil {
			continue
		}
		gid, err := strconv.Atoi(u.Gid)
		if err != nil {
			continue
		}
		return uid, gid, nil
	}
	return 0, 0, errors.New("Postgres does not run as root, and this machine has neither a user postgres nor nobody; " +
		"set DATABASE_URL, or run as another user")
}

// give gives the account what we have just made and hold open.
func (a account) give(f *os.File) error {
	if a.uid <= 0 { // it is ours, or root's, and stays so
		return nil
	}
	return f.Chown(a.uid, a.gid)
}
