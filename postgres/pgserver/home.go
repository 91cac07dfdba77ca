package pgserver

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// makeHome makes the folders, and opens that of the server. As root, the user that the
// server will run as has to get through both, but neither is that user's: what it could
// replace there, root would follow. The caller closes the handle.
func makeHome(dir string) (folder, error) {
	mode := os.FileMode(0o700)
	if os.Geteuid() == 0 {
		mode = 0o711
	}
	path := filepath.Join(dir, "postgres")
	if err := os.MkdirAll(dir, mode); err != nil {
		return folder{}, err
	}
	if err := os.Mkdir(path, mode); err != nil && !errors.Is(err, fs.ErrExist) {
		return folder{}, err
	}
	home, err := openFolder(path)
	if err != nil {
		return folder{}, err
	}
	if os.Geteuid() == 0 {
		if err := takeHome(home); err != nil {
			return folder{}, errors.Join(err, home.Close())
		}
	}
	return home, nil
}

// takeHome makes home root's. An earlier version gave all of it to the user that the
// server ran as; of that, it takes back what is not the server's data.
func takeHome(home folder) error {
	uid, err := owner(home.File)
	if err != nil {
		return err
	}
	if uid != 0 {
		if server, _, err := serverIDs(); err != nil || server != uid {
			return fmt.Errorf("%s belongs to user %d; run as that user, or set DATABASE_URL", home.Name(), uid)
		}
		if err := home.Chown(0, 0); err != nil {
			return err
		}
	}
	if err := home.Chmod(0o711); err != nil {
		return err
	}
	entries, err := home.ReadDir(-1)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() != "lock" && !strings.HasSuffix(e.Name(), "password") {
			continue
		}
		f, err := home.open(e.Name(), unix.O_RDONLY)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Chown(0, 0), f.Chmod(0o600), f.Close()); err != nil {
			return err
		}
	}
	return nil
}

// dataOwner is the user that the data belongs to, -1 if there is none yet.
func (c *cluster) dataOwner(home folder) (int, error) {
	data, err := openFolderAt(int(home.Fd()), "data")
	if errors.Is(err, fs.ErrNotExist) {
		return -1, nil
	} else if err != nil {
		return 0, err
	}
	defer data.Close()
	return owner(data.File)
}
